"""A question that leans on the one before it, said in full."""

import re
from typing import Final

from advisor.core.roles import DATA_SCIENTIST, ML_ENGINEER
from advisor.core.stance import roles_named, without_roles

NAMES: Final = {DATA_SCIENTIST: "the data scientist", ML_ENGINEER: "the ML engineer"}
OTHER: Final = {DATA_SCIENTIST: ML_ENGINEER, ML_ENGINEER: DATA_SCIENTIST}
LONGEST: Final = 9
"""Words; a longer question stands by itself."""
LEANS: Final = re.compile(
    r"^\W*(?:(?:ok|okay|so|right|hm+|ah|oh)\W+){0,3}(?:and|what about|how about|same|also|or|but)\b", re.IGNORECASE
)
"""How a question begins that leans on the one before."""
ABOUT: Final = re.compile(r"\b(?:what|how) about\b", re.IGNORECASE)
"""A question that names another thing to tell of the same role."""
THE_OTHER: Final = re.compile(r"\bthe other(?: one| role| person| guy| side)?\b|\bvice versa\b", re.IGNORECASE)
ENGINEER: Final = re.compile(r"\b(?:the |(?:the |an? )?(?:ml|machine[ -]learning) )engineers?\b", re.IGNORECASE)
SCIENTIST: Final = re.compile(r"\b(?:the |(?:the |a )?data )scientists?\b", re.IGNORECASE)
"""The roles as they are called once it is clear who is meant."""
THIS_PERSON: Final = re.compile(
    r"\b(?:this|that|the new|my new|our new) (?:person|hire|role|guy|woman|colleague|expert)\b", re.IGNORECASE
)
"""Whoever was just advised to be hired."""
FILLERS: Final = re.compile(
    r"\b(?:and|what|how|about|same|also|or|but|then|so|ok|okay|for|with|of|the|a|an|is|are|it|that|this|too|please|"
    r"question|does|do|would|will|other|one|role|person|guy|side|thanks)\b|\W",
    re.IGNORECASE,
)
"""What a question may hold besides what it asks for."""


def in_full(question: str, before: str, side: str | None) -> str:
    """`question` as it would be asked by itself, `before` being the question before it and `side` the one role that
    the answer to that spoke of. A question that does not lean on another is left as it is."""
    if not before or len(question.split()) > LONGEST or not (LEANS.search(question) or THE_OTHER.search(question)):
        return question
    was = _role(before) or side
    now = _role(question) or (OTHER[was] if was and THE_OTHER.search(question) else None)
    topic = FILLERS.sub("", SCIENTIST.sub("", ENGINEER.sub("", THE_OTHER.sub("", without_roles(question)))))
    if not topic and now:
        return _asked_of(before, was, now)
    role = now or (was if ABOUT.search(question) else None)
    return f"{question.strip()} ({NAMES[role]})" if role and not _role(question) else question


def of_the_hire(question: str, hire: str | None) -> str:
    """`question` asked of the role `hire` where it speaks of that person and names no role."""
    return THIS_PERSON.sub(NAMES[hire], question) if hire in NAMES and not _role(question) else question


def _asked_of(before: str, was: str | None, now: str) -> str:
    """The question `before`, asked of the role `now`."""
    named = {DATA_SCIENTIST: SCIENTIST, ML_ENGINEER: ENGINEER}.get(was or "")
    if named and named.search(before):
        return named.sub(NAMES[now], before)
    return f"{before.rstrip(' ?.!')} – for {NAMES[now]}?"


def _role(text: str) -> str | None:
    """The one role that a question names, if it names one."""
    named = set(roles_named(text))
    named |= {DATA_SCIENTIST} if SCIENTIST.search(text) else set()
    named |= {ML_ENGINEER} if ENGINEER.search(text) else set()
    return next(iter(named)) if len(named) == 1 else None
