"""Decisions on record, replayed against the present documents and rules: which verdicts moved, and why."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from advisor.api import Advisor
from advisor.errors import AdvisorError
from advisor.evaluation.bench import Begin
from advisor.evaluation.report import CaseReport, Figure, SuiteReport, Table, counted, sha256_of, share
from advisor.evaluation.statistics import proportion
from advisor.records import Record, Verified, verify


def replay(advisor: Advisor, folder: Path, begin: Begin) -> SuiteReport:
    """Verify every record (*.json) of a folder. Raises `RecordError`, and `AdvisorError` where there is none."""
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not paths:
        raise AdvisorError(f"{folder} is no folder with decision records (*.json).")
    records = [Record.read(path) for path in paths]
    tell = begin("records", len(paths))
    verified = {}
    for path, record in zip(paths, records, strict=True):
        verified[path.name] = verify(record, advisor)
        tell()
    moved = Counter(f"{one.was} to {one.now}" for one in verified.values() if one.moved)
    return SuiteReport(
        suite="drift",
        data=folder.name,
        data_sha256=sha256_of(*paths),
        figures=(
            replace(
                share("verdicts that moved", proportion(sum(moved.values()), len(verified)), lower_is_better=True),
                gate=0,
            ),
            Figure("quotes lost", sum(len(one.lost) for one in verified.values()), lower_is_better=True, gate=0),
        ),
        tables=(*([counted(moved, "verdicts that moved", "from and to")] if moved else []), coverage(advisor)),
        cases=tuple(_case(name, one) for name, one in verified.items()),
    )


def coverage(advisor: Advisor) -> Table:
    """How many quotes support what the scorecard says of each value of each factor."""
    bindings = advisor.wording.bindings

    def rows() -> Iterator[tuple[str, str, str, str]]:
        scorecard = advisor.wording.knowledge.scorecard
        for factor, value in scorecard.table:
            claims = [row for row in scorecard.rows if (row.factor, row.value) == (factor, value)]
            quotes = {(one.article, one.start) for claim in claims for one in bindings[claim.id]}
            yield factor, value, str(len(claims)), str(len(quotes))

    return Table("support in the documents", ("factor", "value", "claims", "quotes"), tuple(rows()))


def _case(name: str, one: Verified) -> CaseReport:
    lost = [f"no longer in the documents: “{quote}”" for quote in one.lost]
    return CaseReport(
        id=name,
        good=one.holds,
        said=name,
        wanted=one.was,
        got="; ".join((one.now, *one.because, *lost)),
    )
