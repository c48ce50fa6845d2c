"""Foreign text made fit to show: safe for a terminal, and inside Markdown."""

import re
from typing import Final

MARKUP: Final = re.compile(r"([\\`*_\[\]<>!|~#&$])")


def printable(text: str) -> str:
    """`text` without control characters, which a terminal would obey; line ends are kept."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


def markdown_literal(text: str) -> str:
    """`text` so that Markdown shows it as it is: no image, link or HTML in it can take effect."""
    return MARKUP.sub(r"\\\1", text)


def trail(*parts: str) -> str:
    """Where something stands, from the outside in."""
    return " › ".join(part for part in parts if part)
