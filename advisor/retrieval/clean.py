"""What of an article makes no passage: repeats of itself, advertisements, and HTML in Markdown.

Nothing is cut from the article's text. Blocks are only left out of the passages, and named when documents are
ingested, so that a line wrongly taken for an advertisement can be seen.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from advisor.core.stance import roles_named
from advisor.retrieval.blocks import Block
from advisor.text import one_line

ADVERTISEMENT: Final = re.compile(
    "|".join(
        (
            r"^(?:please )?contact us[.!]?$",
            r"^(?:need|looking|want|ready)\b.{0,60}\b(?:help|hire|team|talent|experts?|developers?|quote|demo)\b.{0,60}"
            r"\?(?:\s*contact us.*)?$",
            r"^download (?:the|our|your|a) (?:free )?(?:white ?paper|e-?book|guide|report|brochure)",
            r"\bsubscribe\b.{0,200}\b(?:newsletter|channel|get|free)\b|\bnewsletter\b.{0,200}\bsubscribe\b",
            r"\bfree (?:weekly )?newsletter\b",
            r"^(?:check out|explore|browse|discover) (?:our|\w+['’]s)\b.{0,60}"
            r"\b(?:course|certification|program|programme|training|bootcamp)s?\b",
            r"^(?:related|recommended|popular) (?:article|post|read|reading)s?\b",
            r"^you (?:can|may|might) also (?:read|like)\b|^(?:also read|read (?:more|also|next)|read it in)\b",
            r"^(?:go )?(?:back )?to all (?:articles|posts)$",
            r"^\d{1,3} min(?:ute)?s?(?: read)?$",
            r"^(?:sign up|register now|enrol now|enroll now|book a (?:demo|call)|get started|view details|share this)"
            r"(?: \w+){0,3}[.!]?$",
            r"^let me know (?:which|what|in the comments)\b",
            r"^(?:course schedule|course name|batch type)$",
            r"^(?:i have|we have|here is a|here's a).{0,20}(?:linked|link|great article)\b",
        )
    ),
    re.IGNORECASE,
)
DATE_ALONE: Final = re.compile(r"^(?:\w+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? \w+ \d{4}|\d{4}-\d\d-\d\d)$")
LONG_ENOUGH_TO_REPEAT: Final = 60


def left_out(blocks: Sequence[Block]) -> dict[int, str]:
    """Which blocks make no passage, by index, and why: what they are."""
    return {
        **dict.fromkeys(_repeats(blocks), "a repeat"),
        **{index: "advertising" for index, block in enumerate(blocks) if _advertises(block)},
        **{index: "HTML" for index, block in enumerate(blocks) if block.kind == "html"},
    }


def _advertises(block: Block) -> bool:
    words = one_line(block.text)
    return bool(DATE_ALONE.match(words)) or any(map(ADVERTISEMENT.search, (words, *block.labels)))


def _repeats(blocks: Sequence[Block]) -> Iterator[int]:
    """Blocks that say again what an earlier one said; under a role's heading, of that role.

    A long block is a repeat by itself. A short one ("Typical responsibilities include:") can rightly stand twice,
    so it is a repeat only in a repeated run: the block before or after it followed, or preceded, it earlier too.
    """
    words, sides = [_normalised(block) for block in blocks], list(_sides(blocks))
    again = list(_said_before(words, sides))
    run = [False, *_said_before(list(pairwise(words)), sides[1:]), False]
    for index, word in enumerate(words):
        if again[index] and (len(word) >= LONG_ENOUGH_TO_REPEAT or run[index] or run[index + 1]):
            yield index


def _said_before(words: Sequence[Hashable], sides: Sequence[str]) -> Iterator[bool]:
    """For each of `words` whether the same stood earlier; what is said of a role, whether of that role."""
    told = defaultdict[Hashable, set[str]](set)
    for word, side in zip(words, sides, strict=True):
        yield side in told[word] if side else bool(told[word])
        told[word].add(side)


def _sides(blocks: Sequence[Block]) -> Iterator[str]:
    """For each block that names no role itself the role that the nearest heading above it to name one alone names; ""
    for all others."""
    above: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            above = [*(heading for heading in above if heading.level < block.level), block]
        named = [] if roles_named(block.text) else [roles_named(heading.text) for heading in above]
        yield next((role for roles in reversed(named) if len(roles) == 1 for role in roles), "")


def _normalised(block: Block) -> str:
    parts: Iterable[str] = (*block.labels, block.text)
    return " ".join(" ".join(parts).casefold().split())
