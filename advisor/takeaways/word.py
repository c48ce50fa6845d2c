"""A Markdown document as one for Word: headings, paragraphs, lists, quotes, tables, emphasis."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from advisor.text import printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from markdown_it.token import Token

CELLS: Final = ("th_open", "td_open")
WITHIN: Final = {"bullet_list_open": "List Bullet", "blockquote_open": "Quote"}
"""The style of paragraphs within a list, or a quote."""


def to_docx(text: str) -> bytes:
    """The Markdown as a .docx file: what the module names, for nothing else is in our documents."""
    import docx

    document = docx.Document()
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink"])
    tokens = parser.parse(text)
    _write(document, tokens)
    about = document.core_properties
    about.title, about.author = next((one.content for one in tokens if one.type == "inline"), ""), "Hiring advisor"
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _write(document: "Document", tokens: "Sequence[Token]") -> None:
    styles = ["Normal"]
    rest = iter(tokens)
    for token in rest:
        if token.type == "table_open":
            _table(document, list(_until("table_close", rest)))
        elif token.type == "heading_open":
            level = int(token.tag[1:])
            _fill(document.add_heading(level=0 if level == 1 else level - 1), next(rest))
        elif token.type in WITHIN:
            styles.append(WITHIN[token.type])
        elif token.type.replace("_close", "_open") in WITHIN:
            styles.pop()
        elif token.type == "inline":
            _fill(document.add_paragraph(style=styles[-1]), token)


def _until(last: str, tokens: "Iterator[Token]") -> "Iterator[Token]":
    for token in tokens:
        if token.type == last:
            return
        yield token


def _table(document: "Document", tokens: "Sequence[Token]") -> None:
    columns = sum(token.type == "th_open" for token in tokens)
    contents = (tokens[place + 1] for place, token in enumerate(tokens) if token.type in CELLS)
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    while row := list(islice(contents, columns)):
        for cell, content in zip(table.add_row().cells, row, strict=True):
            _fill(cell.paragraphs[0], content)
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _fill(paragraph: "Paragraph", inline: "Token") -> None:
    """Put the words of an inline token into a paragraph."""
    bold = italic = False
    pieces: Iterable[Token] = inline.children or ()
    for piece in pieces:
        if piece.tag == "strong":
            bold = piece.nesting > 0
        elif piece.tag == "em":
            italic = piece.nesting > 0
        else:
            run = paragraph.add_run(printable(piece.content or " "))
            run.bold, run.italic = bold or None, italic or None
