"""Questions to evaluate with: the project's own, and anybody's table of questions with expected passages or answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advisor.rows import RowsError, read_lines, read_table

COLUMNS: Final = ("id", "question", "passage", "article", "answer", "answerable", "kind", "voice")
"""What a table, or an object, of one's own may hold; only `question` must be there."""
OWN_KEYS: Final = (*COLUMNS, "parts", "right", "tempting", "side", "note")
TABLES: Final = (".csv", ".tsv")
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
    nobody noted places. A question with neither can be answered only where that is `said`.

    `tempting` are places that would be wrong to cite: of the other role, or of the contrary.
    """

    id: str
    question: str
    parts: tuple[tuple[Place, ...], ...] = ()
    tempting: tuple[Place, ...] = ()
    expected: str = ""
    kind: str = ""
    voice: str = ""
    said: bool | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.parts or self.expected or self.said)

    @property
    def places_noted(self) -> bool:
        """Whether it is known which quotes would be right: those of `parts`, or none where it cannot be answered."""
        return bool(self.parts) or not self.answerable

    @property
    def noted(self) -> bool:
        """Whether anything was noted on what answers it."""
        return self.answerable or self.said is not None


def read_question_cases(path: Path) -> tuple[QuestionCase, ...]:
    """All cases of a JSONL or CSV file. Raises `RowsError`, naming the line and the column at fault."""
    is_table = path.suffix.lower() in TABLES
    cases = read_table(path, COLUMNS, "question", _case) if is_table else read_lines(path, _case)
    if not any(case.noted for case in cases):
        raise RowsError(f"{path} does not say what answers any question. Give a passage, an answer, or answerable.")
    return cases


def places(wanted: Place, texts: Mapping[str, str]) -> tuple[Span, ...]:
    """Where the words stand, however the lines are broken. Raises `ValueError` where they stand nowhere."""
    words = re.compile(r"\s+".join(map(re.escape, wanted.quote.split())))
    names = [wanted.article] if wanted.article else list(texts)
    found = tuple((name, *at.span()) for name in names for at in words.finditer(texts.get(name, "")) if at[0])
    if found:
        return found
    where = f"the article {wanted.article!r} does not hold" if wanted.article else "no article holds"
    raise ValueError(f"{where} the words {wanted.quote!r}")


def _case(values: Mapping[str, Any]) -> QuestionCase:
    unknown = [name for name in values if name not in OWN_KEYS]
    if unknown:
        raise ValueError(f"there is no column {unknown[0]!r}; the columns are: {', '.join(COLUMNS)}")
    values = {name: value for name, value in values.items() if value not in (None, "")}
    if not str(values.get("question", "")).strip():
        raise ValueError("the question is empty")
    case = QuestionCase(
        id=str(values.get("id", values["question"])),
        question=str(values["question"]),
        parts=tuple(_parts(values)),
        tempting=tuple(_place(one) for one in values.get("tempting", ())),
        expected=str(values.get("answer", "")),
        kind=str(values.get("kind", "")),
        voice=str(values.get("voice", "")),
        said=_truth(values["answerable"]) if "answerable" in values else None,
    )
    if case.said is False and case.answerable:
        raise ValueError("it has a passage or an answer, and is said not to be answerable")
    return case


def _parts(values: Mapping[str, Any]) -> Iterator[tuple[Place, ...]]:
    if values.get("passage"):
        yield (Place(str(values.get("article", "")), str(values["passage"])),)
    for part in values.get("parts", [values["right"]] if values.get("right") else []):
        yield tuple(_place(one) for one in part)


def _place(values: Mapping[str, Any]) -> Place:
    return Place(values["article"], values["quote"])


def _truth(value: object) -> bool:
    said = str(value).strip().lower()
    if said not in (*YES, *NO):
        raise ValueError(f"answerable is {value!r}; say yes or no")
    return said in YES
