"""A run against a recorded one: paired, case by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from advisor.evaluation.report import CaseReport, Report, ReportError, SuiteReport

SURE: Final = 0.05
"""The probability of so lopsided a difference by chance below which the run counts as worse."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one suite differs from its baseline: the cases that got worse, or better, and the probability that chance
    alone makes so many more worse than better (McNemar's exact test, one-sided)."""

    suite: str
    worse: tuple[CaseReport, ...]
    better: tuple[CaseReport, ...]
    chance: float

    @property
    def is_worse(self) -> bool:
        return self.chance < SURE


def compare(report: Report, baseline: Report) -> tuple[Difference, ...]:
    """The differences of the suites that are in both runs. Raises `ReportError` where there is nothing to compare."""
    before = {suite.suite: suite for suite in baseline.suites}
    both = [(before[suite.suite], suite) for suite in report.suites if suite.suite in before]
    if not both:
        raise ReportError(f"The baseline holds {', '.join(before) or 'no suite'}, and this run none of that.")
    for was, now in both:
        if was.data_sha256 != now.data_sha256:
            raise ReportError(f"The baseline of {now.suite} was measured on other cases ({was.data}) than {now.data}.")
    return tuple(_difference(was, now) for was, now in both)


def is_worse(report: Report, differences: Sequence[Difference]) -> bool:
    """Whether a figure misses its gate, or a suite is surely worse than its baseline."""
    missed = any(not figure.passes for _, figure in report.figures())
    return missed or any(difference.is_worse for difference in differences)


def _difference(before: SuiteReport, now: SuiteReport) -> Difference:
    from scipy.stats import binomtest

    was = {case.id: case for case in before.cases}
    worse = tuple(case for case in now.cases if was[case.id].good and not case.good)
    better = tuple(case for case in now.cases if case.good and not was[case.id].good)
    changed = len(worse) + len(better)
    chance = float(binomtest(len(worse), changed, 0.5, alternative="greater").pvalue) if changed else 1.0
    return Difference(now.suite, worse, better, chance)
