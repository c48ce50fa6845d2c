"""Whether the corpus answers a question: one probability, from evidence that can be told."""

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, replace
from typing import Final

from advisor.core.evidence import Candidate

NOTHING: Final = "nothing"
"""What is missing from a corpus for a question that it answers."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search brought: candidates, the best first; the probability of each thing that the question may ask for
    in vain; how like it is, as a cosine similarity, to those that are known to have no answer; and how many of the
    candidates, the first ones, are `known` to answer this very question, word for word.

    `missing` is empty and `unanswered` 0 for a corpus of which nobody knows what it is asked for in vain.
    """

    candidates: tuple[Candidate, ...] = ()
    missing: Mapping[str, float] = field(default_factory=dict)
    unanswered: float = 0.0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer: the greatest similarity of any piece to the question by its own words, and by a
    question that it is known to answer. Against it speaks the similarity to questions known to have no answer."""

    meaning: float
    asked: float
    unanswered: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: what each piece of evidence weighs, in log-odds, and from which probability to answer."""

    intercept: float
    meaning: float
    asked: float
    unanswered: float
    answer_from: float


def evidence(sought: Sought) -> Evidence:
    """The evidence in what was found."""
    return Evidence(
        meaning=max((one.meaning for one in sought.candidates), default=0.0),
        asked=max((one.asked for one in sought.candidates), default=0.0),
        unanswered=sought.unanswered,
    )


def recognised(sought: Sought, on_subject: Set[str]) -> Sought:
    """What was found without the articles that are not `on_subject`, but for what is known to answer the question:
    nearness does not tell what other articles answer (evals/handbooks)."""
    known, others = sought.candidates[: sought.known], sought.candidates[sought.known :]
    return replace(sought, candidates=(*known, *(one for one in others if one.piece.article in on_subject)))


def support(sought: Sought, weights: Weights) -> float:
    """The probability, 0 to 1, that the corpus answers what was asked: 1 where it is known to, 0 where nothing was
    found."""
    if sought.known or not sought.candidates:
        return float(bool(sought.known))
    seen = evidence(sought)
    log_odds = weights.intercept + sum(getattr(weights, f.name) * getattr(seen, f.name) for f in fields(seen))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


def what_is_missing(sought: Sought) -> str:
    """What the question asks for in vain where that is likelier than all else together; an empty text where nothing is,
    or nobody knows."""
    likeliest = max(sought.missing, key=lambda name: sought.missing[name], default=NOTHING)
    return likeliest if likeliest != NOTHING and sought.missing[likeliest] > 0.5 else ""
