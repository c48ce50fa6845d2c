"""Questions about the roles, answered with quotes of the corpus or declined."""

from collections.abc import Callable, Set
from dataclasses import dataclass

from advisor.core.abstention import Sought, Weights, recognised, support, what_is_missing
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


def find(question: str, seek: Seek, weights: Weights, on_subject: Set[str]) -> Found:
    """What the corpus says about a question. It is answered only from the articles `on_subject`."""
    sought = seek(question)
    fit = recognised(sought, on_subject)
    supported = support(fit, weights)
    if supported >= weights.answer_from:
        return Found(compose(question, fit.candidates), supported, True, "")
    return Found(compose(question, sought.candidates), supported, False, what_is_missing(sought))
