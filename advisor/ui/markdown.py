"""Markdown as HTML that is safe to show: whatever it holds, nothing but text, emphasis, lists, tables and quotes.

Images, links and HTML in it are shown as they are written.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

MARKER: Final = re.compile(r"\[(\d{1,3})\]")
BEGIN, END = "\ue000", "\ue001"
"""Stand in the text where a quote begins and ends; of a private area, and taken out of what is shown."""
PIECE: Final = re.compile(r"<[^>]*>|[^<]+")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    parser.disable(
        ["image", "link", "autolink", "html_inline", "html_block", "reference", "entity"], ignoreInvalid=True
    )
    parser.inline.ruler.before("emphasis", "citation", _citation)
    return parser


def _citation(state: StateInline, silent: bool) -> bool:
    """Takes [n], where n is the id of a citation of the reply that is rendered."""
    found = MARKER.match(state.src, state.pos)
    if not found or int(found[1]) not in state.env.get("citations", {}):
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = citation_link(int(found[1]), state.env["citations"][int(found[1])])
    state.pos = found.end()
    return True


def citation_link(number: int, address: str) -> str:
    """The mark of a citation, which leads to its place."""
    return f'<sup class="cite"><a href="{escape(address)}" data-source aria-label="Source {number}">{number}</a></sup>'


def to_html(text: str, citations: Mapping[int, str] | None = None) -> Markup:
    """Markdown as HTML; [n] leads to the address of the citation n."""
    return Markup(_parser().render(_without_marks(text), {"citations": citations or {}}))  # noqa: S704


def highlighted(text: str, start: int, end: int) -> Markup:
    """Markdown as HTML, in which the words that are `text[start:end]` are marked, and nothing else is."""
    clean = text.replace(BEGIN, " ").replace(END, " ")
    marked = f"{clean[:start]}{BEGIN}{clean[start:end]}{END}{clean[end:]}" if start < end else clean
    return Markup("".join(_mark(_parser().render(marked, {}))))  # noqa: S704


def _mark(html: str) -> Iterator[str]:
    """HTML in which all text between `BEGIN` and `END` is marked, element by element; the first has the id "quote"."""
    within, name = False, ' id="quote"'
    for piece in PIECE.findall(html):
        for part in [piece] if piece.startswith("<") else re.split(f"({BEGIN}|{END})", piece):
            if part in (BEGIN, END):
                within = part == BEGIN
            elif within and part.strip() and not part.startswith("<"):
                yield f"<mark{name}>{part}</mark>"
                name = ""
            else:
                yield part


def _without_marks(text: str) -> str:
    return text.replace(BEGIN, "").replace(END, "")
