"""What the bundled corpus is asked for in vain."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from advisor.rows import read_lines

UNANSWERED: Final = files("advisor.knowledge").joinpath("unanswered.jsonl")

MISSING: Final = {
    "nothing": "",
    "pay": "what people are paid",
    "law": "contracts, dismissal or the law",
    "time": "how long things take",
    "number": "numbers of that kind",
    "other_role": "other professions",
    "process": "how to find, test and choose applicants",
    "named_thing": "",
    "false_premise": "",
    "too_specific": "",
    "career": "titles, promotion and careers",
    "workplace": "where and how people work",
    "supply": "suppliers, equipment and budgets",
    "own_company": "your own company",
}
"""What a question may ask for that the corpus does not hold, and how to name it where there is a name for it."""

GAPS: Final = ("pay", "law", "time", "other_role", "process", "career", "workplace", "supply")
"""Those of them that matter to whoever hires, and that no document on the roles alone would tell."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the bundled corpus does not answer, and what is missing: a key of `MISSING`."""

    id: str
    question: str
    missing: str


def load_unanswered() -> tuple[Unanswered, ...]:
    """All questions that the search learned to leave unanswered. Raises `RowsError`."""
    return read_lines(Path(str(UNANSWERED)), _unanswered)


def _unanswered(values: Mapping[str, Any]) -> Unanswered:
    if values["missing"] not in MISSING:
        raise ValueError(f"{values['missing']!r} is none of {', '.join(MISSING)}")
    return Unanswered(values["id"], values["question"], values["missing"])
