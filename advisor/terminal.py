"""The chat in a terminal, and the same replies as JSON lines for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from advisor.api import Advisor, Conversation
from advisor.core.replies import Reply
from advisor.errors import AdvisorError
from advisor.language.reading import COUNTED
from advisor.text import markdown_literal, one_line, printable, trail

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.dialogue import Dialogue

HELP: Final = (
    "Type an answer, its number, or a question. /undo takes the last thing back, /save FILE keeps a record of the "
    "decision, /restart starts over, /help shows this, /quit ends."
)
WIDEST: Final = 100


def console(file: IO[str] | None = None) -> "Console":
    """A console that wraps at a readable width, with colours on a terminal only."""
    from rich.console import Console

    made = Console(file=file or sys.stdout, highlight=False, soft_wrap=False)
    made.width = min(made.width, WIDEST)
    return made


def chat(advisor: Advisor, dialogue: "Dialogue", begin: Callable[[], "Dialogue"]) -> None:
    """Go on with a conversation until the user leaves: /quit, or the end of the input. `begin` makes a new one."""
    out = console()
    out.print(HELP, style="dim")
    show(dialogue.reply, out)
    for line in _lines_typed():
        if line.lower() in ("/quit", "/exit", "quit", "exit"):
            break
        if line.startswith("/save"):
            out.print(_saved(advisor, dialogue, line.removeprefix("/save").strip()), markup=False)
            continue
        if line == "/restart":
            dialogue = begin()
        elif line == "/undo":
            _try(dialogue.undo, dialogue, out)
        elif line.startswith("/"):
            out.print(HELP, style="dim")
            continue
        elif _number(dialogue.reply, line) == 0:
            options = dialogue.reply.question.options if dialogue.reply.question else ()
            out.print(f"Please choose 1 to {len(options)}, or say it in words.")
            continue
        elif line:
            _answer(dialogue, line, out)
        else:
            continue
        show(dialogue.reply, out)
    out.print(f"Goodbye. To go on later: advisor chat --conversation {dialogue.id}", style="dim", markup=False)


def show(reply: Reply, out: "Console") -> None:
    """Print a reply: its text, numbered options, and the quotes that it cites."""
    from rich.markdown import Markdown
    from rich.text import Text

    out.print()
    out.print(Markdown(printable(reply.text)))
    if reply.question:
        out.print()
        for number, option in enumerate(reply.question.options, start=1):
            mark = "-" if reply.question.factor in COUNTED else f"{number}."
            out.print(Text(f"  {mark} {option.label}"))
    if reply.citations:
        out.print()
    for citation in reply.citations:
        quoted = citation.quote
        words = one_line(quoted.text)
        shown_above = markdown_literal(words) in reply.text
        out.print(Text(f"[{citation.id}] " + ("as above" if shown_above else f"“{printable(words)}”"), style="italic"))
        out.print(Text(f"    {printable(trail(quoted.title, quoted.section))}", style="dim"))
    out.print()


def json_lines(advisor: Advisor, lines: Iterable[str], out: IO[str]) -> None:
    """One message a line in, one reply a line out.

    A message is plain text, `{"message": …}` or `{"choose": {"factor": …, "value": …}}`. What cannot be done is
    told as `{"error": …}`, and the conversation goes on.
    """
    conversation = advisor.start()
    for line in lines:
        try:
            answer = _take(conversation, line.rstrip("\r\n")).to_dict()
        except AdvisorError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)


def _take(conversation: Conversation, line: str) -> Reply:
    request = _request(line)
    if not isinstance(request, dict):
        return conversation.send(line)
    if set(request) == {"message"} and isinstance(request["message"], str):
        return conversation.send(request["message"])
    choice = request.get("choose") if set(request) == {"choose"} else None
    if isinstance(choice, dict) and set(choice) == {"factor", "value"}:
        return conversation.choose(str(choice["factor"]), str(choice["value"]))
    raise AdvisorError(
        'A line is plain text, {"message": "…"} or {"choose": {"factor": "…", "value": "…"}}; '
        f"this one has {', '.join(map(repr, request)) or 'nothing in it'}."
    )


def _request(line: str) -> Any:
    """What a line that opens with a brace says as JSON, if it is JSON at all."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _answer(dialogue: "Dialogue", line: str, out: "Console") -> None:
    """Say what was typed, or choose what it is the number of."""
    question, number = dialogue.reply.question, _number(dialogue.reply, line)
    if question and number:
        value = question.options[number - 1].value
        _try(lambda: dialogue.choose(question.factor, value), dialogue, out)
    else:
        _try(lambda: dialogue.say(line), dialogue, out)


def _try(act: Callable[[], object], dialogue: "Dialogue", out: "Console") -> None:
    """Do something in a conversation, or tell why that cannot be done, and where it stands by now."""
    try:
        act()
    except AdvisorError as error:
        out.print(str(error), markup=False)
        dialogue.catch_up()


def _number(reply: Reply, line: str) -> int | None:
    """The number of the option that the line names; 0 where it is that of none, None where it is no such number."""
    by_number = reply.question is not None and reply.question.factor not in COUNTED
    if not (reply.question and by_number and line.isascii() and line.isdigit()):
        return None
    numbers = {str(number): number for number in range(1, len(reply.question.options) + 1)}
    return numbers.get(line.lstrip("0"), 0)


def _saved(advisor: Advisor, dialogue: "Dialogue", name: str) -> str:
    """What came of keeping a record."""
    from advisor.takeaways.files import record

    if not name:
        return "Say where: /save decision.json"
    try:
        record(advisor, dialogue).keep(Path(name).expanduser())
    except AdvisorError as error:
        return str(error)
    except OSError as error:
        return f"{name} cannot be written: {error.strerror or error}."
    return f"Kept in {name}. Check it at any later time with: advisor verify {name}"


def _lines_typed() -> Iterator[str]:
    while True:
        try:
            yield input("> ").strip()
        except EOFError:
            return
