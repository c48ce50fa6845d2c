"""Foreign text made fit to show, safe for a terminal and inside Markdown; and fit to compare."""

import re
from collections.abc import Sequence
from typing import Final

MARKUP: Final = re.compile(r"([\\`*_\[\]<>!|~#&$])")
NO_WORDS: Final = re.compile(r"[^\w+#]+")


def printable(text: str) -> str:
    """`text` without control characters, which a terminal would obey; line ends are kept."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


def markdown_literal(text: str) -> str:
    """`text` so that Markdown shows it as it is: no image, link or HTML in it can take effect."""
    return MARKUP.sub(r"\\\1", text)


def bare_words(text: str) -> str:
    """The words of `text` alone, whatever their case, the spaces and the punctuation."""
    return " ".join(NO_WORDS.sub(" ", text.casefold()).split())


def trail(*parts: str) -> str:
    """Where something stands, from the outside in."""
    return " › ".join(part for part in parts if part)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words, one at least, as a list in a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def one_line(text: str) -> str:
    """`text` without line ends, each run of blanks as one."""
    return " ".join(text.split())
