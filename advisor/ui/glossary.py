"""Words of the trade, explained where they stand."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

TOO_COMMON: Final = ("model", "data scientist", "machine learning", "ML engineer", "scale")
"""In many sentences here, or a word of everyday as well; these are only in the list."""


@cache
def glossary() -> Mapping[str, str]:
    """What each word means."""
    return tomllib.loads(files("advisor.ui").joinpath("glossary.toml").read_text(encoding="utf-8"))


def explained(text: str) -> Markup:
    """`text` as HTML, in which the first of each word of the trade tells what it means when it is pressed or pointed
    at; `anchor` says by which element of the page."""
    told: set[str] = set()

    def explain(found: re.Match[str]) -> Markup:
        name = _names()[found[0].casefold()]
        if name in told:
            return Markup.escape(found[0])
        told.add(name)
        return Markup('<button type="button" class="term" popovertarget="{}" title="{}">{}</button>').format(
            anchor(name), glossary()[name], found[0]
        )

    pieces, at = [], 0
    for found in _words().finditer(text):
        pieces += [Markup.escape(text[at : found.start()]), explain(found)]
        at = found.end()
    return Markup("").join([*pieces, Markup.escape(text[at:])])


def anchor(word: str) -> str:
    """The id of the element that tells what a word means."""
    return f"meaning-{word.replace(' ', '-')}"


@cache
def _names() -> Mapping[str, str]:
    return {name.casefold(): name for name in glossary() if name not in TOO_COMMON}


@cache
def _words() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
