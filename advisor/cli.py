"""The command line."""

import argparse
import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from advisor.errors import AdvisorError
from advisor.text import printable, trail

if TYPE_CHECKING:
    from advisor.api import Advisor
    from advisor.networks.serving import Progress

FAILED: Final = 2
SUITES: Final = ("decisions", "understanding", "questions", "swaps", "guardrails", "itself")
ON_A_FOLDER: Final = {"retrieval": "advisor eval retrieval --beir DIR", "drift": "advisor eval drift DIR"}
"""Suites that measure on a folder of one's own, each run by itself."""
EVALUATE: Final = (
    "Measure the advisor: decisions holds whole conversations; understanding reads single messages; questions answers "
    "from the documents or declines; swaps does so where the other role, or a denial, is the tempting answer; "
    "guardrails refuses or lets pass; itself notices what is asked of the advisor itself; "
    "retrieval measures search alone; drift DIR replays decision records. "
    "Exit code: 0 good, 1 worse than a gate or the report it is compared to, 2 it could not run."
)
EVALS: Final = Path("evals")
INTERRUPTED: Final = 130
MOST_LEFT_OUT_TOLD: Final = 10

EPILOG: Final = """settings (environment variables, or the same without ADVISOR_ in advisor.toml here):
  ADVISOR_HOME     where the index, the networks and the conversations are kept
  ADVISOR_CORPUS   files and folders to work from, separated by your system's path separator;
                   default: what was last ingested, or the three articles that come with the advisor

No network and no language model are used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something measured or verified is not good, 2 it could not
    be done and the message says why."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        code = run(options)
        sys.stdout.flush()
    except AdvisorError as error:
        print(printable(f"advisor: {error}"), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        where = f"{error.filename}: " if error.filename else ""
        hint = "" if error.errno == errno.ENOSPC else " Is ADVISOR_HOME a folder that can be written?"
        print(printable(f"advisor: {where}{error.strerror or error}.{hint}"), file=sys.stderr)
        return FAILED
    except Exception:
        traceback.print_exc()
        print("advisor: This should not have happened. Please report it, with the lines above.", file=sys.stderr)
        return FAILED
    return code


def _discard_output() -> None:
    """What is still to be printed can go nowhere: keep the interpreter from trying again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="advisor",
        description="Which data role should we hire? Asks about a project, recommends a role, quotes every reason.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"advisor {version('hiring-advisor')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    chat = commands.add_parser("chat", help="talk in the terminal")
    chat.add_argument("--jsonl", action="store_true", help="for programs: one message a line in, one reply a line out")
    chat.add_argument(
        "--conversation", metavar="ID", help="go on with a conversation; the page and the terminal tell its id"
    )
    chat.set_defaults(run=_chat)

    ask = commands.add_parser("ask", help="one message, one reply")
    ask.add_argument("message", help="a question about the roles, or a description of a project")
    ask.add_argument("--json", action="store_true", help="print the reply as JSON")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", help="find passages")
    search.add_argument("query", help="what to look for, in any words")
    search.add_argument("-k", type=_positive, default=5, metavar="N", help="how many passages (default: 5)")
    search.add_argument("--json", action="store_true", help="print the passages as JSON")
    search.set_defaults(run=_search)

    serve = commands.add_parser("serve", help="serve the chat page")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=7860, help="port to listen on (default: 7860)")
    serve.set_defaults(run=_serve)

    ingest = commands.add_parser(
        "ingest",
        help="read documents and build the index",
        description="Read documents (Markdown, text, HTML), build their index, and work from them from now on.",
    )
    ingest.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders; none: the present corpus"
    )
    ingest.add_argument("--bundled", action="store_true", help="go back to the articles that come with the advisor")
    ingest.set_defaults(run=_ingest)

    _add_evaluate(commands.add_parser("eval", help="measure the advisor on cases", description=EVALUATE))

    verify = commands.add_parser(
        "verify",
        help="check decision records",
        description="Check decision records: is every quote still exact, and would the same advice be given? "
        "Exit code: 0 all hold, 1 one does not, 2 one cannot be read.",
    )
    verify.add_argument(
        "records", nargs="+", type=Path, metavar="RECORD", help="from the page, or kept with /save in the chat"
    )
    verify.set_defaults(run=_verify)

    check = commands.add_parser("check", help="is this installation sound?")
    check.set_defaults(run=_check)
    return parser


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("suites", nargs="*", metavar="SUITE", help=f"{', '.join(SUITES)}; none: all of these")
    evaluate.add_argument(
        "--split", default="test", choices=["test", "development"], help="which cases (default: test)"
    )
    evaluate.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="your own cases for one suite: one JSON object a line; for questions a CSV table as well",
    )
    evaluate.add_argument("--beir", type=Path, metavar="DIR", help="retrieval: a folder in BEIR's format")
    evaluate.add_argument(
        "--against", type=Path, metavar="REPORT", help="compare, case by case, to a run kept with --out or --json"
    )
    evaluate.add_argument(
        "--out", type=Path, metavar="DIR", help="keep the report there: report.json, .md, .html, and junit.xml"
    )
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")
    evaluate.add_argument("--ablation", action="store_true", help="also with the rules alone and the examples alone")
    evaluate.add_argument(
        "--jobs", type=_positive, metavar="N", help="how many processes to work in (default: one a core, at most 8)"
    )
    evaluate.set_defaults(run=_evaluate)


def _chat(options: argparse.Namespace) -> int:
    from advisor import terminal

    if options.jsonl and options.conversation:
        raise AdvisorError("A conversation of JSON lines is not kept. Give either --jsonl or --conversation.")
    advisor = _open(warm=True)
    if options.jsonl:
        lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        terminal.json_lines(advisor, lines, sys.stdout)
        return 0
    from advisor.dialogue import Dialogue
    from advisor.storage.conversations import Conversations

    kept = Conversations(advisor.settings.conversations)
    begin = partial(Dialogue.begin, advisor, kept)
    name = options.conversation
    terminal.chat(advisor, Dialogue.resume(advisor, kept, name) if name else begin(), begin)
    return 0


def _ask(options: argparse.Namespace) -> int:
    from advisor import terminal

    reply = _open(warm=True).ask(options.message)
    if options.json:
        print(json.dumps(reply.to_dict(), ensure_ascii=False))
    else:
        terminal.show(reply, terminal.console())
    return FAILED if reply.decline and reply.decline.reason in ("unreadable", "too_long") else 0


def _search(options: argparse.Namespace) -> int:
    from advisor.hearing import MOST_CHARACTERS, unreadable

    problem = unreadable(options.query)
    if problem:
        limit = f" Give at most {MOST_CHARACTERS:,} characters." if problem == "too_long" else ""
        what = "is too long" if problem == "too_long" else "holds no words"
        raise AdvisorError(f"The query {what}.{limit}")
    hits = _open().search(options.query, k=options.k)
    if options.json:
        print(json.dumps([hit.to_dict() for hit in hits], ensure_ascii=False))
        return 0
    for hit in hits:
        place = printable(trail(hit.title, hit.section))
        print(f"{hit.score:.2f}  {place}  ({printable(hit.article)} {hit.start}–{hit.end})")
        print(f"      {printable(' '.join(hit.text.split()))}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from advisor.server.run import serve

    serve(_open(warm=True), options.host, options.port)
    return 0


def _ingest(options: argparse.Namespace) -> int:
    from advisor.api import Advisor, ingest
    from advisor.settings import load_settings

    if options.paths and options.bundled:
        raise AdvisorError("Give either documents to ingest or --bundled, not both.")
    settings = load_settings()
    with _progress() as progress:
        built = ingest(settings, options.paths, bundled=options.bundled, progress=progress)
    documents = "1 document" if built.articles == 1 else f"{built.articles} documents"
    print(f"{documents}, {built.passages} passages; {built.embedded} texts embedded, the rest known already.")
    for article, left in built.left.items():
        for one in left[:MOST_LEFT_OUT_TOLD]:
            print(printable(f"{article}: left out as {one.why}: {one.words[:100]}"))
        if len(left) > MOST_LEFT_OUT_TOLD:
            print(printable(f"{article}: and {len(left) - MOST_LEFT_OUT_TOLD} more"))
    with _progress() as progress:
        ingested = options.paths or (() if options.bundled else settings.corpus)
        wording = Advisor.open(replace(settings, corpus=tuple(ingested)), progress=progress).wording
    claims = wording.knowledge.claims
    found = sum(bool(wording.bindings[claim.id]) for claim in claims)
    print(f"{found} of {len(claims)} of the advisor's claims find their words in these documents.")
    if not found:
        print("So questions are not answered from them; the passages that come nearest are named.")
    if (options.paths or options.bundled) and settings.corpus:
        print("Note: ADVISOR_CORPUS is set and wins over what was just ingested; unset it to work from these.")
    elif options.paths:
        print("The advisor now works from these documents. To go back to its own articles: advisor ingest --bundled")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    files = _files_of_cases(options)
    from advisor.evaluation.bench import all_cores
    from advisor.evaluation.run import evaluate

    own_test_split = options.split == "test" and not options.data and files.keys() <= set(SUITES)
    return evaluate(
        _open(), files,
        gates=EVALS / "gates.toml" if own_test_split else None,
        against=options.against, out=options.out, as_json=options.json, ablation=options.ablation,
        jobs=options.jobs or all_cores(),
        show_failures=not own_test_split,
    )  # fmt: skip


def _files_of_cases(options: argparse.Namespace) -> dict[str, Path]:
    """The cases of each suite that was named. Raises `AdvisorError` where that does not make sense."""
    match options.suites:
        case ["drift", folder] if not (options.data or options.beir):
            return {"drift": Path(folder)}
        case ["retrieval"] if options.beir and not options.data:
            return {"retrieval": options.beir}
    names = tuple(dict.fromkeys(options.suites)) or SUITES
    for name in names:
        if name in ON_A_FOLDER or options.beir:
            raise AdvisorError(
                f"This measures on a folder, by itself: {ON_A_FOLDER.get(name, ON_A_FOLDER['retrieval'])}"
            )
        if name not in SUITES:
            raise AdvisorError(f"There is no suite {name!r}. The suites are: {', '.join((*SUITES, *ON_A_FOLDER))}.")
    if options.data and len(names) > 1:
        raise AdvisorError("--data belongs to one suite; name it: advisor eval questions --data FILE")
    files = {name: options.data or EVALS / name / f"{options.split}.jsonl" for name in names}
    lacking = [path for path in files.values() if not path.exists()]
    if lacking:
        raise AdvisorError(
            f"There is no {lacking[0]}. Run this in a checkout of the project, or name your cases with --data."
        )
    return files


def _verify(options: argparse.Namespace) -> int:
    from advisor.records import Record, verify

    records = [(path, Record.read(path)) for path in options.records]
    advisor = _open()
    verified = [(path, verify(record, advisor)) for path, record in records]
    for path, one in verified:
        advice = f"{one.was} then, {one.now} now" if one.moved else one.was
        print(printable(f"{'holds ' if one.holds else 'FAILED'}  {path}: {advice}"))
        for what in (f"no longer in the documents: “{quote}”" for quote in one.lost):
            print(printable(f"        {what}"))
        for reason in one.because:
            print(printable(f"        {reason}"))
        if one.changed:
            print(f"        changed since: {', '.join(one.changed)}")
    return 0 if all(one.holds for _, one in verified) else 1


def _check(options: argparse.Namespace) -> int:
    from advisor.evaluation.soundness import check

    return check()


def _open(*, warm: bool = False) -> "Advisor":
    with _progress() as progress:
        from advisor.api import Advisor

        return Advisor.open(progress=progress, warm=warm)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar on standard error while networks are prepared and texts are read; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar:
        task = bar.add_task("Opening the advisor", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=f"{what}: {done:,} of {of:,}", completed=done, total=of)

        yield tell


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return number


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, from 1 to 65535")
    return number
