"""Whether two people wrote the same."""

import re


def same_words(text: str) -> str:
    """What two texts have in common that differ in case, spaces and punctuation alone."""
    return re.sub(r"\W+", " ", text.casefold()).strip()
