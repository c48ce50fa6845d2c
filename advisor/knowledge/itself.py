"""What people ask of the advisor itself: the subjects, and the examples to tell them by."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from advisor.rows import read_lines

SUBJECTS: Final = ("what_it_is", "method", "sources", "privacy", "take_away", "help", "progress")
ELSEWHERE: Final = "nothing"
"""The subject of a message that asks nothing of the advisor itself."""
CLASSES: Final = (ELSEWHERE, *SUBJECTS)

EXAMPLES: Final = files("advisor.knowledge").joinpath("itself.jsonl")


@dataclass(frozen=True, slots=True)
class SubjectExample:
    """A message, and on which subject it asks something of the advisor itself: one of `CLASSES`."""

    id: str
    subject: str
    text: str


def read_subject_examples(path: Traversable) -> tuple[SubjectExample, ...]:
    """All messages of a JSONL file. Raises `RowsError`."""
    return read_lines(path, _asked)


def _asked(values: Mapping[str, Any]) -> SubjectExample:
    if values["subject"] not in CLASSES:
        raise ValueError(f"{values['subject']!r} is none of {', '.join(CLASSES)}")
    return SubjectExample(values["id"], values["subject"], values["text"])
