"""Conversations to evaluate with: what a manager would say, what is true, and which role they should hire."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.core.facts import FACTORS, allowed_values
from advisor.core.roles import RECOMMENDATIONS
from advisor.errors import AdvisorError


class CasesError(AdvisorError):
    """A file of cases that cannot be used; names the file, the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """The manager first says `wrong` of `factor`, and later `says` otherwise."""

    factor: str
    wrong: str
    says: str


@dataclass(frozen=True, slots=True)
class Case:
    """`facts` is what is true; `answers` what the manager types when asked, `unknown` when they cannot say."""

    id: str
    voice: str
    opening: str
    facts: Mapping[str, str]
    answers: Mapping[str, str]
    unknown: str
    recommendation: str
    correction: Change | None = None


def read_cases(path: Path) -> tuple[Case, ...]:
    """All cases of a JSONL file. Raises `CasesError`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"{path} cannot be read: {error}") from error
    cases = tuple(_cases(path, lines))
    if not cases:
        raise CasesError(f"{path} holds no cases.")
    return cases


def _cases(path: Path, lines: list[str]) -> Iterator[Case]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _case(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise CasesError(f"{path}, line {number}: {what}") from error


def _case(values: Mapping[str, Any]) -> Case:
    for factor, value in values["facts"].items():
        if factor not in FACTORS or value not in allowed_values(factor):
            raise ValueError(f"{factor} = {value} does not exist")
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
    )
