"""Questions about the roles, answered with quotes of the corpus or declined."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.core.evidence import Hit, Quote, quote

MOST_QUOTES: Final = 3
SEARCHED: Final = 8
CLOSE_TO_BEST: Final = 0.08
"""How far below the best passage's relevance another one may lie and still be part of the answer."""
HALF_SUPPORT: Final = 0.40
"""Relevance of the best passage at which it is as likely as not that the corpus answers."""
STEEPNESS: Final = 16.0
ANSWERABLE: Final = 0.5
"""Least probability that the corpus answers at which it is quoted as an answer."""

Search = Callable[[str, int], Sequence[Hit]]
Relevance = Callable[[str, Sequence[Hit]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Found:
    """The quotes nearest to a question, best first, and the probability, 0 to 1, that they answer it."""

    quotes: tuple[Quote, ...]
    support: float

    @property
    def answers(self) -> bool:
        return self.support >= ANSWERABLE


def find(question: str, search: Search, relevance: Relevance) -> Found:
    """What the corpus says about a question."""
    hits = search(question, SEARCHED)
    ranked = sorted(zip(relevance(question, hits), hits, strict=True), key=lambda pair: -pair[0])
    best = ranked[0][0] if ranked else -1.0
    quotes = tuple(quote(hit.passage) for relevant, hit in ranked if relevant >= best - CLOSE_TO_BEST)
    return Found(quotes[:MOST_QUOTES], 1 / (1 + math.exp(-STEEPNESS * (best - HALF_SUPPORT))))
