import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.api import no_progress
from advisor.core.abstention import support
from advisor.core.answers import compose
from advisor.errors import CorpusError
from advisor.knowledge import load_knowledge
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.entries import entries
from advisor.retrieval.index import Index, IndexFolder
from advisor.retrieval.questions import Answered, read_questions

ROLES = """# Roles

## What an ML engineer does

An ML engineer is on call. An ML engineer writes software.

| Data scientist | ML engineer |
| --- | --- |
| Python, R | Scala, C++ |

## What a data scientist does

- A data scientist presents findings to the board.
- A data scientist is on nobody's rota.
"""
ON_CALL = {
    "article": "roles",
    "quote": "An ML engineer is on call.",
    "questions": ["who gets out of bed when the thing falls over at night?"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "roles.md").write_text(ROLES)
    (folder / "corpus" / "roles.questions.jsonl").write_text(json.dumps(ON_CALL) + "\n")
    return folder


@pytest.fixture(scope="module")
def index(folder: Path, model: MiniLM) -> Index:
    return IndexFolder(folder / "home", [folder / "corpus"], model).open_or_build(no_progress)


def test_a_piece_is_found_by_a_question_that_it_is_known_to_answer(index: Index) -> None:
    sought = index.seek("who must leave the bed at night, when it falls over?")
    assert sought.candidates[0].piece.text == "An ML engineer is on call."
    assert sought.candidates[0].asked > sought.candidates[0].meaning
    assert sought.missing == {}
    assert {passage.article for passage in index.passages} == {"roles"}, "questions are no documents"


def test_pieces_are_sentences_items_and_cells_each_once(index: Index) -> None:
    found = index.seek("who does what?").candidates
    assert sorted(one.piece.text for one in found) == [
        "A data scientist is on nobody's rota.",
        "A data scientist presents findings to the board.",
        "An ML engineer is on call.",
        "An ML engineer writes software.",
        "Python, R",
        "Scala, C++",
    ]
    for one in found:
        assert index.articles["roles"].text[one.piece.start : one.piece.end] == one.piece.text


def test_words_in_common_count_beside_the_meaning(index: Index) -> None:
    best = index.seek("rota").candidates[0]
    assert best.piece.text == "A data scientist is on nobody's rota."
    assert best.words == 1.0
    assert all(one.words < 1.0 for one in index.seek("rota").candidates[1:])


def test_a_passage_is_as_good_as_its_best_piece(index: Index) -> None:
    hits = index.search("who writes software?", 3)
    assert hits[0].text == "An ML engineer is on call. An ML engineer writes software."
    assert len({(hit.start, hit.end) for hit in hits}) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("question", ["", "  \n", "???", "of the"])
def test_a_question_of_no_words_finds_nothing_or_something_but_never_fails(index: Index, question: str) -> None:
    assert bool(index.seek(question).candidates) == bool(question.strip())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not json", r"roles\.questions\.jsonl, line 2: not an object"),
        ('{"article": "roles", "quote": "An ML"}', "line 2: not an object with article, quote and questions"),
        ('{"article": "roles", "quote": "on call", "questions": "who?"}', "line 2: its questions are not a list"),
        ('{"article": "roles", "quote": "on holiday", "questions": ["who?"]}', "line 2: the article 'roles' has no"),
        ('{"article": "rolls", "quote": "on call", "questions": ["who?"]}', "line 2: there is no article 'rolls'"),
    ],
)
def test_a_question_file_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, model: MiniLM, line: str, told: str
) -> None:
    (tmp_path / "roles.md").write_text(ROLES)
    (tmp_path / "roles.questions.jsonl").write_text(json.dumps(ON_CALL) + "\n" + line + "\n")
    with pytest.raises(CorpusError, match=told):
        IndexFolder(tmp_path / "home", [tmp_path], model).build(no_progress)


def test_a_question_belongs_to_every_cell_of_the_row_that_it_names(index: Index) -> None:
    row = Answered("roles", "| Python, R | Scala, C++ |", ("which languages?",), "here")
    shown = entries(index.passages, [row], list(index.articles.values()))
    assert [one.piece.text for one in shown if one.kind == "question"] == ["Python, R", "Scala, C++"]


def test_a_question_belongs_to_its_words_wherever_they_stand(tmp_path: Path, model: MiniLM) -> None:
    (tmp_path / "roles.md").write_text(f"{ROLES}\n## In short\n\nAn ML engineer is on call.\n")
    (tmp_path / "roles.questions.jsonl").write_text(json.dumps(ON_CALL) + "\n")
    index = IndexFolder(tmp_path / "home", [tmp_path], model).open_or_build(no_progress)
    asked = [one for one in index.seek(ON_CALL["questions"][0]).candidates if one.asked > 0.99]
    assert {one.passage.context[-1] for one in asked} == {"What an ML engineer does", "In short"}


def test_a_quote_stands_for_whole_words_only(index: Index) -> None:
    part = Answered("roles", "Scal", ("which one?",), "here")
    with pytest.raises(CorpusError, match="no passage with the words 'Scal'"):
        entries(index.passages, [part], list(index.articles.values()))
    with pytest.raises(CorpusError, match="there is no article 'rules'; the articles are: roles"):
        entries(index.passages, [replace(part, article="rules")], list(index.articles.values()))


def test_a_question_known_word_for_word_is_answered_however_far_its_words(index: Index) -> None:
    weights = load_knowledge().abstention["others"]
    asked = "Who gets out of bed, when the thing falls over at night"
    assert index.seek(asked).known
    assert support(index.seek(asked), weights) >= weights.answer_from
    assert not index.seek("who gets out of bed when the thing runs well at night?").known


def test_the_same_words_in_the_other_column_are_no_part_of_an_answer(tmp_path: Path, model: MiniLM) -> None:
    (tmp_path / "tools.md").write_text(
        "# Tools\n\n## Version control\n\n| Data scientist | ML engineer |\n| --- | --- |\n| GitHub | GitHub |\n"
    )
    index = IndexFolder(tmp_path / "home", [tmp_path], model).open_or_build(no_progress)
    asked = "which version control does an ML engineer use?"
    assert [one.roles for one in compose(asked, index.seek(asked).candidates).findings] == [{"ml_engineer"}]


@pytest.mark.parametrize("written", ["\ufeff{line}\n", "{line}\r\n\r\n"])
def test_questions_are_read_as_editors_save_them(tmp_path: Path, written: str) -> None:
    line = json.dumps({**ON_CALL, "questions": ["who\u2028else?"]}, ensure_ascii=False)
    (tmp_path / "a.questions.jsonl").write_bytes(written.replace("{line}", line).encode())
    (answered,) = read_questions([tmp_path / "a.questions.jsonl"])
    assert answered.questions == ("who\u2028else?",)


def test_what_stands_in_two_documents_is_found_once(tmp_path: Path, model: MiniLM) -> None:
    for name in ("roles", "copy"):
        (tmp_path / f"{name}.md").write_text(ROLES)
    index = IndexFolder(tmp_path / "home", [tmp_path / "roles.md", tmp_path / "copy.md"], model).open_or_build(
        no_progress
    )
    hits = index.search("who does what?", 20)
    assert len(hits) == len({hit.passage.contextual_text for hit in hits}) == 5
