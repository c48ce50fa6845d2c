"""What is known about a project: factors, facts and the situation they make up."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

NOT_SURE: Final = "not_sure"
"""Asked, and the user does not know."""
NO_PREFERENCE: Final = "no_preference"
"""Asked, and it does not matter to the user."""
UNCOMMITTED: Final = (NOT_SURE, NO_PREFERENCE)

FACTORS: Final = MappingProxyType(
    {
        "stage": ("idea", "exploring", "proof_of_concept", "deploying", "live", "not_ml"),
        "goal": (
            "find_use_case",
            "insight",
            "prototype",
            "ship",
            "scale",
            "reliability",
            "explore_and_ship",
            "not_ml",
        ),
        "data": ("none", "messy", "ready"),
        "team": (
            "none",
            "analyst",
            "software_engineers",
            "data_scientist",
            "ml_engineer",
            "data_scientist_and_ml_engineer",
            "external",
        ),
        "deliverable": ("report", "dashboard", "proof_of_concept", "api", "deployed_model", "pipeline", "mixed"),
        "production": ("no", "later", "now", "live"),
        "scale": ("low", "high"),
        "company_size": ("startup", "small", "mid", "large"),
        "headcount": ("one", "two_or_more"),
    }
)
"""Every factor with the values that commit to something, in the order in which they are shown."""

Origin = Literal["said", "clicked"]


def allowed_values(factor: str) -> tuple[str, ...]:
    """All values `factor` can take, *not sure* and *no preference* last. Raises `KeyError` for no such factor."""
    return (*FACTORS[factor], *UNCOMMITTED)


@dataclass(frozen=True, slots=True)
class Fact:
    """One factor with its value, and where it came from.

    `said` holds the user's own words, unless they are left out because they may speak of a person, or the label of
    the option that was clicked; `confidence` is the probability, 0 to 1, that the words were read rightly. Raises
    `ValueError` on a value the factor has not.
    """

    factor: str
    value: str
    said: str = ""
    origin: Origin = "clicked"
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if self.factor not in FACTORS:
            raise ValueError(f"There is no factor {self.factor!r}. The factors are: {', '.join(FACTORS)}.")
        if self.value not in allowed_values(self.factor):
            values = ", ".join(allowed_values(self.factor))
            raise ValueError(f"{self.factor!r} cannot be {self.value!r}. Its values are: {values}.")

    @property
    def commits(self) -> bool:
        """Whether the value says something about the project, rather than *not sure* or *no preference*."""
        return self.value not in UNCOMMITTED


@dataclass(frozen=True, slots=True)
class Correction:
    """A later statement that replaced an earlier one."""

    before: Fact
    after: Fact


@dataclass(frozen=True, slots=True)
class Situation:
    """All facts known so far, one at most for each factor, in the factors' order."""

    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, **values: str) -> "Situation":
        """A situation from plain values: `Situation.of(stage="live", data="ready")`."""
        return cls().learn(Fact(factor, value) for factor, value in values.items())

    def learn(self, facts: Iterable[Fact]) -> "Situation":
        """The situation with `facts` added; a later fact about a factor replaces the earlier one."""
        known = {fact.factor: fact for fact in self.facts} | {fact.factor: fact for fact in facts}
        return Situation(tuple(known[factor] for factor in FACTORS if factor in known))

    def forget(self, factor: str) -> "Situation":
        """The situation without what was known about `factor`."""
        return Situation(tuple(fact for fact in self.facts if fact.factor != factor))

    def fact(self, factor: str) -> Fact | None:
        """What is known about `factor`, if anything."""
        return next((fact for fact in self.facts if fact.factor == factor), None)

    def value(self, factor: str) -> str | None:
        """The value of `factor`, or None while nothing is known about it."""
        fact = self.fact(factor)
        return fact.value if fact else None

    def open_factors(self) -> tuple[str, ...]:
        """The factors about which nothing was said or clicked."""
        return tuple(factor for factor in FACTORS if self.fact(factor) is None)


def corrections(before: Situation, after: Situation) -> tuple[Correction, ...]:
    """The facts of `before` to which `after` gives another value."""
    pairs = ((fact, after.fact(fact.factor)) for fact in before.facts)
    return tuple(Correction(old, new) for old, new in pairs if new is not None and new.value != old.value)
