"""Questions that passages are known to answer, in other people's words: files beside the documents.

One JSON object a line: {"article": "<id>", "quote": "<exact words of the article>", "questions": ["…", …]}. A corpus
needs none; with them, passages are found for people whose words are far from the documents'.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from advisor.errors import CorpusError
from advisor.rows import numbered_lines

ENDING: Final = ".questions.jsonl"


@dataclass(frozen=True, slots=True)
class Answered:
    """Questions that the words `quote` of an article answer, and the `place` (file and line) that says so."""

    article: str
    quote: str
    questions: tuple[str, ...]
    place: str


def holds_questions(path: Path) -> bool:
    """Whether a file beside the documents holds questions rather than being a document."""
    return path.name.lower().endswith(ENDING)


def read_questions(paths: Sequence[Path]) -> tuple[Answered, ...]:
    """All questions of the files. Raises `CorpusError` naming the line at fault."""
    return tuple(answered for path in paths for answered in _read(path))


def _read(path: Path) -> Iterator[Answered]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    for number, line in numbered_lines(text):
        place = f"{path}, line {number}"
        try:
            values = json.loads(line)
            article, quote, questions = str(values["article"]), str(values["quote"]), values["questions"]
        except (ValueError, TypeError, KeyError) as error:
            raise CorpusError(f"{place}: not an object with article, quote and questions ({error!r})") from error
        if not isinstance(questions, list) or not all(isinstance(one, str) and one.strip() for one in questions):
            raise CorpusError(f"{place}: its questions are not a list of texts")
        yield Answered(article, quote, tuple(questions), place)
