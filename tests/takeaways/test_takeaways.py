"""What one takes away says what the advice says, cites what it says, and shows foreign text as text."""

import io
import re

import docx
import pytest
from markdown_it import MarkdownIt

from advisor import Advisor
from advisor.core.facts import Fact, Situation
from advisor.core.roles import FIRST_HIRE
from advisor.language.wording import Wording
from advisor.takeaways.word import to_docx
from advisor.takeaways.write import NothingToWriteError, comparison, job_description, memo

SHIP = Situation.of(
    stage="proof_of_concept", goal="ship", data="ready", team="software_engineers", production="now", headcount="one"
)
START_UP = Situation.of(
    stage="exploring", goal="explore_and_ship", company_size="startup", team="none", headcount="one"
)
HOSTILE = "<script>alert(1)</script> | ![x](http://e/x) **bold**\n# heading"


def cited(text: str) -> None:
    """Every mark has a source, and every source a mark."""
    body, _, sources = text.partition("## Sources")
    assert set(re.findall(r"\[(\d+)\]", body)) == set(re.findall(r"^- \[(\d+)\]", sources, re.MULTILINE))
    assert sources


def test_a_memo_tells_all_of_the_advice(advisor: Advisor) -> None:
    text = memo(advisor, SHIP, "1 May 2026")
    reply = advisor.advice(SHIP)
    assert reply.verdict
    assert reply.advice
    for reason in (*reply.verdict.reasons, *reply.verdict.counter_reasons):
        assert reason.reason.row.claim in text
    for part in (reply.advice.title, reply.advice.standing, *reply.advice.flips, *reply.advice.assumptions):
        assert part in text
    for citation in reply.citations:
        assert f"“{citation.quote.text}” [{citation.id}]" in text
    assert "1 May 2026" in text
    assert "wrong evidence" not in text
    cited(text)


def test_a_memo_says_that_a_question_is_open(advisor: Advisor) -> None:
    assert "Provisional" not in memo(advisor, SHIP, "today")
    assert "Provisional: a question was still open when this was written, the one on scale." in memo(
        advisor, SHIP, "today", pending="scale"
    )


def test_a_memo_says_which_evidence_was_called_wrong(advisor: Advisor) -> None:
    quotes = [citation.quote for citation in advisor.advice(SHIP).citations]
    for number, doubted in enumerate(quotes, start=1):
        lines = memo(advisor, SHIP, "today", doubted={doubted}).splitlines()
        marked = {line for line in lines if "wrong evidence" in line}
        assert marked == {f"  > “{doubted.text}” [{number}] (Marked as wrong evidence by a reader.)"}


@pytest.mark.parametrize("situation", [SHIP, START_UP])
def test_a_job_description_is_of_whoever_starts_and_marks_its_gaps(advisor: Advisor, situation: Situation) -> None:
    text = job_description(advisor, situation)
    verdict = advisor.advice(situation).verdict
    assert verdict
    role = FIRST_HIRE[verdict.verdict.recommendation]
    assert role
    assert text.startswith(f"# Job description: {advisor.wording.recommendation(role)} (draft)")
    assert "**[Pay, place, hours, contract" in text
    cited(text)


def test_whom_nobody_hires_gets_no_job_description(advisor: Advisor) -> None:
    with pytest.raises(NothingToWriteError, match="nobody yet"):
        job_description(advisor, Situation.of(stage="idea", goal="find_use_case", data="none"))
    for write in (job_description, lambda advisor, situation: memo(advisor, situation, "")):
        with pytest.raises(NothingToWriteError):
            write(advisor, Situation())


def test_the_comparison_is_in_the_articles_own_words(advisor: Advisor) -> None:
    text = comparison(advisor)
    quotes = re.findall(r"“(.+?)” \[", text.partition("## Sources")[0])
    assert len(quotes) == 2 * len(advisor.wording.knowledge.comparison)
    assert all(any(quote in article.text for article in advisor.articles) for quote in quotes)
    cited(text)


def test_claims_without_words_are_left_out(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Wording(advisor.wording.knowledge, dict.fromkeys(advisor.wording.bindings, ()))
    monkeypatch.setattr(Advisor, "wording", silent)
    assert "[1]" not in job_description(advisor, SHIP)
    assert "“" not in comparison(advisor)


def test_foreign_words_are_shown_as_they_are(advisor: Advisor) -> None:
    said = SHIP.learn([Fact("company_size", "mid", HOSTILE, "said", 0.9)])
    text = memo(advisor, said, "today")
    made = MarkdownIt("commonmark").enable("table").render(text)
    assert not re.search(r"<(script|img)|<strong>bold", made)
    document = docx.Document(io.BytesIO(to_docx(text)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any(" ".join(HOSTILE.split()) in cell for cell in cells)


def test_word_keeps_headings_lists_quotes_tables_and_emphasis() -> None:
    table = "| a | b |\n| --- | --- |\n| c | d |\n"
    text = f"# Title\n\n## Part\n\nSome **bold** and *slanted* words.\n\n- one\n\n  > said\n\n- two\n\n{table}"
    document = docx.Document(io.BytesIO(to_docx(f"{text}\n\x00\ud7ff")))
    styles = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.style]
    assert styles[:6] == [
        ("Title", "Title"),
        ("Heading 1", "Part"),
        ("Normal", "Some bold and slanted words."),
        ("List Bullet", "one"),
        ("Quote", "said"),
        ("List Bullet", "two"),
    ]
    runs = document.paragraphs[2].runs
    assert [run.text for run in runs if run.bold] == ["bold"]
    assert [run.text for run in runs if run.italic] == ["slanted"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["a", "b"], ["c", "d"]]
