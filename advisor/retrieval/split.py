"""Articles to passages, along the structure of the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.core.evidence import Article, Passage
from advisor.retrieval.blocks import Block, blocks
from advisor.retrieval.clean import left_out
from advisor.retrieval.read import Format, Source
from advisor.text import one_line

SPLITTER_VERSION: Final = "5"
"""Change it whenever the same text would be split otherwise, or its questions fall to other pieces, so that older
indexes are built again."""
LONGEST_PASSAGE: Final = 700
"""Characters; about 170 tokens, which with its context stays below the 256 that the model reads."""
ANNOUNCES: Final = re.compile(r"^[^.!?]*(?::|\bfollowing\.?)\s*$", re.IGNORECASE)
"""A single sentence that only announces the list after it. It says nothing alone: its items carry it along."""
LONGEST_LEAD_IN: Final = 160
"""Characters up to which the paragraph before a list is taken to introduce it."""


@dataclass(frozen=True, slots=True)
class Left:
    """Words that make no passage, and why: what they are."""

    why: str
    words: str


@dataclass(frozen=True, slots=True)
class Split:
    """The passages of one article, and the words that were left out of them."""

    passages: tuple[Passage, ...]
    left: tuple[Left, ...]


def split_source(source: Source) -> Split:
    """The passages of a document that was read."""
    return split(source.article, source.format)


def split(article: Article, layout: Format) -> Split:
    """One passage for each paragraph, list item and table cell; longer ones are cut at sentence ends.

    For every passage, `article.text[passage.start:passage.end] == passage.text`.
    """
    found = blocks(article.text, layout)
    left = left_out(found)
    kept = [block for index, block in enumerate(found) if index not in left]
    lost = tuple(Left(why, one_line(found[index].text)) for index, why in sorted(left.items()))
    return Split(tuple(_passages(article, kept)), lost)


def _passages(article: Article, kept: Sequence[Block]) -> Iterator[Passage]:
    headings: list[Block] = []
    items: list[Block] = []
    lead_in = ""
    for block, following in zip(kept, [*kept[1:], None], strict=False):
        if block.kind == "heading":
            headings = [heading for heading in headings if heading.level < block.level] + [block]
            lead_in = ""
            continue
        items = [item for item in items if block.kind == "item" and item.level < block.level]
        inner = [heading.text for heading in headings if heading.level > 1] or [h.text for h in headings]
        introduced = [lead_in] if block.kind == "item" else []
        around = [*inner, *introduced, *(item.text for item in items), *block.labels]
        context = tuple(one_line(words) for words in around if words)
        section = " › ".join(one_line(words) for words in inner)
        introduces = block.kind == "paragraph" and following is not None and following.kind == "item"
        for start, end in () if introduces and ANNOUNCES.search(block.text) else _cut(block):
            yield Passage(article.id, article.title, section, start, end, article.text[start:end], context)
        if block.kind == "item":
            items.append(block)
        if block.kind == "paragraph":
            lead_in = block.text if len(block.text) <= LONGEST_LEAD_IN else ""


def _cut(block: Block) -> Iterator[tuple[int, int]]:
    if len(block.text) <= LONGEST_PASSAGE:
        yield block.start, block.end
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=["\n\n", r"(?<=[.!?]) ", "\n", " ", ""],
        is_separator_regex=True,
        keep_separator="start",
        chunk_size=LONGEST_PASSAGE,
        chunk_overlap=0,
        add_start_index=True,
    )
    for document in splitter.create_documents([block.text]):
        start = block.start + int(document.metadata["start_index"])
        yield start, start + len(document.page_content)
