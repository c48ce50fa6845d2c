"""Articles, passages and exact quotes.

A quote is a slice of an article's text and nothing else: it is found by comparing characters, without any
tolerance, so that a quote which was shortened, joined or reworded can never pass for one.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SENTENCE_BREAK: Final = re.compile(r"""(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<=[.!?"”’)])\s+(?=["“‘(]?[A-Z0-9])""")
LONGEST_CONTEXT: Final = 240
"""Characters of each heading, label or outer item that are compared along with the words beneath it."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document of the corpus. Every offset in the project counts characters of `text`."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article: `text` is `article_text[start:end]`.

    `context` holds the words that give the piece its meaning but stand elsewhere: headings, the sentence that
    introduces a list, the labels of a table cell's column and row.
    """

    article: str
    title: str
    section: str
    start: int
    end: int
    text: str
    context: tuple[str, ...] = ()

    @property
    def contextual_text(self) -> str:
        """The passage together with its context."""
        return self.in_context(self.text)

    def in_context(self, words: str) -> str:
        """Some of its words together with its context: what is embedded and compared, never what is quoted. Of long
        headings, labels and outer items only the beginning is taken, so that they do not crowd out the words."""
        return "\n".join((*(part[:LONGEST_CONTEXT] for part in self.context), words))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search, with its score, at most 1."""

    passage: Passage
    score: float

    @property
    def article(self) -> str:
        return self.passage.article

    @property
    def title(self) -> str:
        return self.passage.title

    @property
    def section(self) -> str:
        return self.passage.section

    @property
    def start(self) -> int:
        return self.passage.start

    @property
    def end(self) -> int:
        return self.passage.end

    @property
    def text(self) -> str:
        return self.passage.text

    def to_dict(self) -> dict[str, str | int | float]:
        """The hit as JSON-ready data, in the shape that `advisor search --json` prints."""
        return {
            "score": round(self.score, 4),
            "article": self.article,
            "title": self.title,
            "section": self.section,
            "start": self.start,
            "end": self.end,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact slice of an article, with its place and the SHA-256 of the quoted words (UTF-8, hexadecimal)."""

    article: str
    title: str
    section: str
    text: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of a passage (a sentence, a list item, a table cell) that may answer a question.

    `meaning` is the cosine similarity of the question to the piece in its context, `asked` that to the nearest
    question which the piece is known to answer (or `meaning`, where none is known), `words` its BM25 score as a share
    of the best piece's; `score` combines them.
    """

    piece: Quote
    passage: Passage
    meaning: float
    asked: float
    words: float
    score: float


Bindings = Mapping[str, tuple[Quote, ...]]
"""The quotes that support each claim, by the claim's id; an empty tuple where the corpus has none."""


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def quote(passage: Passage, start: int | None = None, end: int | None = None) -> Quote:
    """The whole passage as a quote, or the part of it from `start` to `end` (offsets in the article).

    Raises `ValueError` when that part is empty or reaches out of the passage.
    """
    first = passage.start if start is None else start
    last = passage.end if end is None else end
    if not passage.start <= first < last <= passage.end:
        raise ValueError(f"{first}:{last} is no part of the passage {passage.start}:{passage.end}.")
    words = passage.text[first - passage.start : last - passage.start]
    return Quote(passage.article, passage.title, passage.section, words, first, last, fingerprint(words))


def find_quote(words: str, passage: Passage) -> Quote | None:
    """The first place in `passage` where `words` stand exactly, or None."""
    at = passage.text.find(words) if words.strip() else -1
    return None if at < 0 else quote(passage, passage.start + at, passage.start + at + len(words))


def verify(quoted: Quote, article_text: str) -> bool:
    """Whether the quote is exactly what the article says at its place."""
    return (
        0 <= quoted.start < quoted.end <= len(article_text)
        and article_text[quoted.start : quoted.end] == quoted.text
        and fingerprint(quoted.text) == quoted.sha256
    )


def sentences(passage: Passage) -> tuple[Quote, ...]:
    """The passage's sentences, in order."""
    edges = [0, *(found.end() for found in SENTENCE_BREAK.finditer(passage.text)), len(passage.text)]
    spans = ((left, left + len(passage.text[left:right].rstrip())) for left, right in pairwise(edges))
    return tuple(quote(passage, passage.start + left, passage.start + right) for left, right in spans if left < right)
