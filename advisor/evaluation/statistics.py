"""Shares and means with their intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

RESAMPLES: Final = 500
BINS: Final = 10

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Proportion:
    """`right` of `of`, with the 95 % Wilson interval."""

    right: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0


def proportion(right: int, of: int) -> Proportion:
    """A share with its 95 % Wilson interval; of none, nothing is known."""
    from scipy.stats import binomtest

    if not of:
        return Proportion(0, 0, 0.0, 1.0)
    interval = binomtest(right, of).proportion_ci(confidence_level=0.95, method="wilson")
    return Proportion(right, of, float(interval.low), float(interval.high))


def share_of(items: Sequence[Item], good: Callable[[Item], bool]) -> Proportion:
    """The share of the items that are good."""
    return proportion(sum(map(good, items)), len(items))


def bootstrap_interval(items: Sequence[Item], statistic: Callable[[Sequence[Item]], float]) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic, by resampling `items`; the same every time.

    Resamples for which the statistic is not defined (NaN) are left out.
    """
    import numpy as np

    draw = np.random.default_rng(0)
    values = [statistic([items[index] for index in draw.integers(0, len(items), len(items))]) for _ in range(RESAMPLES)]
    defined = [value for value in values if not np.isnan(value)]
    low, high = np.percentile(defined, [2.5, 97.5]) if defined else (np.nan, np.nan)
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Bin:
    """What was held with a confidence in one tenth of the scale: how many, their mean confidence, the share right."""

    facts: int
    confidence: float
    right: float


def binned(pairs: Sequence[tuple[float, bool]]) -> tuple[float, list[Bin]]:
    """The expected calibration error of (confidence, whether right) pairs, and the bins of a reliability plot."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        groups[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    bins = [
        Bin(len(group), sum(c for c, _ in group) / len(group), sum(r for _, r in group) / len(group))
        if group
        else Bin(0, 0.0, 0.0)
        for group in groups
    ]
    error = sum(one.facts * abs(one.confidence - one.right) for one in bins) / max(1, len(pairs))
    return error, bins
