"""Questions to evaluate with: the project's own, and anybody's table of questions with expected passages or answers."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advisor.knowledge.examples import ExamplesError, read_lines

COLUMNS: Final = ("id", "question", "passage", "article", "answer", "answerable", "kind", "voice")
"""What a table, or an object, of one's own may hold; only `question` must be there."""
OWN_KEYS: Final = (*COLUMNS, "parts", "right", "tempting", "side", "note")
YES: Final = ("yes", "true", "1", "y")
NO: Final = ("no", "false", "0", "n")

Span = tuple[str, int, int]
"""An article, and where in its text something starts and ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of an article that answer a question. Without the article's name they may stand in any."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class QuestionCase:
    """A question. A full answer cites one place of each of `parts`, or says what is `expected` in free words where
    nobody noted places; a question with neither cannot be answered.

    `tempting` are places that would be wrong to cite: of the other role, or of the contrary.
    """

    id: str
    question: str
    parts: tuple[tuple[Place, ...], ...] = ()
    tempting: tuple[Place, ...] = ()
    expected: str = ""
    kind: str = ""
    voice: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.parts or self.expected)


def read_question_cases(path: Path) -> tuple[QuestionCase, ...]:
    """All cases of a JSONL or CSV file. Raises `ExamplesError`, naming the line and the column at fault."""
    cases = tuple(_rows(path)) if path.suffix.lower() == ".csv" else read_lines(path, _case)
    twice = [name for name, number in Counter(case.id for case in cases).items() if number > 1]
    if twice or not cases:
        raise ExamplesError(f"{path}: {f'two cases are called {twice[0]!r}' if twice else 'it holds no question'}.")
    return cases


def places(wanted: Place, texts: Mapping[str, str]) -> tuple[Span, ...]:
    """Where the words stand, however the lines are broken. Raises `ExamplesError` where they stand nowhere."""
    words = re.compile(r"\s+".join(map(re.escape, wanted.quote.split())))
    names = [wanted.article] if wanted.article else list(texts)
    found = tuple((name, *at.span()) for name in names for at in words.finditer(texts.get(name, "")) if at[0])
    if found:
        return found
    where = f"The article {wanted.article!r} does not hold" if wanted.article else "No article holds"
    raise ExamplesError(f"{where} the words {wanted.quote!r}. The articles are: {', '.join(texts)}.")


def _rows(path: Path) -> Iterator[QuestionCase]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            unknown = [name for name in table.fieldnames or () if name not in COLUMNS]
            if unknown or "question" not in (table.fieldnames or ()):
                what = f"there is no column {unknown[0]!r}" if unknown else "the column 'question' is missing"
                raise ExamplesError(f"{path}, line 1: {what}. The columns are: {', '.join(COLUMNS)}.")
            for row in table:
                try:
                    yield _case({"id": f"line {table.line_num}", **{k: v for k, v in row.items() if v}})
                except (ValueError, KeyError) as error:
                    raise ExamplesError(f"{path}, line {table.line_num}: {error}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExamplesError(f"{path} cannot be read: {error}") from error


def _case(values: Mapping[str, Any]) -> QuestionCase:
    unknown = [name for name in values if name not in OWN_KEYS]
    if unknown:
        raise ValueError(f"there is no column {unknown[0]!r}; the columns are: {', '.join(COLUMNS)}")
    if not str(values.get("question", "")).strip():
        raise ValueError("the question is empty")
    case = QuestionCase(
        id=str(values.get("id") or values["question"]),
        question=values["question"],
        parts=tuple(_parts(values)),
        tempting=tuple(_place(one) for one in values.get("tempting", ())),
        expected=str(values.get("answer", "")),
        kind=str(values.get("kind", "")),
        voice=str(values.get("voice", "")),
    )
    if "answerable" in values and _truth(values["answerable"]) != case.answerable:
        raise ValueError("what is answerable has a passage or an answer, and nothing else has")
    return case


def _parts(values: Mapping[str, Any]) -> Iterator[tuple[Place, ...]]:
    if values.get("passage"):
        yield (Place(str(values.get("article", "")), str(values["passage"])),)
    for part in values.get("parts", [values["right"]] if values.get("right") else []):
        yield tuple(_place(one) for one in part)


def _place(values: Mapping[str, Any]) -> Place:
    return Place(values["article"], values["quote"])


def _truth(value: object) -> bool:
    if str(value).lower() not in (*YES, *NO):
        raise ValueError(f"answerable is {value!r}; say yes or no")
    return str(value).lower() in YES
