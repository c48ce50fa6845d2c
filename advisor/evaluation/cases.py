"""Conversations to evaluate with: what a manager would say, what is true, and which role they should hire."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.roles import RECOMMENDATIONS
from advisor.knowledge.examples import check_values
from advisor.rows import read_lines


@dataclass(frozen=True, slots=True)
class Change:
    """The manager first says `wrong` of `factor`, and later `says` otherwise."""

    factor: str
    wrong: str
    says: str


@dataclass(frozen=True, slots=True)
class Case:
    """`facts` is what is true; `answers` what the manager types when asked, `unknown` when they cannot say.

    `opening_states` are the factors that the opening states, where that is known.
    """

    id: str
    voice: str
    opening: str
    facts: Mapping[str, str]
    answers: Mapping[str, str]
    unknown: str
    recommendation: str
    correction: Change | None = None
    opening_states: tuple[str, ...] = ()


def read_cases(path: Path) -> tuple[Case, ...]:
    """All cases of a JSONL file. Raises `RowsError`."""
    return read_lines(path, _case)


def _case(values: Mapping[str, Any]) -> Case:
    check_values({factor: (value,) for factor, value in values["facts"].items()})
    missing = set(values["facts"]) - set(values["answers"])
    if missing:
        raise ValueError(f"no typed answer for {', '.join(sorted(missing))}")
    if values["recommendation"] not in RECOMMENDATIONS:
        raise ValueError(f"{values['recommendation']!r} is no recommendation")
    change = values.get("correction")
    return Case(
        id=values["id"],
        voice=values["voice"],
        opening=values["opening"],
        facts=values["facts"],
        answers=values["answers"],
        unknown=values["unknown"],
        recommendation=values["recommendation"],
        correction=Change(change["factor"], change["wrong"], change["says"]) if change else None,
        opening_states=tuple(values.get("opening_states", ())),
    )
