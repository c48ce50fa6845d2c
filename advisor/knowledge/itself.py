"""What people ask of the advisor itself: the subjects, the examples to tell them by, and what it says on each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from advisor.errors import KnowledgeError
from advisor.rows import read_lines
from advisor.text import one_line

SUBJECTS: Final = ("what_it_is", "method", "sources", "privacy", "take_away", "help", "progress")
ELSEWHERE: Final = "nothing"
"""The subject of a message that asks nothing of the advisor itself."""
CLASSES: Final = (ELSEWHERE, *SUBJECTS)

_FOLDER: Final = files("advisor.knowledge")
EXAMPLES: Final = _FOLDER.joinpath("itself.jsonl")
TEXTS: Final = _FOLDER.joinpath("itself.toml")


@dataclass(frozen=True, slots=True)
class SubjectExample:
    """A message, and on which subject it asks something of the advisor itself: one of `CLASSES`."""

    id: str
    subject: str
    text: str


def read_subject_examples(path: Traversable) -> tuple[SubjectExample, ...]:
    """All messages of a JSONL file. Raises `RowsError`."""
    return read_lines(path, _asked)


def load_texts() -> Mapping[str, str]:
    """What is said on each subject. Raises `KnowledgeError`."""
    texts: dict[str, str] = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    if set(texts) != set(SUBJECTS):
        raise KnowledgeError(f"itself.toml must tell exactly of {', '.join(SUBJECTS)}.")
    return {subject: one_line(text) for subject, text in texts.items()}


def _asked(values: Mapping[str, Any]) -> SubjectExample:
    if values["subject"] not in CLASSES:
        raise ValueError(f"{values['subject']!r} is none of {', '.join(CLASSES)}")
    return SubjectExample(values["id"], values["subject"], values["text"])
