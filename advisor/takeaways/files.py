"""The files that can be taken away from a kept conversation, by their names."""

from collections.abc import Callable, Mapping, Set
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from advisor.api import Advisor
from advisor.core.evidence import Quote
from advisor.dialogue import Dialogue
from advisor.records import Record, RecordError
from advisor.storage.conversations import Feedback
from advisor.takeaways.word import to_docx
from advisor.takeaways.write import NothingToWriteError, comparison, job_description, memo

RECORD: Final = "decision-record.json"
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
    "decision-memo": lambda advisor, dialogue: memo(
        advisor,
        dialogue.situation,
        f"{date.today():%d %B %Y}",
        doubted=_doubted(dialogue),
        pending=dialogue.turns[-1].state.pending,
    ),
    "job-description": lambda advisor, dialogue: job_description(advisor, dialogue.situation),
    "roles-compared": lambda advisor, dialogue: comparison(advisor),
}


def take_away(advisor: Advisor, dialogue: Dialogue, name: str, paper: Paper) -> File:
    """The file called `name`: a document with the ending of its format, or decision-record.json.

    Raises `NothingToWriteError`.
    """
    document, _, ending = name.partition(".")
    if name == RECORD:
        content = record(advisor, dialogue).to_json()
    elif document in DOCUMENTS and ending in ("md", "docx", "html"):
        text = DOCUMENTS[document](advisor, dialogue)
        content = to_docx(text) if ending == "docx" else (paper(text) if ending == "html" else text).encode()
    else:
        known = ", ".join(f"{one}.md, {one}.docx, {one}.html" for one in DOCUMENTS)
        raise NothingToWriteError(f"There is no {name!r}. There are {known} and {RECORD}.")
    return File(name, KINDS[ending], content)


def record(advisor: Advisor, dialogue: Dialogue) -> Record:
    """What a conversation has come to, with what somebody thought of it. Raises `NothingToWriteError`."""
    try:
        made = Record.of(advisor, advisor.resume(dialogue.turns[-1].state))
    except RecordError as error:
        raise NothingToWriteError(str(error)) from error
    return replace(made, feedback=tuple(_judged(dialogue, one) for one in dialogue.feedback()))


def _doubted(dialogue: Dialogue) -> Set[Quote]:
    """The quotes that somebody called the wrong evidence."""
    judged = (_quote(dialogue, one) for one in dialogue.feedback() if one.opinion == "wrong_evidence")
    return {quote for quote in judged if quote}


def _judged(dialogue: Dialogue, feedback: Feedback) -> dict[str, Any]:
    """An opinion, with the quote that it is about: the record's own citations have other numbers."""
    quote = _quote(dialogue, feedback)
    named = {"quote" if name == "text" else name: value for name, value in asdict(quote).items()} if quote else None
    return {"turn": feedback.turn, "opinion": feedback.opinion, "quote": named}


def _quote(dialogue: Dialogue, feedback: Feedback) -> Quote | None:
    cited = dialogue.turns[feedback.turn].reply.citations
    return next((one.quote for one in cited if one.id == feedback.citation), None)
