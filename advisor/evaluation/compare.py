"""A run against a recorded one: paired, case by case."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from advisor.evaluation.report import CaseReport, Report, ReportError, SuiteReport, sha256_of

SURE: Final = 0.05
"""The probability, over all that is compared, that chance alone makes a run that is as good count as worse."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a suite, or one way of going through its cases, differs from its baseline: the cases that got worse, or
    better; the probability that chance alone makes so many more worse than better (McNemar's exact test, one-sided);
    and whether that is too small to believe in, as many things as are compared (Holm 1979)."""

    name: str
    worse: tuple[CaseReport, ...]
    better: tuple[CaseReport, ...]
    chance: float
    is_worse: bool = False


def check_comparable(files: Mapping[str, Path], baseline: Report) -> None:
    """Raises `ReportError` where a run on these files could not be compared; before anything is measured."""
    before = {suite.suite: suite for suite in baseline.suites}
    if not before.keys() & files.keys():
        raise ReportError(f"The baseline holds {', '.join(before) or 'no suite'}, and this run none of that.")
    for name, path in files.items():
        if name in before and path.is_file() and before[name].data_sha256 != sha256_of(path):
            raise _other_cases(before[name])


def compare(report: Report, baseline: Report) -> tuple[Difference, ...]:
    """The differences of the suites that are in both runs. Raises `ReportError` where their cases are not the same."""
    before = {suite.suite: suite for suite in baseline.suites}
    found = [
        one for suite in report.suites if suite.suite in before for one in _differences(before[suite.suite], suite)
    ]
    surely = _surely([one.chance for one in found])
    return tuple(replace(one, is_worse=place in surely) for place, one in enumerate(found))


def is_worse(report: Report, differences: Sequence[Difference]) -> bool:
    """Whether a figure misses its gate, or a suite is surely worse than its baseline."""
    missed = any(not figure.passes for _, figure in report.figures())
    return missed or any(difference.is_worse for difference in differences)


def _differences(before: SuiteReport, now: SuiteReport) -> Iterator[Difference]:
    """One for each way of going through the cases: two runs of the same case are no two independent ones."""
    was = {(case.way, case.id): case.good for case in before.cases}
    if before.data_sha256 != now.data_sha256 or was.keys() != {(case.way, case.id) for case in now.cases}:
        raise _other_cases(before)
    for way in dict.fromkeys(case.way for case in now.cases):
        cases = [case for case in now.cases if case.way == way]
        worse = tuple(case for case in cases if was[way, case.id] and not case.good)
        better = tuple(case for case in cases if case.good and not was[way, case.id])
        name = f"{now.suite}, {way}" if way else now.suite
        yield Difference(name, worse, better, _chance(len(worse), len(better)))


def _chance(worse: int, better: int) -> float:
    from scipy.stats import binomtest

    changed = worse + better
    return float(binomtest(worse, changed, 0.5, alternative="greater").pvalue) if changed else 1.0


def _surely(chances: Sequence[float]) -> set[int]:
    """The places of those that are too small to believe in: the smallest first, each against its share of `SURE`."""
    surely: set[int] = set()
    for place in sorted(range(len(chances)), key=lambda place: chances[place]):
        if chances[place] >= SURE / (len(chances) - len(surely)):
            break
        surely.add(place)
    return surely


def _other_cases(before: SuiteReport) -> ReportError:
    return ReportError(f"The baseline of {before.suite} was measured on other cases ({before.data}).")
