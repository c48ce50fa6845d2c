"""What is embedded: each piece of a passage with its context, and the questions that it is known to answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from advisor.core.evidence import Article, Passage, Quote, sentences
from advisor.core.stance import roles_named, subject
from advisor.errors import CorpusError
from advisor.retrieval.questions import Answered

Kind = Literal["words", "question"]
LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that stands for a piece of a passage: its own words in their context, or a question it answers.

    `role` is the one role that the piece is said to be of by its labels alone, or an empty text.
    """

    kind: Kind
    text: str
    passage: Passage
    piece: Quote
    role: str = ""


def entries(passages: Sequence[Passage], answered: Sequence[Answered], articles: Sequence[Article]) -> list[Entry]:
    """All entries of a corpus: first the pieces, in the passages' order, then the questions.

    Raises `CorpusError` for quotes that are not in their article, or in no passage of it.
    """
    words = [
        Entry("words", passage.in_context(piece.text), passage, piece, role)
        for passage, role in ((passage, _role_of_labels(passage)) for passage in passages)
        for piece in sentences(passage)
    ]
    questions, lost = [], []
    texts = {article.id: article.text for article in articles}
    for one in answered:
        starts = _places(one.quote, texts.get(one.article, ""))
        found = [
            entry
            for entry in words
            if any(_overlaps(entry.piece, one.article, start, len(one.quote)) for start in starts)
        ]
        if not found:
            lost.append(
                f"{one.place}: the article {one.article!r} has no passage with the words {one.quote!r}"
                if one.article in texts
                else f"{one.place}: there is no article {one.article!r}; the articles are: {', '.join(texts)}"
            )
        questions += [replace(entry, kind="question", text=text) for entry in found for text in one.questions]
    if lost:
        more = f"\n  and {len(lost) - LISTED} more" if len(lost) > LISTED else ""
        listed = "\n".join(f"  {line}" for line in lost[:LISTED])
        raise CorpusError(f"These questions belong to no words of the documents; nothing was changed:\n{listed}{more}")
    return words + questions


def _role_of_labels(passage: Passage) -> str:
    roles = frozenset() if roles_named(passage.text) else subject("", "", passage.context)
    return next(iter(roles)) if len(roles) == 1 else ""


def _places(quote: str, text: str) -> list[int]:
    """Where each occurrence of a quote, as whole words, starts: what stands twice answers the same questions twice."""
    return [match.start() for match in re.finditer(rf"(?<!\w){re.escape(quote)}(?!\w)", text)] if quote else []


def _overlaps(piece: Quote, article: str, start: int, length: int) -> bool:
    return piece.article == article and piece.start < start + length and start < piece.end
