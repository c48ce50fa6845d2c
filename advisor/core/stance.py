"""Of whom a sentence speaks, and how often it denies: the two things that similarity of meaning is blind to."""

import re
from collections.abc import Sequence
from typing import Final

from advisor.core.roles import DATA_SCIENTIST, ML_ENGINEER

NAMES: Final = (
    (DATA_SCIENTIST, re.compile(r"\bdata scientists?\b", re.IGNORECASE)),
    (ML_ENGINEER, re.compile(r"\b(?:ml|machine[ -]learning) engineers?\b|\bMLEs?\b", re.IGNORECASE)),
)
DENIAL: Final = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|unlike|rarely|hardly|seldom|refus\w+|declin\w+|"
    r"myth|fail(?:s|ed)? to|unable|lacks?|instead|rather|avoid\w*|except|forbidden)\b|n['’]t\b",
    re.IGNORECASE,
)


def roles_named(text: str) -> frozenset[str]:
    """The roles that `text` calls by name."""
    return frozenset(role for role, name in NAMES if name.search(text))


def order_of_roles(text: str) -> tuple[str, ...]:
    """The roles in the order in which `text` names them, each as often as it is named."""
    found = sorted((match.start(), role) for role, name in NAMES for match in name.finditer(text))
    return tuple(role for _, role in found)


def subject(sentence: str, before: str = "", context: Sequence[str] = ()) -> frozenset[str]:
    """The roles a sentence speaks of: those it names, else those of the nearest words that name any.

    The nearest words are what stands `before` it in its passage, then the passage's context from the inside out.
    """
    around = (sentence, before, *reversed(context))
    return next((roles for text in around if (roles := roles_named(text))), frozenset())


def denials(text: str) -> int:
    """How many words of `text` deny something."""
    return len(DENIAL.findall(text))


def without_roles(text: str) -> str:
    """`text` with the names of the roles left out, so that what is said of them can be compared on its own."""
    for _, name in NAMES:
        text = name.sub("", text)
    return " ".join(text.split())
