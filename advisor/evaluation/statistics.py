"""Shares and means with their intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

RESAMPLES: Final = 500

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

    def to_dict(self) -> dict[str, Any]:
        return {
            "right": self.right,
            "of": self.of,
            "share": round(self.share, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }


def proportion(right: int, of: int) -> Proportion:
    """A share with its 95 % Wilson interval; of none, nothing is known."""
    from scipy.stats import binomtest

    if not of:
        return Proportion(0, 0, 0.0, 1.0)
    interval = binomtest(right, of).proportion_ci(confidence_level=0.95, method="wilson")
    return Proportion(right, of, float(interval.low), float(interval.high))


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
