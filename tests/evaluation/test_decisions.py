import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor import Advisor
from advisor.core.facts import Fact
from advisor.evaluation.cases import Case, read_cases
from advisor.evaluation.decisions import hold, summarise
from advisor.evaluation.statistics import proportion
from advisor.language.reading import Reading
from advisor.rows import RowsError

EVALS = Path(__file__).parent.parent.parent / "evals" / "decisions"

GOOD = {
    "id": "x-1", "voice": "terse", "opening": "Model in a notebook.", "facts": {"stage": "proof_of_concept"},
    "answers": {"stage": "it works in a notebook"}, "unknown": "no idea", "correction": None,
    "recommendation": "ml_engineer",
}  # fmt: skip


def test_the_interval_is_wilsons() -> None:
    share = proportion(8, 10)
    assert (share.right, share.of, share.share) == (8, 10, 0.8)
    assert share.low == pytest.approx(0.4902, abs=1e-4)
    assert share.high == pytest.approx(0.9433, abs=1e-4)


def test_clicked_conversations_come_out_right(advisor: Advisor) -> None:
    cases = read_cases(EVALS / "development.jsonl")
    summary = summarise([hold(advisor, case, "clicked") for case in cases], "clicked")
    assert summary.accuracy.share >= 0.97
    assert summary.repeated == summary.misquotes == 0
    assert not summary.misread


def test_a_typed_conversation_is_held_to_its_end(advisor: Advisor) -> None:
    cases = read_cases(EVALS / "development.jsonl")
    corrected = next(case for case in cases if case.correction)
    for case in (cases[0], corrected):
        outcome = hold(advisor, case, "typed")
        assert outcome.recommendation
        assert outcome.repeated == outcome.misquotes == 0


@pytest.mark.parametrize(("heard", "unheard"), [("old files", ()), ("", ("data",))])
def test_a_question_that_names_what_was_half_heard_is_told_from_one_that_does_not(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch, heard: str, unheard: tuple[str, ...]
) -> None:
    half_heard = (Fact("data", "messy", heard, "said", 0.6),) if heard else ()

    def read(message: str, asked: str | None) -> Reading:
        assert asked, "everybody is greeted with a question first"
        return Reading((Fact(asked, "not_sure"),), half_heard=half_heard)

    monkeypatch.setattr(advisor, "_tools", replace(advisor._tools, read=read))
    facts, answers = {"stage": "idea", "data": "messy"}, {"stage": "an idea", "data": "old files"}
    case = Case(
        "x", "terse", "An idea, and old files.", facts, answers, "no idea", "ml_engineer", None, ("stage", "data")
    )
    outcome = hold(advisor, case, "typed")
    assert outcome.asked[0] == "stage"
    assert outcome.told_already == ("data",), "what the greeting asks was asked before anything was told"
    assert outcome.unheard == unheard


def test_the_splits_are_large_varied_and_apart() -> None:
    splits = {name: read_cases(EVALS / f"{name}.jsonl") for name in ("development", "test")}
    assert sum(map(len, splits.values())) >= 150
    openings = {name: {case.opening for case in cases} for name, cases in splits.items()}
    assert not openings["development"] & openings["test"]
    for cases in splits.values():
        assert len({case.recommendation for case in cases}) == 6
        assert len({case.voice for case in cases}) >= 10
        assert any(case.correction for case in cases)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"facts": {"stage": "done"}}, "stage = done"),
        ({"answers": {}}, "no typed answer for stage"),
        ({"recommendation": "cto"}, "cto"),
        ({"opening": None}, ""),
    ],
)
def test_a_wrong_case_is_named_with_its_line(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = tmp_path / "cases.jsonl"
    wrong = {**GOOD, **change}
    if change == {"opening": None}:
        del wrong["opening"]
    path.write_text("\n".join((json.dumps(GOOD), "", json.dumps(wrong))))
    with pytest.raises(RowsError, match=f"line 3.*{said}"):
        read_cases(path)


@pytest.mark.parametrize("content", [b"", b"\xff", b"not json\n", b"[]\n", b"3\n"])
def test_a_file_that_holds_no_cases_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(content)
    with pytest.raises(RowsError, match=r"cases\.jsonl"):
        read_cases(path)


def test_a_case_is_what_its_line_says(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(json.dumps(GOOD))
    (case,) = read_cases(tmp_path / "cases.jsonl")
    assert isinstance(case, Case)
    assert case.facts == {"stage": "proof_of_concept"}
