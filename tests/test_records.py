import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from advisor import Advisor
from advisor.cli import main
from advisor.core.decision import Scorecard
from advisor.errors import AdvisorError
from advisor.evaluation.drift import replay
from advisor.records import Record, RecordError, verify


@pytest.fixture
def record(advisor: Advisor) -> Record:
    conversation = advisor.start()
    conversation.choose("stage", "live")
    conversation.choose("goal", "reliability")
    conversation.send("about 40 people work here")
    return Record.of(advisor, conversation)


def silent(what: str, of: int) -> Callable[[], None]:
    return lambda: None


def test_a_record_is_read_as_it_was_kept_and_holds(advisor: Advisor, record: Record, tmp_path: Path) -> None:
    record.keep(tmp_path / "decision.json")
    assert Record.read(tmp_path / "decision.json") == record
    assert record.verdict["recommendation"] == "ml_engineer"
    assert len(record.citations) >= 3
    assert [(fact.factor, fact.origin) for fact in record.facts][-1] == ("company_size", "said")
    verified = verify(record, advisor)
    assert (verified.holds, verified.lost, verified.changed, verified.because) == (True, (), (), ())


@pytest.mark.parametrize("change", [{"quote": "do not hire a data scientist first"}, {"start": 0}, {"article": "gone"},
                                    {"sha256": "0" * 64}, {"start": -5, "end": 3}])  # fmt: skip
def test_a_quote_that_is_not_what_the_document_says_is_found(
    advisor: Advisor, record: Record, change: dict[str, object]
) -> None:
    first, *others = record.citations
    forged = replace(record, citations=({**first, **change}, *others))
    verified = verify(forged, advisor)
    assert not verified.holds
    assert len(verified.lost) == 1
    assert not verified.moved


def test_when_the_rules_change_it_tells_which_verdicts_moved_and_why(
    advisor: Advisor, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = advisor.wording.knowledge
    speaking = [row for row in knowledge.scorecard.rows if (row.factor, row.value) == ("goal", "reliability")]
    turned = tuple(
        replace(row, points=tuple(-2 * point for point in row.points)) if row.factor in ("goal", "stage") else row
        for row in knowledge.scorecard.rows
    )
    wording = replace(advisor.wording, knowledge=replace(knowledge, scorecard=Scorecard(turned)))
    tools = replace(advisor._tools, wording=wording, knowledge=wording.knowledge)
    monkeypatch.setattr(advisor, "_tools", tools)
    verified = verify(record, advisor)
    assert verified.moved
    assert not verified.holds
    assert any(speaking[0].claim in line for line in verified.because)
    record.keep(tmp_path / "one.json")
    report = replay(advisor, tmp_path, silent)
    assert [(case.id, case.good) for case in report.cases] == [("one.json", False)]
    assert report.figures[0].value == 1.0
    assert report.tables[0].rows == ((f"ml_engineer to {verified.now}", "1"),)


def test_nothing_known_is_no_record(advisor: Advisor) -> None:
    with pytest.raises(RecordError, match="Nothing is known"):
        Record.of(advisor, advisor.start())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "facts": [{"factor": "x"}]}'])
def test_what_is_no_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "decision.json").write_text(text)
    with pytest.raises(RecordError, match=r"decision\.json"):
        Record.read(tmp_path / "decision.json")
    with pytest.raises(RecordError, match=r"nowhere\.json"):
        Record.read(tmp_path / "nowhere.json")


def test_a_place_that_is_no_number_is_named(record: Record, tmp_path: Path) -> None:
    record.keep(tmp_path / "decision.json")
    kept = json.loads((tmp_path / "decision.json").read_text())
    kept["citations"][0]["start"] = "12"
    (tmp_path / "decision.json").write_text(json.dumps(kept))
    with pytest.raises(RecordError, match="citation at '12'"):
        Record.read(tmp_path / "decision.json")


def test_a_folder_without_records_is_told(advisor: Advisor, tmp_path: Path) -> None:
    with pytest.raises(AdvisorError, match="no folder with decision records"):
        replay(advisor, tmp_path, silent)


def test_records_are_verified_from_the_command_line(
    advisor: Advisor, record: Record, environment: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record.keep(tmp_path / "good.json")
    assert main(["verify", str(tmp_path / "good.json")]) == 0
    kept = json.loads((tmp_path / "good.json").read_text())
    kept["citations"][0]["quote"] = "invented"
    (tmp_path / "bad.json").write_text(json.dumps(kept))
    assert main(["verify", str(tmp_path / "good.json"), str(tmp_path / "bad.json")]) == 1
    assert "no longer in the documents: “invented”" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "nowhere.json")]) == 2
    assert main(["eval", "drift", str(tmp_path)]) == 1
    assert "bad.json" in capsys.readouterr().out, "which one, and why, is told at once"
    (tmp_path / "bad.json").unlink()
    assert main(["eval", "drift", str(tmp_path)]) == 0
    assert main(["eval", "drift", str(tmp_path), "--data", "mine.csv"]) == 2


def test_every_value_of_the_scorecard_has_support_in_the_bundled_documents(
    advisor: Advisor, record: Record, tmp_path: Path
) -> None:
    record.keep(tmp_path / "one.json")
    coverage = replay(advisor, tmp_path, silent).tables[-1]
    assert coverage.head == ("factor", "value", "claims", "quotes")
    assert all(int(quotes) >= 1 for *_, quotes in coverage.rows)
