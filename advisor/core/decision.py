"""Which role to hire: a scorecard in log-odds, summed over what is known, and turned into probabilities.

The model is a multinomial logit whose features are the facts (each row of the scorecard adds its points to
the recommendations when its fact holds). Rows look at one factor each, never at two: this is what lets
`settled` prove, rather than sample, that no further answer can change a verdict.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final, Literal, NamedTuple

from advisor.core.facts import FACTORS, NO_PREFERENCE, NOT_SURE, Fact, Situation
from advisor.core.roles import RECOMMENDATIONS

Points = tuple[float, ...]
"""Log-odds for and against each recommendation, in the order of `RECOMMENDATIONS`."""

NO_POINTS: Final[Points] = (0.0,) * len(RECOMMENDATIONS)
MOST_FLIPS: Final = 6
MOST_CHANGES: Final = 3
DECIMALS: Final = 9
WORTH_READING: Final = 0.05
"""The part of the strongest reason's weight below which another one is not worth reading."""


@dataclass(frozen=True, slots=True)
class Row:
    """One claim in plain words, and its points when `factor` has `value`. Without a factor it always holds.

    Raises `ValueError` for points that are no numbers, for a value the factor has not, and for *no preference*:
    that it does not matter is never a reason.
    """

    id: str
    claim: str
    points: Points
    factor: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        if len(self.points) != len(RECOMMENDATIONS) or not all(map(math.isfinite, self.points)):
            raise ValueError(f"{self.id!r} needs {len(RECOMMENDATIONS)} finite points, not {self.points}.")
        if self.factor is None and self.value is None:
            return
        if (self.factor or "") not in FACTORS or self.value not in (*FACTORS[self.factor or ""], NOT_SURE):
            raise ValueError(f"{self.id!r} is about {self.factor} = {self.value}, which no row can be about.")


@dataclass(frozen=True)
class Scorecard:
    """The rows of the decision, in the order in which they are written down."""

    rows: tuple[Row, ...]

    @cached_property
    def base(self) -> Points:
        """The points that hold for every project."""
        return _add(row.points for row in self.rows if row.factor is None)

    @cached_property
    def table(self) -> Mapping[tuple[str, str], Points]:
        """The summed points of each (factor, value) that has a row."""
        keys = {(row.factor, row.value) for row in self.rows if row.factor and row.value}
        return {
            (factor, value): _add(row.points for row in self.rows if (row.factor, row.value) == (factor, value))
            for factor, value in sorted(keys)
            if factor and value
        }

    def points(self, factor: str, value: str | None) -> Points:
        """What `factor = value` adds; nothing for an open factor."""
        return self.table.get((factor, value), NO_POINTS) if value else NO_POINTS

    def scores(self, situation: Situation) -> Points:
        """The log-odds of each recommendation, up to a constant."""
        return _add((self.base, *(self.points(fact.factor, fact.value) for fact in situation.facts)))

    def matching(self, situation: Situation) -> tuple[Row, ...]:
        """The rows that hold in `situation`."""
        return tuple(row for row in self.rows if row.factor is None or situation.value(row.factor) == row.value)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A recommendation with its probability, 0 to 1."""

    recommendation: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A row that speaks for the verdict (`weight` > 0) or against it (< 0).

    The weight is how far the row moves the log-odds of the recommendation in this very situation: its
    log-odds with the row, less those without it.
    """

    row: Row
    weight: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A smallest set of changed answers, as (factor, value) pairs, and the recommendation they lead to."""

    changes: tuple[tuple[str, str], ...]
    becomes: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """What the verdict takes for granted about a factor that nobody pinned down but that could change it."""

    factor: str
    value: str
    because: Literal["not_asked", "not_sure", "no_preference"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision: the ranked recommendations, why, what speaks against, and what would change it.

    `settled` tells that no answers to what is open could change it; `unsure` names the factors that somebody was not
    sure about, where answers to them and to what is open could.
    """

    ranking: tuple[Ranked, ...]
    reasons: tuple[Reason, ...]
    counter_reasons: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    assumptions: tuple[Assumption, ...]
    settled: bool
    unsure: tuple[str, ...]

    @property
    def recommendation(self) -> str:
        return self.ranking[0].recommendation

    @property
    def probability(self) -> float:
        return self.ranking[0].probability


def probabilities(scores: Points) -> Points:
    """Softmax: the probability of each recommendation, summing to 1."""
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)


def best(scores: Points) -> int:
    """The index of the winner; the earlier recommendation wins a tie."""
    return scores.index(max(scores))


def recommend(scorecard: Scorecard, situation: Situation) -> str:
    """The recommendation alone."""
    return RECOMMENDATIONS[best(scorecard.scores(situation))]


def rank(scorecard: Scorecard, situation: Situation) -> tuple[Ranked, ...]:
    """Every recommendation with its probability, the likeliest first; their probabilities sum to 1."""
    shares = zip(RECOMMENDATIONS, probabilities(scorecard.scores(situation)), strict=True)
    ranking = (Ranked(name, share) for name, share in shares)
    return tuple(sorted(ranking, key=lambda one: (-one.probability, RECOMMENDATIONS.index(one.recommendation))))


def settled(scorecard: Scorecard, situation: Situation) -> bool:
    """Whether no completion of the open factors changes the recommendation.

    Exact, not sampled. Because scores are sums over factors, the largest lead that a rival can gain over the
    winner is the sum of what each open factor can give it, and those maxima can all be had at once.
    """
    scores = scorecard.scores(situation)
    winner = best(scores)
    return not any(
        _can_overtake(scorecard, situation, scores, winner, rival)
        for rival in range(len(RECOMMENDATIONS))
        if rival != winner
    )


def decide(scorecard: Scorecard, situation: Situation) -> Verdict:
    """The verdict on a situation. Total: any situation, the empty one included, has a verdict."""
    winner = best(scorecard.scores(situation))
    weighed = weigh(scorecard, situation, RECOMMENDATIONS[winner])
    return Verdict(
        ranking=rank(scorecard, situation),
        reasons=_worth_reading([reason for reason in weighed if reason.weight > 0 and _speaks_for(reason.row, winner)]),
        counter_reasons=_worth_reading(
            [reason for reason in weighed if reason.weight < 0 and _speaks_against(reason.row, winner)]
        ),
        flips=flips(scorecard, situation),
        assumptions=tuple(_assumptions(scorecard, situation)),
        settled=settled(scorecard, situation),
        unsure=_unsure(scorecard, situation),
    )


def flips(scorecard: Scorecard, situation: Situation) -> tuple[Flip, ...]:
    """The smallest changes of answers that change the recommendation, the most plausible first.

    Every candidate is recomputed. All flips have the same size: one change if any single one suffices, else
    two, else three. At most `MOST_FLIPS` are given, so chosen that each other outcome comes before a repeat.
    """
    for size in range(1, MOST_CHANGES + 1):
        best_of: dict[tuple[tuple[str, ...], str], tuple[float, Flip]] = {}
        for plausibility, flip in _flips_of_size(size, scorecard, situation):
            key = tuple(factor for factor, _ in flip.changes), flip.becomes
            if key not in best_of or best_of[key][0] < plausibility:
                best_of[key] = plausibility, flip
        if best_of:
            return _varied([flip for _, flip in sorted(best_of.values(), key=lambda found: -found[0])])
    return ()


def value_probabilities(scorecard: Scorecard, situation: Situation, factor: str) -> Mapping[str, float]:
    """How likely each committing value of `factor` is, given the rest of the situation.

    The scorecard read backwards: a recommendation makes those values likely that speak for it, and the
    recommendations are weighed by their present probability.
    """
    rest = situation.forget(factor)
    values = FACTORS[factor]
    shares = dict.fromkeys(values, 0.0)
    for index, belief in enumerate(probabilities(scorecard.scores(rest))):
        likelihoods = probabilities(tuple(scorecard.points(factor, value)[index] for value in values))
        for value, likelihood in zip(values, likelihoods, strict=True):
            shares[value] += belief * likelihood
    return shares


def _add(rows: Iterable[Points]) -> Points:
    """The sum, rounded so that equal sums are equal however they came about."""
    return tuple(round(math.fsum(column), DECIMALS) for column in zip(*rows, NO_POINTS, strict=True))


def _can_overtake(scorecard: Scorecard, situation: Situation, scores: Points, winner: int, rival: int) -> bool:
    gain = math.fsum(
        max(0.0, *(points[rival] - points[winner] for points in _answers(scorecard, factor)))
        for factor in situation.open_factors()
    )
    lead = round(scores[winner] - scores[rival] - gain, DECIMALS)
    return lead < 0 or (lead == 0 and rival < winner)


def _answers(scorecard: Scorecard, factor: str) -> Iterator[Points]:
    return (scorecard.points(factor, value) for value in (*FACTORS[factor], NOT_SURE))


def _log_odds(scores: Points, index: int) -> float:
    rivals = [score for rival, score in enumerate(scores) if rival != index]
    top = max(rivals)
    return scores[index] - top - math.log(math.fsum(math.exp(score - top) for score in rivals))


def weigh(scorecard: Scorecard, situation: Situation, recommendation: str) -> list[Reason]:
    """Every row that holds, with what it does to the log-odds of `recommendation`."""
    scores, winner = scorecard.scores(situation), RECOMMENDATIONS.index(recommendation)
    with_all = _log_odds(scores, winner)
    weighed = []
    for row in scorecard.matching(situation):
        without = tuple(score - points for score, points in zip(scores, row.points, strict=True))
        weighed.append(Reason(row, with_all - _log_odds(without, winner)))
    return weighed


def _speaks_for(row: Row, winner: int) -> bool:
    """A row is no reason for the winner if it speaks for a rival, or for every project only against rivals."""
    return row.points[winner] > 0 or (row.factor is not None and max(row.points) <= 0)


def _speaks_against(row: Row, winner: int) -> bool:
    """A row does not count against the winner if it speaks for it, though more for a rival; and what holds for every
    project counts only if it names the winner."""
    return row.points[winner] < 0 or (row.factor is not None and row.points[winner] == 0)


def _worth_reading(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons by weight, those left out that hardly count beside the strongest."""
    ordered = sorted(reasons, key=lambda reason: -abs(reason.weight))
    return tuple(reason for reason in ordered if abs(reason.weight) >= WORTH_READING * abs(ordered[0].weight))


def _flips_of_size(size: int, scorecard: Scorecard, situation: Situation) -> Iterator[tuple[float, Flip]]:
    """Every change of `size` answers that changes the recommendation, with how plausible it is."""
    winner = recommend(scorecard, situation)
    present = {factor: scorecard.points(factor, situation.value(factor)) for factor in FACTORS}
    moves = {factor: list(_moves(scorecard, situation, factor)) for factor in FACTORS}
    for factors in combinations(FACTORS, size):
        for chosen in product(*(moves[factor] for factor in factors)):
            moved = present | {factor: move.points for factor, move in zip(factors, chosen, strict=True)}
            becomes = RECOMMENDATIONS[best(_add((scorecard.base, *moved.values())))]
            if becomes != winner:
                changes = tuple((factor, move.value) for factor, move in zip(factors, chosen, strict=True))
                yield math.prod(move.plausibility for move in chosen), Flip(changes, becomes)


class _Move(NamedTuple):
    value: str
    plausibility: float
    points: Points


def _moves(scorecard: Scorecard, situation: Situation, factor: str) -> Iterator[_Move]:
    """Each other value of `factor`, how likely it is, and its points."""
    for value, share in value_probabilities(scorecard, situation, factor).items():
        if value != situation.value(factor):
            yield _Move(value, share, scorecard.points(factor, value))


def _varied(found: Sequence[Flip]) -> tuple[Flip, ...]:
    firsts = {flip.becomes: flip for flip in reversed(found)}
    leading = [flip for flip in found if firsts[flip.becomes] is flip]
    return (*leading, *(flip for flip in found if flip not in leading))[:MOST_FLIPS]


def _unsure(scorecard: Scorecard, situation: Situation) -> tuple[str, ...]:
    unsure = tuple(fact.factor for fact in situation.facts if fact.value == NOT_SURE)
    known = Situation(tuple(fact for fact in situation.facts if fact.value != NOT_SURE))
    return () if settled(scorecard, known) else unsure


def _assumptions(scorecard: Scorecard, situation: Situation) -> Iterator[Assumption]:
    winner = recommend(scorecard, situation)
    for factor in FACTORS:
        fact = situation.fact(factor)
        if fact and fact.commits:
            continue
        outcomes = {value: recommend(scorecard, situation.learn([Fact(factor, value)])) for value in FACTORS[factor]}
        if set(outcomes.values()) == {winner}:
            continue
        if fact and fact.value == NO_PREFERENCE:
            yield Assumption(factor, NO_PREFERENCE, "no_preference")
            continue
        likely = value_probabilities(scorecard, situation, factor)
        harmless = [value for value, outcome in outcomes.items() if outcome == winner]
        assumed = max(harmless, key=lambda value: likely[value], default=NOT_SURE)
        yield Assumption(factor, assumed, "not_sure" if fact else "not_asked")
