"""Slips of the keyboard, made on purpose, so that what is learned bears them."""

import random
from typing import Final

SLIPS: Final = 0.06
"""The part of the letters that a misspelt text gets wrong."""

NEIGHBOURS: Final = {
    "a": "sqz", "b": "vgn", "c": "xdv", "d": "sfc", "e": "wrd", "f": "dgv", "g": "fhb", "h": "gjn", "i": "uok",
    "j": "hk", "k": "jl", "l": "ko", "m": "nk", "n": "bm", "o": "ipl", "p": "o", "q": "wa", "r": "etf", "s": "ad",
    "t": "ryg", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xa",
}  # fmt: skip
"""The keys around each key."""


def misspelt(text: str, draw: random.Random) -> tuple[str, list[int]]:
    """The text with letters left out, doubled or taken from the next key, and where each place of it has moved."""
    written, moved = "", []
    for letter in text:
        moved.append(len(written))
        if letter.isascii() and letter.isalpha() and draw.random() < SLIPS:
            written += draw.choice(("", "", letter * 2, draw.choice(NEIGHBOURS[letter.lower()])))
        else:
            written += letter
    return written, [*moved, len(written)]
