"""The files that can be taken away from a kept conversation, by their names."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from advisor.api import Advisor
from advisor.dialogue import Dialogue
from advisor.records import Record, RecordError
from advisor.takeaways.word import to_docx
from advisor.takeaways.write import NothingToWriteError, comparison, job_description, memo

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Final = {"md": "text/markdown", "docx": WORD, "html": "text/html", "json": "application/json"}

Paper = Callable[[str], str]
"""Makes a Markdown document a page to read and to print."""


@dataclass(frozen=True, slots=True)
class File:
    """A file: its name, its media type, and what is in it."""

    name: str
    kind: str
    content: bytes


DOCUMENTS: Final[Mapping[str, Callable[[Advisor, Dialogue], str]]] = {
    "memo": lambda advisor, dialogue: memo(advisor, dialogue.turns[-1].state.situation, f"{date.today():%d %B %Y}"),
    "job": lambda advisor, dialogue: job_description(advisor, dialogue.turns[-1].state.situation),
    "roles": lambda advisor, dialogue: comparison(advisor),
}


def take_away(advisor: Advisor, dialogue: Dialogue, name: str, paper: Paper) -> File:
    """The file called `name`: a document with the ending of its format, or record.json.

    Raises `NothingToWriteError`.
    """
    document, _, ending = name.partition(".")
    if name == "record.json":
        content = _record(advisor, dialogue).to_json()
    elif document in DOCUMENTS and ending in ("md", "docx", "html"):
        text = DOCUMENTS[document](advisor, dialogue)
        content = to_docx(text) if ending == "docx" else (paper(text) if ending == "html" else text).encode()
    else:
        known = ", ".join(f"{one}.md, {one}.docx, {one}.html" for one in DOCUMENTS)
        raise NothingToWriteError(f"There is no {name!r}. There are {known} and record.json.")
    return File(name, KINDS[ending], content)


def _record(advisor: Advisor, dialogue: Dialogue) -> Record:
    try:
        record = Record.of(advisor, advisor.resume(dialogue.turns[-1].state))
    except RecordError as error:
        raise NothingToWriteError(str(error)) from error
    return replace(record, feedback=tuple(asdict(one) for one in dialogue.feedback()))
