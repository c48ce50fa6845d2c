"""Takes off the disguises of words that are spelt so that a filter would not read them: base64, rot13, l33t.

What comes out is only ever looked at for orders to the advisor, never for facts.
"""

import base64
import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

BASE64: Final = re.compile(r"(?<![\w+/])[\w+/-]{20,}={0,2}(?![\w+/=])", re.ASCII)
ENGLISH: Final = frozenset(
    ("all", "always", "and", "answer", "are", "both", "for", "forget", "from", "have", "hire", "ignore", "instructions",
     "must", "not", "now", "only", "previous", "prompt", "recommend", "rules", "say", "tell", "that", "the", "this",
     "what", "will", "with", "you", "your")
)  # fmt: skip
"""Words of which none is the rot13 of an everyday word."""
FEWEST_ENGLISH_WORDS: Final = 2
LEET_WORD: Final = re.compile(r"(?<![\w@$])[a-z013457@$]{3,}(?![\w@$])", re.IGNORECASE | re.ASCII)
LEET_INSIDE: Final = re.compile(r"[a-z][013457@$]+[a-z]", re.IGNORECASE)
FEWEST_LEET_WORDS: Final = 2
LEET: Final = (str.maketrans("013457@$", "oieastas"), str.maketrans("013457@$", "oleastas"))
"""A 1 stands for an i or an l."""
SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W_][ .*_-]{1,3}){6,}[^\W_](?![^\W_])")


def undisguised(message: str) -> Iterator[str]:
    """Readings of the message with a disguise taken off; none where it wears none."""
    shown = "".join(one for one in unicodedata.normalize("NFKC", message) if unicodedata.category(one) != "Cf")
    readings = (shown, _from_base64(shown), _from_rot13(shown), *_from_leet(shown), _from_spaced(shown))
    yield from (plain for plain in dict.fromkeys(readings) if plain and plain != message)


def _from_base64(message: str) -> str:
    return " ".join(filter(None, map(_decoded, BASE64.findall(message))))


def _decoded(word: str) -> str:
    """What a word says in base64, or nothing where that is no text."""
    bare = word.rstrip("=")
    try:
        text = " ".join(base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_").decode().split())
    except ValueError:
        return ""
    return text if text.isprintable() and " " in text else ""


def _from_rot13(message: str) -> str:
    turned = codecs.encode(message, "rot13")
    return turned if len(ENGLISH & set(re.findall(r"\w+", turned.casefold()))) >= FEWEST_ENGLISH_WORDS else ""


def _from_leet(message: str) -> Iterator[str]:
    words = [word for word in LEET_WORD.findall(message) if LEET_INSIDE.search(word)]
    if len(words) >= FEWEST_LEET_WORDS:
        yield from (LEET_WORD.sub(partial(_in_letters, letters), message) for letters in LEET)


def _in_letters(letters: Mapping[int, int], word: re.Match[str]) -> str:
    """A word with letters for its figures; what is all figures is a number."""
    return word[0] if word[0].isdigit() else word[0].translate(letters)


def _from_spaced(message: str) -> str:
    return SPACED.sub(lambda found: " ".join(re.sub(r"[\W_]", "", word) for word in found[0].split("  ")), message)
