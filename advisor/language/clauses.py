"""A message cut into clauses, each with its place in the message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SENTENCE_BREAK: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
CLAUSE_BREAK: Final = re.compile(
    r"(?<!\s)(?:\s*+[;:—–]\s++|\s++-++\s++|,?\s++(?:and|but|so|because|cause|while|which|although|though|plus|then)\s++"
    r"|,\s++)",
    re.IGNORECASE,
)
"""Possessive throughout: a run of blanks is taken once, however long it is."""
FEWEST_WORDS: Final = 4
"""A shorter piece says too little on its own and stays with what follows it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`message[start:end] == text`; `question` when its sentence ends with a question mark."""

    text: str
    start: int
    end: int
    question: bool


def clauses(message: str) -> tuple[Clause, ...]:
    """The clauses of `message`, in order."""
    return tuple(_clauses(message))


def _clauses(message: str) -> Iterator[Clause]:
    for start, end in _pieces(message, 0, len(message), SENTENCE_BREAK):
        question = message[start:end].rstrip("\"'”’) ").endswith("?")
        left = start
        pieces = list(_pieces(message, start, end, CLAUSE_BREAK))
        for index, (_, right) in enumerate(pieces):
            last = index == len(pieces) - 1
            if last or len(message[left:right].split()) >= FEWEST_WORDS:
                yield Clause(message[left:right], left, right, question)
                left = pieces[index + 1][0] if not last else right


def _pieces(message: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for found in separator.finditer(message, start, end):
        if message[at : found.start()].strip():
            yield at, found.start()
        at = found.end()
    if message[at:end].strip():
        yield at, at + len(message[at:end].rstrip())
