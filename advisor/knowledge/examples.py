"""Messages with what they say: for learning to read from, and for measuring how well it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Final

from advisor.core.facts import FACTORS, allowed_values
from advisor.rows import read_lines

INTENTS: Final = (
    "describe", "answer", "ask_roles", "hire_whom", "why", "understood", "change", "skip", "start_over", "thanks",
    "greeting", "out_of_scope", "about_a_person", "protected_characteristic", "illegal", "personal_data", "injection",
    "distress",
)  # fmt: skip
"""What a message can want. Telling about the project unasked is to describe, and when asked, to answer."""

ANYTHING: Final = {factor: allowed_values(factor) for factor in FACTORS}
"""What a message may state of which nobody noted what it does."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that a message states. `said` is the part of the message that does."""

    factor: str
    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Example:
    """A message, read as the answer to the question about `asked` where that is given.

    `facts` is all that it states; `may` holds, by factor, values that a fair reader might take from it or not.
    `kind` says what makes it hard (negated, past, reported, number, …), `language` is set where it is not English.
    Where nobody noted what it states, `may` holds every value of every factor.
    """

    id: str
    voice: str
    kind: str
    asked: str | None
    text: str
    facts: tuple[Stated, ...]
    may: Mapping[str, tuple[str, ...]]
    intents: tuple[str, ...]
    language: str | None = None


def read_examples(path: Traversable) -> tuple[Example, ...]:
    """All examples of a JSONL file. Raises `RowsError`."""
    return read_lines(path, _example)


def check_values(facts: Mapping[str, Sequence[str]]) -> None:
    """Raises `ValueError` unless every factor exists and can take the values given for it."""
    for factor, values in facts.items():
        for value in values:
            if factor not in FACTORS or value not in allowed_values(factor):
                raise ValueError(f"{factor} = {value} does not exist")


def _example(values: Mapping[str, Any]) -> Example:
    noted = values["facts"] is not None
    facts = tuple(Stated(fact["factor"], fact["value"], fact["said"]) for fact in values["facts"] or ())
    may = {factor: tuple(some) for factor, some in values.get("may", {}).items()} if noted else ANYTHING
    check_values(may)
    check_values({fact.factor: (fact.value,) for fact in facts})
    if len({fact.factor for fact in facts}) < len(facts):
        raise ValueError("a factor is stated twice")
    unsaid = [fact.said for fact in facts if fact.said not in values["text"]]
    if unsaid:
        raise ValueError(f"{unsaid[0]!r} is not in the text")
    if values["asked"] is not None and values["asked"] not in FACTORS:
        raise ValueError(f"{values['asked']!r} is no factor")
    unknown = set(values["intents"]) - set(INTENTS)
    if unknown:
        raise ValueError(f"{sorted(unknown)[0]!r} is no intent")
    return Example(
        id=values["id"],
        voice=values["voice"],
        kind=values["kind"],
        asked=values["asked"],
        text=values["text"],
        facts=facts,
        may=may,
        intents=tuple(values["intents"]),
        language=values.get("language"),
    )
