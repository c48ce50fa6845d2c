"""Files and folders to articles. Markdown, plain text and HTML; anything else is refused by name."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from advisor.core.evidence import Article
from advisor.errors import CorpusError
from advisor.retrieval.questions import ENDING

Format = Literal["markdown", "text"]
"""How the text is laid out. HTML is turned into Markdown when it is read."""

SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
}
HTML_FURNITURE = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg")
MOST_CHARACTERS = 20_000_000
PDF = b"%PDF"
"""How such a file begins."""
TITLE_WITHIN_BLOCKS = 3
"""A heading further down than this is not the title of the document."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its article, how that is laid out, and the SHA-256 of the file."""

    path: Path
    sha256: str
    article: Article
    format: Format


def find_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """All files under `paths`, folders walked in order of name, hidden files left out.

    Raises `CorpusError` naming every path that does not exist, cannot be opened or holds no document.
    """
    files: list[Path] = []
    problems: list[str] = []
    for path in paths:
        try:
            found = [path, *_questions_beside(path)] if path.is_file() else sorted(_walk(path))
        except OSError as error:
            problems.append(f"{path}: {error.strerror or error}")
            continue
        files.extend(file for file in found if file not in files)
        if not found:
            problems.append(f"{path}: no document in this folder")
    _refuse(problems)
    return tuple(files)


def fingerprint_files(files: Sequence[Path]) -> dict[str, str]:
    """The SHA-256 of each file, by its path. Raises `CorpusError` for files that cannot be opened."""
    return {str(path): hashlib.sha256(_bytes(path)).hexdigest() for path in files}


def read_sources(files: Sequence[Path]) -> tuple[Source, ...]:
    """Every file as a source. Raises `CorpusError` naming all files at fault at once; nothing is read by half."""
    sources: list[Source] = []
    problems: list[str] = []
    ids: set[str] = set()
    for path in files:
        try:
            source = _read(path, _free_id(path, ids))
        except CorpusError as error:
            problems.append(str(error))
        else:
            sources.append(source)
            ids.add(source.article.id)
    _refuse(problems)
    return tuple(sources)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise CorpusError(f"These documents cannot be used, and nothing was changed:\n{listed}")


def _questions_beside(path: Path) -> Iterator[Path]:
    beside = path.with_name(f"{path.stem}{ENDING}")
    if beside != path and beside.is_file():
        yield beside


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():  # a link can lead round in a circle
                yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _free_id(path: Path, taken: set[str]) -> str:
    stem = path.stem
    if stem not in taken:
        return stem
    return next(name for number in range(2, len(taken) + 3) if (name := f"{stem}-{number}") not in taken)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror or error}") from error


def _read(path: Path, article_id: str) -> Source:
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise CorpusError(
            f"{path}: {path.suffix or 'a file without an ending'} is not supported. "
            f"Save it as one of {', '.join(sorted(SUFFIXES))}, or move it elsewhere"
        )
    raw = _bytes(path)
    if raw.startswith(PDF):
        raise CorpusError(f"{path}: a PDF, whatever its name says. Save its words as Markdown, text or HTML")
    text = _decode(raw, path)
    title = ""
    if kind == "html":
        try:
            text, title = _html_to_markdown(text)
        except RecursionError as error:
            raise CorpusError(f"{path}: its elements are nested too deeply to be read") from error
    elif kind == "markdown":
        text, title = _split_front_matter(text, path)
    if not text.strip():
        raise CorpusError(f"{path}: the file holds no text")
    layout: Format = "text" if kind == "text" else "markdown"
    article = Article(article_id, _plain(title or _first_title(text, layout)) or path.stem, text)
    return Source(path, hashlib.sha256(raw).hexdigest(), article, layout)


def _plain(title: str) -> str:
    """A title on one line, without what cannot be printed."""
    return " ".join("".join(character if character.isprintable() else " " for character in title).split())


def _decode(raw: bytes, path: Path) -> str:
    encoding = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path}: not {error.encoding} text (byte {error.start + 1} is {raw[error.start]:#04x}). Save it as UTF-8"
        ) from error
    if "\0" in text:
        raise CorpusError(f"{path}: a binary file, not text")
    if len(text) > MOST_CHARACTERS:
        raise CorpusError(f"{path}: {len(text):,} characters; split it into files of at most {MOST_CHARACTERS:,}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split_front_matter(text: str, path: Path) -> tuple[str, str]:
    """The body, and the title given in YAML front matter (or an empty string)."""
    import yaml

    opening, _, rest = text.partition("\n")
    if opening.strip() != "---":
        return text, ""
    header, fence, body = rest.partition("\n---\n")
    if not fence:
        return text, ""
    try:
        values = yaml.safe_load(header)
    except (yaml.YAMLError, ValueError) as error:  # such as a date that does not exist
        raise CorpusError(f"{path}: its front matter is not YAML ({error})".replace("\n", " ")) from error
    if not isinstance(values, dict):
        return text, ""  # a rule, and words up to the next one
    return body.lstrip("\n"), str(values.get("title") or "")


def _html_to_markdown(text: str) -> tuple[str, str]:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    page = BeautifulSoup(text, "html.parser")
    title = page.title.get_text(" ", strip=True) if page.title else ""
    for element in page(HTML_FURNITURE):
        element.decompose()
    body = page.body or page
    converter = MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        strip=["a", "img", "b", "strong", "i", "em"],
        escape_misc=False,
        escape_asterisks=False,
        escape_underscores=False,
    )
    return str(converter.convert_soup(body)).strip() + "\n", title


def _first_title(text: str, layout: Format) -> str:
    from advisor.retrieval.blocks import blocks
    from advisor.retrieval.clean import ADVERTISEMENT

    opening = blocks(text, layout)[:TITLE_WITHIN_BLOCKS]
    headings = [block.text for block in opening if block.kind == "heading" and not ADVERTISEMENT.search(block.text)]
    return next((words for words in headings if len(words.split()) > 1), next(iter(headings), ""))
