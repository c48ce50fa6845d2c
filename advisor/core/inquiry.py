"""What to ask next, and when to stop asking."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from advisor.core.decision import (
    Points,
    Ranked,
    Scorecard,
    probabilities,
    rank,
    recommend,
    settled,
    value_probabilities,
)
from advisor.core.facts import FACTORS, Fact, Situation

MOST_QUESTIONS: Final = 6
"""A handful: more than this and people leave."""
WORTH_ASKING: Final = 0.02
"""Bits of information about the recommendation below which a question is not put to anyone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask about `factor`; its answer is expected to tell `gain` bits about the recommendation."""

    factor: str
    gain: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Ask nothing more, because no answer can change the verdict, because none is likely to, or because enough
    has been asked."""

    because: Literal["settled", "not_worth_asking", "asked_enough"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a situation leans while it is not all told: the ranked recommendations, the open factors of which one
    answer alone could change what leads, and how many questions may still come at most."""

    ranking: tuple[Ranked, ...]
    could_change: tuple[str, ...]
    most_questions: int


def expected_gain(scorecard: Scorecard, situation: Situation, factor: str) -> float:
    """The mutual information, in bits, between the answer about `factor` and the recommendation.

    Expected entropy reduction, as in adaptive diagnosis: the entropy of what is believed once the answers are
    averaged, less the average entropy after each answer. Never negative.
    """
    after = [
        (share, probabilities(scorecard.scores(situation.learn([Fact(factor, value)]))))
        for value, share in value_probabilities(scorecard, situation, factor).items()
    ]
    weighed = ((share * belief for belief in beliefs) for share, beliefs in after)
    average = tuple(math.fsum(column) for column in zip(*weighed, strict=True))
    return max(0.0, _entropy(average) - math.fsum(share * _entropy(beliefs) for share, beliefs in after))


def next_step(scorecard: Scorecard, situation: Situation, asked: Collection[str]) -> Ask | Stop:
    """The question to put next, never one of the factors in `asked`, or why to stop."""
    if settled(scorecard, situation):
        return Stop("settled")
    if len(asked) >= MOST_QUESTIONS:
        return Stop("asked_enough")
    gains = {
        factor: expected_gain(scorecard, situation, factor)
        for factor in situation.open_factors()
        if factor not in asked
    }
    factor = max(gains, key=lambda name: gains[name], default=None)
    if factor is None or gains[factor] < WORTH_ASKING:
        return Stop("not_worth_asking")
    return Ask(factor, gains[factor])


def outlook(scorecard: Scorecard, situation: Situation, asked: Collection[str]) -> Outlook:
    """Where `situation` leans, after the factors in `asked` were asked about."""
    leading = recommend(scorecard, situation)
    could_change = tuple(
        factor
        for factor in situation.open_factors()
        if any(recommend(scorecard, situation.learn([Fact(factor, value)])) != leading for value in FACTORS[factor])
    )
    left = [factor for factor in situation.open_factors() if factor not in asked]
    goes_on = isinstance(next_step(scorecard, situation, asked), Ask)
    most_questions = min(len(left), MOST_QUESTIONS - len(asked)) if goes_on else 0
    return Outlook(rank(scorecard, situation), could_change, most_questions)


def _entropy(beliefs: Points) -> float:
    return -math.fsum(share * math.log2(share) for share in beliefs if share > 0)
