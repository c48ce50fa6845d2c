"""A text as a sequence of blocks: headings, paragraphs, list items and table cells, each with its exact place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, Literal

from advisor.core.stance import roles_named

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["heading", "paragraph", "item", "cell", "html"]

BULLET: Final = re.compile(r"\s*(?:[-*+•–▪◦‣]|\d{1,3}[.)])\s+")
UNESCAPED_PIPE: Final = re.compile(r"(?<!\\)\|")
QUOTE_MARKS: Final = re.compile(r"\s*(?:>\s?)+")
SENTENCE_END: Final = re.compile(r"[.!:;,…][\"'”’)]*$")
LONGEST_HEADING: Final = 90
FEWEST_LINES_IN_A_ROW: Final = 3
"""Lines in a row that look like headings from which they are none."""
LONGEST_WRAPPED_LINE: Final = 120


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text at `start`:`end`.

    `level` is the depth of a heading (1 the highest) or of a list item. `labels` are a cell's row and column
    labels. What stands in Markdown as HTML is not looked into.
    """

    kind: Kind
    start: int
    end: int
    text: str
    level: int = 0
    labels: tuple[str, ...] = ()


def blocks(text: str, layout: Literal["markdown", "text"]) -> tuple[Block, ...]:
    """The blocks of `text`, whose lines end with "\\n", in reading order.

    `text[block.start:block.end] == block.text` for each.
    """
    return tuple(_markdown_blocks(text) if layout == "markdown" else _text_blocks(text))


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text.rstrip())

    @property
    def bare(self) -> str:
        return self.text.strip()


def _lines(text: str) -> list[_Line]:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(_Line(at, line))
        at += len(line) + 1
    return lines


def _block(text: str, kind: Kind, start: int, end: int, level: int = 0, labels: tuple[str, ...] = ()) -> Block:
    return Block(kind, start, end, text[start:end], level, labels)


def _markdown_blocks(text: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    lines = _lines(text)
    depth = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        if token.map is None:
            continue
        covered = lines[token.map[0] : token.map[1]]
        if token.type == "table_open":
            yield from _table(text, [covered[0], *covered[2:]])
        elif token.type == "heading_open":
            yield from _heading(text, covered[0], token)
        elif token.type == "html_block" and not covered[0].bare.startswith("<!--"):
            yield _block(text, "html", covered[0].start, covered[-1].end)
        elif token.type in ("paragraph_open", "fence", "code_block"):
            start, end = covered[0].start, covered[-1].end
            marker = BULLET.match(text, start, end) if depth else None
            start = marker.end() if marker else start + len(covered[0].text) - len(covered[0].text.lstrip(" >"))
            if start < end:
                yield _block(text, "item" if depth else "paragraph", start, end, depth)


def _heading(text: str, line: _Line, token: "Token") -> Iterator[Block]:
    start = line.start + len(line.text) - len(line.text.lstrip(" #"))
    end = line.start + len(line.text.rstrip(" #")) if token.markup.startswith("#") else line.end
    if start < end:
        yield _block(text, "heading", start, end, int(token.tag[1]))


def _text_blocks(text: str) -> Iterator[Block]:
    """The blocks of plain text. Of many lines in a row that look like headings all but the last are paragraphs, and
    the last too where it heads nothing."""
    for (kind, _), group in groupby(_text_lines(text), key=lambda block: (block.kind, block.level)):
        run = list(group)
        are_lines = kind == "heading" and (len(run) >= FEWEST_LINES_IN_A_ROW or run[-1].end == len(text.rstrip()))
        heads = run[-1] if are_lines and run[-1].end < len(text.rstrip()) else None
        yield from (replace(one, kind="paragraph", level=0) if are_lines and one is not heads else one for one in run)


def _text_lines(text: str) -> Iterator[Block]:
    lines = _lines(text)
    width = max((len(line.text) for line in lines), default=0)
    seen_heading = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.bare:
            at += 1
            continue
        size = _table_size(lines, at)
        if size:
            yield from _table(text, lines[at : at + size])
            at += size
            continue
        last = at
        while last + 1 < len(lines) and _is_wrapped(lines[last], lines[last + 1], width):
            last += 1
        marker = BULLET.match(line.text)
        start = line.start + (marker.end() if marker else len(line.text) - len(line.text.lstrip()))
        if marker:
            yield _block(text, "item", start, lines[last].end, 1)
        elif last == at and _is_heading(line.bare):
            yield _block(text, "heading", start, line.end, 2 if seen_heading else 1)
            seen_heading = True
        else:
            yield _block(text, "paragraph", start, lines[last].end)
        at = last + 1


def _is_wrapped(line: _Line, following: _Line, width: int) -> bool:
    """Whether the paragraph goes on: the next line's first word would not have fitted on this one."""
    if width > LONGEST_WRAPPED_LINE or not following.bare or BULLET.match(following.text):
        return False
    return len(line.text.rstrip()) + 1 + len(following.bare.split()[0]) > width


def _is_heading(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and not SENTENCE_END.search(line) and line[0].isupper()


def _table_size(lines: list[_Line], at: int) -> int:
    size = 0
    while at + size < len(lines) and lines[at + size].bare.startswith("|") and lines[at + size].bare.count("|") > 1:
        size += 1
    return size if size > 1 else 0


def _table(text: str, rows: list[_Line]) -> Iterator[Block]:
    """The cells below the header row. The first column labels its row, unless there are two that each speak of a role
    and stand side by side. Of three columns or more it is a label and nothing else.
    """
    quoted = [mark.end() if (mark := QUOTE_MARKS.match(row.text)) else 0 for row in rows]
    if all(quoted):
        rows = [_Line(row.start + at, row.text[at:]) for row, at in zip(rows, quoted, strict=True)]
    header = [cell.text for cell in _cells(text, rows[0])]
    side_by_side = len(header) == 2 and all(map(roles_named, header))
    for row in rows[1:]:
        cells = _cells(text, row)
        only_label = len(header) > 2 and any(cell.text for cell in cells[1:])
        for column, cell in enumerate(cells):
            if not cell.text or (only_label and column == 0) or set(cell.text) <= set("-: "):
                continue
            row_label = cells[0].text if column and not side_by_side else ""
            column_label = header[column] if column < len(header) else ""
            labels = tuple(label for label in (row_label, column_label) if label)
            yield _block(text, "cell", cell.start, cell.start + len(cell.text), labels=labels)


def _cells(text: str, row: _Line) -> list[_Line]:
    bare_start = row.start + len(row.text) - len(row.text.lstrip())
    edges = [row.start + found.start() for found in UNESCAPED_PIPE.finditer(row.text)]
    if not edges or edges[0] != bare_start:
        edges.insert(0, bare_start - 1)
    if edges[-1] != row.end - 1:
        edges.append(row.end)
    cells = []
    for left, right in pairwise(edges):
        raw = text[left + 1 : right]
        start = left + 1 + len(raw) - len(raw.lstrip())
        cells.append(_Line(start, raw.strip()))
    return cells
