import math
from dataclasses import replace
from pathlib import Path

import pytest

from advisor import Advisor
from advisor.core.evidence import Article, Hit, Passage, quote
from advisor.core.replies import Citation, Kind, Reply
from advisor.evaluation.question_cases import Place, QuestionCase, places, read_question_cases
from advisor.evaluation.questions import (
    Answer,
    auroc,
    calibration_error,
    case_report,
    check_places,
    figures,
    good,
    judge,
    put,
    risk_coverage,
    summarise,
    tables,
)
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.plain import plain_search
from advisor.rows import RowsError
from advisor.text import bare_words

EVALS = Path(__file__).parent.parent.parent / "evals"
TEXT = "An ML engineer is on call. A data scientist presents. An ML engineer repairs."
SENTENCES = ("An ML engineer is on call.", "A data scientist presents.", "An ML engineer repairs.")
CALLED = QuestionCase(
    "q1", "who is called?",
    parts=((Place("roles", SENTENCES[0]), Place("roles", SENTENCES[2])),), tempting=(Place("roles", SENTENCES[1]),),
)  # fmt: skip
PAID = QuestionCase("q2", "who earns more?")


def passage(sentence: int) -> Passage:
    start = TEXT.index(SENTENCES[sentence])
    return Passage("roles", "Roles", "", start, start + len(SENTENCES[sentence]), SENTENCES[sentence])


def answered(case: QuestionCase, *sentences: int, kind: Kind = "answer", support: float = 0.9) -> Answer:
    cited = tuple(Citation(number, quote(passage(place))) for number, place in enumerate(sentences, 1))
    found = [Hit(passage(place), 0.5) for place in sentences]
    reply = Reply(kind, "", citations=cited, support=support)
    return judge(case, reply, found, found[::-1], {"roles": TEXT})


def test_an_answer_is_judged_by_the_places_it_cites() -> None:
    judged = answered(CALLED, 1, 2)
    assert (judged.rank, judged.plain_rank) == (2, 1)
    assert (judged.cited, judged.right, judged.tempted, judged.covered) == (2, 1, 1, 1)
    assert good(judged)
    assert not good(answered(CALLED, 1))
    assert not good(answered(CALLED, 0, kind="decline"))
    assert answered(CALLED, 0, kind="decline").cited == 0
    assert good(answered(PAID, 1, kind="decline"))
    assert not good(answered(PAID, 1))


def test_the_figures_of_a_summary() -> None:
    answers = [
        answered(CALLED, 0, support=0.9),
        answered(CALLED, 1, 0, support=0.7),
        answered(CALLED, 1, kind="decline", support=0.3),
        answered(PAID, 1, kind="decline", support=0.2),
        answered(PAID, 1, support=0.6),
    ]
    summary = summarise(answers)
    assert (summary.first.right, summary.first.of) == (1, 3)
    assert summary.among_three.right == 2
    assert (summary.answered.right, summary.wrongly_answered.right, summary.wrongly_answered.of) == (2, 1, 2)
    assert summary.citation_precision[0] == 2 / 4, "what is quoted where there is no answer is quoted wrongly"
    assert summary.citation_recall[0] == pytest.approx(2 / 3)
    assert (summary.fully_covered.right, summary.fully_covered.of) == (2, 3)
    assert summary.auroc == pytest.approx(5 / 6)
    assert risk_coverage(answers)[1] == (0.4, 0.0)
    assert risk_coverage(answers)[-1] == (1.0, 3 / 5)
    assert {figure.name for figure in figures(summarise([answered(PAID, kind="decline")]))} == {
        "expected calibration error of support", "unanswerable questions answered", "handled well",
    }  # fmt: skip
    assert not good(answered(PAID, 1, kind="ask")), "a question that was not taken for one was not declined"
    assert case_report(answered(PAID, 1, kind="ask")).got.startswith("not taken for a question")


def test_where_no_place_is_noted_nothing_is_said_of_citations() -> None:
    free = replace(CALLED, parts=(), expected="the ML engineer")
    told = case_report(answered(free, 0, support=0.9))
    assert "citations right" not in told.got
    assert "of the expected words quoted" in told.got
    assert {cited.right for cited in told.cited} == {None}
    assert risk_coverage([answered(free, 0, support=0.9)]) == []


def test_what_the_cases_do_not_tell_makes_no_table() -> None:
    assert [table.title for table in tables(summarise([answered(PAID)]))] == []
    told = replace(PAID, kind="pay")
    assert [table.title for table in tables(summarise([answered(told)]))] == ["by kind"]


def test_calibration_is_perfect_where_support_is_as_often_right_as_it_says() -> None:
    assert calibration_error([answered(CALLED, 0, support=1.0), answered(PAID, support=0.0)]) == 0.0
    assert calibration_error([answered(CALLED, 0, support=0.5), answered(PAID, support=0.5)]) == 0.0
    assert calibration_error([answered(PAID, support=0.9)]) == pytest.approx(0.9)
    assert calibration_error([]) == 0.0
    assert math.isnan(auroc([answered(PAID)]))


@pytest.mark.parametrize("suite", ["questions", "swaps"])
@pytest.mark.parametrize("split", ["development", "test"])
def test_the_cases_are_sound(advisor: Advisor, suite: str, split: str) -> None:
    cases = read_question_cases(EVALS / suite / f"{split}.jsonl")
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        for one in (*(one for part in case.parts for one in part), *case.tempting):
            assert one.quote in advisor.article(one.article).text, case.id


@pytest.mark.parametrize("split", ["development", "test"])
def test_the_handbooks_hold_what_is_said_to_answer(split: str) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (EVALS / "handbooks" / split).iterdir()}
    cases = read_question_cases(EVALS / "handbooks" / f"{split}.jsonl")
    assert sum(case.answerable for case in cases) == len(cases) / 2
    assert all(places(one, texts) for case in cases for part in case.parts for one in part)


def test_no_question_is_in_two_splits_nor_among_those_it_learned_from(advisor: Advisor) -> None:
    asked = [
        bare_words(case.question)
        for suite in ("questions", "swaps")
        for split in ("development", "test")
        for case in read_question_cases(EVALS / suite / f"{split}.jsonl")
    ]
    assert len(set(asked)) == len(asked)
    from advisor.knowledge.missing import load_unanswered
    from advisor.learning.search import bundled_entries

    learned = {bare_words(entry.text) for entry in bundled_entries() if entry.kind == "question"}
    learned |= {bare_words(one.question) for one in load_unanswered()}
    assert not learned & set(asked)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("cases.jsonl", '{"question": "who?", "answer": "I", "answerable": false}', "line 1: it has a passage or an"),
        ("cases.jsonl", '{"question": "who?"}', "does not say what answers any question"),
        (
            "cases.jsonl",
            '{"question": ""}\n{"question": "who?", "answerable": "so-so"}',
            "line 2: answerable is 'so-so'",
        ),
        ("cases.jsonl", '{"id": 1, "question": "who?"}\n{"id": "1", "question": "why?"}', "2 rows are called '1'"),
        ("cases.jsonl", '{"question": " "}', "line 1: the question is empty"),
        ("cases.jsonl", '{"question": "who?", "pasage": "on call"}', "line 1: there is no column 'pasage'"),
        ("cases.csv", "question,pasage\nwho?,on call\n", "line 1: there is no column 'pasage'"),
        ("cases.csv", "passage\non call\n", "line 1: the column 'question' is missing"),
        ("cases.csv", "question,answerable\nwho?,no\nwhy?,perhaps\n", "line 3: answerable is 'perhaps'"),
        (
            "cases.csv",
            "question,answer\nwho?,I,we\nwhy?,I,you\n",
            r"line 2: there [^$]*line 3: there",
        ),
        ("cases.csv", "question\nwho?\n", "does not say what answers any question"),
        ("cases.csv", "", "the column 'question' is missing"),
    ],
)
def test_a_case_at_fault_is_named_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(RowsError, match=told):
        read_question_cases(tmp_path / name)


def test_a_table_of_ones_own_may_give_passages_answers_or_neither(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "question,passage,answer\nwho is called?,An ML engineer is\ton  call.,\nwho presents?,,the data scientist\n"
        "who earns more?,,\n",
        encoding="utf-8-sig",
    )
    called, presents, earns = read_question_cases(table)
    assert places(called.parts[0][0], {"other": "", "roles": TEXT}) == (("roles", 0, 26),)
    assert places(Place("", "An ML engineer"), {"roles": TEXT}) == (("roles", 0, 14), ("roles", 54, 68))
    assert (presents.expected, presents.answerable, earns.answerable) == ("the data scientist", True, False)
    assert called.id == "line 2"
    with pytest.raises(ValueError, match="no article holds the words 'on holiday'"):
        places(Place("", "on holiday"), {"roles": TEXT})
    with pytest.raises(RowsError, match=r"mine\.csv, line 2: no article holds .*\nThe articles are: roles\."):
        check_places(table, [called], [Article("roles", "Roles", "nothing")])


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_as_spreadsheets_save_it(tmp_path: Path, between: str) -> None:
    rows = (
        ["question", "answerable"],
        ['"who is called,\n and; when?"', "Yes "],
        ["who earns more?", "no", ""],
        ["", ""],
    )
    table = tmp_path / "mine.csv"
    table.write_bytes("\r\n".join(between.join(row) for row in rows).encode("utf-8-sig"))
    called, earns = read_question_cases(table)
    assert (called.id, earns.id, called.answerable, earns.answerable) == ("line 2", "line 4", True, False)
    assert good(answered(called, 0))
    assert not good(answered(called, 0, kind="decline"))


def test_lines_of_json_as_programs_write_them(tmp_path: Path) -> None:
    lines = tmp_path / "mine.jsonl"
    lines.write_text(
        '{"question": "who\u2028is called?", "answer": "I", "kind": null}\n\n'
        '{"question": "who pays?", "answer": null}\n',
        encoding="utf-8-sig",
    )
    called, pays = read_question_cases(lines)
    assert (called.question, called.kind, called.answerable) == ("who\u2028is called?", "", True)
    assert (pays.answerable, pays.expected) == (False, "")


def test_an_answer_in_free_words_is_measured_by_the_words_quoted() -> None:
    judged = answered(QuestionCase("q3", "who presents?", expected="the data scientist"), 1)
    assert judged.said == pytest.approx(2 / 3)
    assert good(judged)
    assert summarise([judged]).said == pytest.approx(2 / 3)
    assert summarise([judged]).first.of == 0


def test_the_plain_pipeline_is_the_same_the_second_time(advisor: Advisor, model: MiniLM) -> None:
    one, other = (plain_search(advisor.articles, model)("who is on call?") for _ in range(2))
    assert one == other
    assert len({(hit.article, hit.start) for hit in other}) == 4


def test_questions_are_asked_of_the_advisor_and_of_the_plain_pipeline(advisor: Advisor) -> None:
    cases = read_question_cases(EVALS / "questions" / "development.jsonl")[:6]
    answers = [put(advisor, case) for case in cases]
    assert [answer.case for answer in answers] == list(cases)
    assert all(answer.plain_rank is None or answer.plain_rank <= 4 for answer in answers)
