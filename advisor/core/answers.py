"""Which words of the corpus make up the answer to a question about the roles, and of which role they speak."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.core.evidence import Candidate, Quote
from advisor.core.roles import DATA_SCIENTIST, ML_ENGINEER
from advisor.core.stance import subject

MOST_QUOTES: Final = 3
MOST_COMPARED: Final = 2
"""Quotes for each role where the two are set side by side."""
CLOSE_TO_BEST: Final = 0.08
"""How far below the best piece's score another one may lie and still be part of the answer."""

COMPARABLE: Final = 0.25
"""How far below it words on one role may lie to be set beside those on the other."""
COMPARES: Final = re.compile(
    r"\b(?:differ\w*|distinguish\w*|distinction|compare[ds]?|comparing|comparison|versus|vs|contrast\w*|side by side"
    r"|(?:tell|keep|set) (?:\w+ ){0,3}apart|respectively|(?:each|both) of (?:them|the two|these)|in common|overlap\w*"
    r"|do (?:they|the two|both) share)\b",
    re.IGNORECASE,
)
"""A question that asks about the two roles beside each other."""
SIDES: Final = (DATA_SCIENTIST, ML_ENGINEER)


@dataclass(frozen=True, slots=True)
class Finding:
    """A quote that answers, the labels under which it stands, and the roles of which it speaks."""

    quote: Quote
    labels: tuple[str, ...]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What answers a question, the best first. `columns` are set where the roles are compared: one for each role."""

    findings: tuple[Finding, ...]
    columns: tuple[tuple[Finding, ...], ...] = ()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(finding.quote for finding in self.findings)

    @property
    def side(self) -> str | None:
        """The one role of which all of it speaks, if it is one."""
        named = {finding.roles for finding in self.findings}
        only = next(iter(named)) if len(named) == 1 else frozenset[str]()
        return next(iter(only)) if len(only) == 1 else None


def compose(question: str, candidates: Sequence[Candidate]) -> Answer:
    """The answer to a question from what was found, the best first; empty where nothing was."""
    if not candidates:
        return Answer(())
    close = list(_distinct(_close(candidates, candidates[0].score)))
    columns = _columns(candidates) if COMPARES.search(question) else ()
    beside = [finding for column in columns for finding in column]
    alone = [finding for finding in map(_finding, close[:MOST_QUOTES]) if finding not in beside]
    if columns:
        return Answer((*(one for one in alone if len(one.roles) != 1), *beside), columns)
    return Answer(tuple(alone))


def _columns(candidates: Sequence[Candidate]) -> tuple[tuple[Finding, ...], ...]:
    """The best words for each role, or nothing where there are none worth comparing for one of them."""
    columns = []
    worth_comparing = _close(candidates, candidates[0].score, COMPARABLE)
    for side in SIDES:
        of_side = [candidate for candidate in worth_comparing if _roles(candidate) == frozenset({side})]
        near = _close(of_side, of_side[0].score) if of_side else []
        columns.append(tuple(map(_finding, list(_distinct(near))[:MOST_COMPARED])))
    return tuple(columns) if all(columns) else ()


def _close(candidates: Sequence[Candidate], best: float, below: float = CLOSE_TO_BEST) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.score >= best - below]


def _distinct(candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """The candidates without those whose words, under the same labels, came before."""
    said = set()
    for candidate in candidates:
        words = " ".join(candidate.piece.text.casefold().split()), _roles(candidate)
        if words not in said:
            said.add(words)
            yield candidate


def _finding(candidate: Candidate) -> Finding:
    return Finding(candidate.piece, candidate.passage.context, _roles(candidate))


def _roles(candidate: Candidate) -> frozenset[str]:
    before = candidate.passage.text[: candidate.piece.start - candidate.passage.start]
    return subject(candidate.piece.text, before, candidate.passage.context)
