"""Questions about the roles, answered with quotes of the corpus or declined."""

from collections.abc import Callable
from dataclasses import dataclass

from advisor.core.abstention import Sought, Weights, support, what_is_missing
from advisor.core.answers import Answer, compose

Seek = Callable[[str], Sought]


@dataclass(frozen=True, slots=True)
class Found:
    """What the corpus says nearest to a question, and the probability, 0 to 1, that this answers it.

    `missing` is what the question probably asks for in vain, where that is known.
    """

    answer: Answer
    support: float
    answers: bool
    missing: str


def find(question: str, seek: Seek, weights: Weights) -> Found:
    """What the corpus says about a question."""
    sought = seek(question)
    supported = support(sought, weights)
    answers = supported >= weights.answer_from
    return Found(compose(question, sought.candidates), supported, answers, "" if answers else what_is_missing(sought))
