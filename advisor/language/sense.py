"""What the trained part of the reader makes of a message: probabilities, and the words that they rest on."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.core.facts import FACTORS, allowed_values

ABSENT: Final = "absent"
"""The message does not state the factor."""
LONGEST_PIECE_WORDS: Final = 120
"""A longer message is read in pieces; the network takes 256 tokens at most, and misspelt words are several each."""
WORD: Final = re.compile(r"\S{1,40}")
"""What is longer is no word, but must be cut somewhere."""


@dataclass(frozen=True, slots=True)
class Sense:
    """`shares[factor]` gives each value, and `ABSENT`, its probability; they add up to 1. `places[factor]` is the
    stretch of the message (start, end) on which that rests. `intents` gives each intent its probability."""

    shares: Mapping[str, Mapping[str, float]]
    places: Mapping[str, tuple[int, int]]
    intents: Mapping[str, float]

    def stated(self, factor: str) -> float:
        """The probability that the message states `factor` at all."""
        return 1.0 - self.shares[factor][ABSENT]


Understand = Callable[[str, str | None], Sense]
"""Makes sense of a message, given the factor just asked about, if any."""
ReadPairs = Callable[[Sequence[tuple[str, str | None]]], Sequence[Sense]]
"""Makes sense of short messages, each with the words of the question it answers, if any."""

NOTHING: Final = Sense(
    {factor: {ABSENT: 1.0, **dict.fromkeys(allowed_values(factor), 0.0)} for factor in FACTORS},
    dict.fromkeys(FACTORS, (0, 0)),
    {},
)
"""The sense of no words, and of any words to somebody who has learned nothing."""


def trained(questions: Mapping[str, str], read: ReadPairs) -> Understand:
    """What was learned from the examples, of which `read` makes use; `questions` are the words in which each factor is
    asked about."""

    def understand(message: str, asked: str | None) -> Sense:
        readable = message.encode("utf-8", "replace").decode()
        pieces = list(_pieces(readable))
        if not pieces:
            return NOTHING
        question = questions[asked] if asked else None
        senses = read([(readable[start:end], question) for start, end in pieces])
        return _joined([_shifted(sense, start) for sense, (start, _) in zip(senses, pieces, strict=True)])

    return understand


def _pieces(message: str) -> Iterator[tuple[int, int]]:
    """Places that can be read at once, whole sentences where there are any."""
    words = [found.span() for found in WORD.finditer(message)]
    first = 0
    while first < len(words):
        after = min(first + LONGEST_PIECE_WORDS, len(words))
        if after < len(words):
            sentence_ends = (at for at in range(after, first, -1) if message[words[at - 1][1] - 1] in ".!?…")
            after = next(sentence_ends, after)
        yield words[first][0], words[after - 1][1]
        first = after


def _shifted(sense: Sense, by: int) -> Sense:
    places = {factor: (start + by, end + by) for factor, (start, end) in sense.places.items()}
    return Sense(sense.shares, places, sense.intents)


def _joined(senses: Sequence[Sense]) -> Sense:
    """For each factor the piece that states it most surely; for each intent the piece that shows it most."""
    surest = {factor: max(senses, key=lambda sense: sense.stated(factor)) for factor in FACTORS}
    return Sense(
        {factor: sense.shares[factor] for factor, sense in surest.items()},
        {factor: sense.places[factor] for factor, sense in surest.items()},
        {name: max(sense.intents[name] for sense in senses) for name in senses[0].intents},
    )
