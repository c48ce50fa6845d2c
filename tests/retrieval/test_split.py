import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.evidence import LONGEST_CONTEXT, Article, Passage
from advisor.retrieval.split import LONGEST_PASSAGE, Left, Split, split

MARKDOWN = """# Title

## What an ML engineer does

Typical duties are these:

- Deploys models.
- Watches models:
  - drift
  - latency

| Aspect | Data scientist | ML engineer |
| --- | --- | --- |
| Deliverables | Reports | APIs \\| services |
| Mindset | Research | |

Duties | Skills
--- | ---
Deploys | Docker
"""

RAW = """Article

ML engineer and data scientist compared

What does an engineer do?

A long enough sentence about what an ML engineer does every day, told once only.

Typical responsibilities include:

  • Deploying models
  • Watching models

Download the whitepaper to learn more

4 min

What does a scientist do?

Typical responsibilities include:

  • Exploring data

| DATA SCIENTIST | ML ENGINEER |
| Finds use cases. | Deploys. |

What does an engineer do?

A long enough sentence about what an ML engineer does every day, told once only.

Typical responsibilities include:

  • Deploying models
  • Watching models

Need help building a team? Contact us to hire vetted experts.

June 11th, 2026
"""


def cut(text: str, layout: str = "markdown") -> Split:
    return split(Article("a", "A", text), layout)  # type: ignore[arg-type]


def by_text(found: Split) -> dict[str, Passage]:
    return {passage.text: passage for passage in found.passages}


def test_a_list_item_keeps_its_heading_and_the_sentence_that_introduces_it() -> None:
    passages = by_text(cut(MARKDOWN))
    assert passages["Deploys models."].context == ("What an ML engineer does", "Typical duties are these:")
    assert passages["drift"].context[-1] == "Watches models:"
    assert passages["Deploys models."].section == "What an ML engineer does"


def test_a_table_cell_keeps_the_labels_of_its_row_and_column() -> None:
    passages = by_text(cut(MARKDOWN))
    assert passages["Reports"].context[-2:] == ("Deliverables", "Data scientist")
    assert passages["APIs \\| services"].context[-2:] == ("Deliverables", "ML engineer")
    assert passages["Docker"].context[-1] == "Skills"
    assert "Aspect" not in passages
    assert "" not in passages


def test_repeats_and_advertisements_make_no_passage_and_are_named() -> None:
    found = cut(RAW, "text")
    texts = [passage.text for passage in found.passages]
    assert len(texts) == len(set(texts))
    assert texts.count("Deploying models") == 1
    announced = {p.text: p.context for p in found.passages if "Typical responsibilities include:" in p.context}
    assert set(announced) == {"Deploying models", "Watching models", "Exploring data"}
    assert announced["Exploring data"][0] == "What does a scientist do?"
    assert not any(word in text for text in texts for word in ("whitepaper", "Contact us", "4 min", "2026"))
    assert [one.why for one in found.left].count("advertising") == 4
    assert Left("a repeat", "Deploying models") in found.left


def test_the_same_words_on_either_role_are_told_of_both() -> None:
    words = "Needs a good working knowledge of statistics, and of the business that it serves."
    skills = "### Skills\n\n- SQL\n- Python\n"
    scientist, engineer = (f"## {role}\n\n{words}\n\n{words}\n\n{skills}" for role in ("Data scientist", "ML engineer"))
    found = cut(f"# Roles\n\n{scientist}\n{engineer}\n## Both of them\n\n{words}\n")
    assert [one.section for one in found.passages] == [
        "Data scientist", *["Data scientist › Skills"] * 2, "ML engineer", *["ML engineer › Skills"] * 2,
    ]  # fmt: skip
    assert found.left == (Left("a repeat", words),) * 3
    of_all_first = cut(f"# Roles\n\n{words}\n\n## Data scientist\n\n{words}\n\n## ML engineer\n\n{words}\n")
    assert [one.section for one in of_all_first.passages] == ["Roles", "Data scientist", "ML engineer"]
    named = "A data scientist needs a good working knowledge of statistics, and of the business."
    assert len(cut(f"# Roles\n\n## Data scientist\n\n{named}\n\n## ML engineer\n\n{named}\n").passages) == 1


def test_a_table_in_a_block_quote_keeps_its_labels() -> None:
    found = by_text(cut("> | Duty | Data scientist | ML engineer |\n> | --- | --- | --- |\n> | On call | no | yes |\n"))
    assert found["yes"].context == ("On call", "ML engineer")
    assert set(found) == {"no", "yes"}


def test_a_table_without_a_ruler_is_a_table() -> None:
    passages = by_text(cut(RAW, "text"))
    assert passages["Finds use cases."].context[-1] == "DATA SCIENTIST"
    assert passages["Deploys."].context[-1] == "ML ENGINEER"


def test_comments_in_the_source_are_not_quoted() -> None:
    assert [p.text for p in cut("# H\n\n<!-- private: about Jane -->\n\nWords.\n").passages] == ["Words."]


@pytest.mark.parametrize(
    "line", ["Register models in the model registry.", "Explore training data and programs for drift."]
)
def test_ordinary_work_is_no_advertisement(line: str) -> None:
    assert [passage.text for passage in cut(line).passages] == [line]


def test_wrapped_lines_are_one_paragraph_and_long_lines_are_their_own() -> None:
    wrapped = (
        "An engineer deploys models to production and\nwatches them there, every day and every night.\nThen rests."
    )
    assert len(cut(wrapped, "text").passages) == 1
    lines = "\n".join(f"{number} " + "word " * 40 + "end." for number in range(3))
    assert len(cut(lines, "text").passages) == 3


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    found = cut(" ".join(f"Sentence number {number} says something about models." for number in range(60)))
    assert len(found.passages) > 1
    assert all(len(passage.text) <= LONGEST_PASSAGE for passage in found.passages)
    assert all(passage.text.endswith(".") for passage in found.passages)


pieces = st.lists(
    st.sampled_from(
        [
            "# H",
            "## H2",
            "- item",
            "  - sub",
            "1. one",
            "| a | b |",
            "| - | - |",
            "|x|",
            "words.",
            "",
            "> q",
            "```",
            "•\tdot",
            "a | b",
        ]
    )
    | st.text(max_size=30),
    max_size=25,
).map(lambda lines: "\n".join(lines).replace("\r", "\n"))  # as it is when a file was read


@given(pieces, st.sampled_from(["markdown", "text"]))
def test_every_passage_is_a_slice_whatever_the_text(text: str, layout: str) -> None:
    for passage in cut(text, layout).passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip()


def test_lines_that_look_like_headings_but_head_nothing_are_told_all_the_same() -> None:
    assert [one.text for one in cut("ML engineers carry the pager", "text").passages] == [
        "ML engineers carry the pager"
    ]
    why = "Whoever is on call is asked to keep the telephone within reach, and to answer within a quarter of an hour."
    lines = "Rota\n\nML engineers carry the pager\nData scientists do not\nNobody works on Sundays\nIn short\n"
    found = cut(f"{lines}{why}\n", "text").passages
    assert [one.text for one in found] == [
        "ML engineers carry the pager", "Data scientists do not", "Nobody works on Sundays", why,
    ]  # fmt: skip
    assert found[-1].section == "In short"


def test_html_in_markdown_is_named() -> None:
    found = cut("# Roles\n\nOn call.\n\n<!-- a remark -->\n\n<table><tr>\n<td>Paid</td></tr></table>\n")
    assert found.left == (Left("HTML", "<table><tr> <td>Paid</td></tr></table>"),)


def test_the_first_of_two_columns_labels_its_row_unless_both_are_roles() -> None:
    pages, who, rest = cut("| Task | Who |\n| --- | --- |\n| Pages at night | ML engineer |\n| Rests | |\n").passages
    assert (pages.text, pages.context) == ("Pages at night", ("Task",))
    assert (who.text, who.context) == ("ML engineer", ("Pages at night", "Who"))
    assert rest.text == "Rests"
    duty, often = cut("| ML engineer duty | How often |\n| --- | --- |\n| Pager | Daily |\n").passages
    assert (duty.text, often.context) == ("Pager", ("Pager", "How often"))
    sides = cut("| Data scientist | ML engineer |\n| --- | --- |\n| Explores | Deploys |\n").passages
    assert [(one.text, one.context) for one in sides] == [
        ("Explores", ("Data scientist",)), ("Deploys", ("ML engineer",)),
    ]  # fmt: skip
    assert [one.text for one in cut("| Duty |\n| --- |\n| Pages at night |\n").passages] == ["Pages at night"]
    alone = cut("| Duty | Who | When |\n| --- | --- | --- |\n| Pages at night | | |\n").passages
    assert [one.text for one in alone] == ["Pages at night"]


def test_a_long_heading_is_kept_whole_but_compared_by_its_beginning() -> None:
    heading = "word " * 100 + "not"
    (passage,) = cut(f"# T\n\n## {heading}\n\nOn call.\n").passages
    assert passage.context == (heading,)
    assert passage.contextual_text == f"{heading[:LONGEST_CONTEXT]}\nOn call."
