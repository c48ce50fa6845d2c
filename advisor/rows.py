"""Files of one case a row: a JSON object a line, or a table as spreadsheets save it."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS: Final = ",;\t"
MOST_FAULTS_TOLD: Final = 5


class RowsError(AdvisorError):
    """A file that cannot be used; names the file, and what is wrong in which of its lines."""


class Named(Protocol):
    """What a row holds has a name of its own, by which it is told."""

    @property
    def id(self) -> str: ...


Parsed = TypeVar("Parsed", bound=Named)
Raw = TypeVar("Raw")
Row = Mapping[str, Any]
Parse = Callable[[Row], Parsed]
"""Makes something of a row. Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` where it cannot."""


def read_lines(path: Traversable, parse: Parse[Parsed]) -> tuple[Parsed, ...]:
    """What each line of a JSONL file holds. Raises `RowsError`."""
    return _all(path, numbered_lines(_text(path)), lambda line: parse(json.loads(line)))


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of JSONL that are not blank, with their numbers. Other ends of lines, such as U+2028, stand in JSON."""
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def read_table(path: Traversable, columns: Sequence[str], needed: str, parse: Parse[Parsed]) -> tuple[Parsed, ...]:
    """What each row of a CSV table holds, its empty cells left out. A row without an `id` is called by its line.

    Raises `RowsError`, for a column that is none of `columns`, or where the `needed` one is missing, as well.
    """
    text = _text(path)
    head, *_ = text.split("\n", 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
    names = [name.strip() for name in next(reader, [])]
    unknown = [name for name in names if name and name not in columns]
    if unknown or needed not in names:
        what = f"there is no column {unknown[0]!r}" if unknown else f"the column {needed!r} is missing"
        raise RowsError(f"{path}, line 1: {what}. The columns are: {', '.join(columns)}.")

    def parse_cells(called: str, cells: Sequence[str]) -> Parsed:
        if any(cells[len(names) :]):
            raise ValueError("there are more cells than columns")
        filled = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        return parse({"id": called, **filled})

    return _all(path, _numbered(path, reader), lambda row: parse_cells(*row))


def _numbered(path: Traversable, reader: "Reader") -> Iterator[tuple[int, tuple[str, list[str]]]]:
    """The line in which each row starts that is not empty, what that calls it, and its cells."""
    start = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, (f"line {start}", cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise RowsError(f"{path}, line {reader.line_num}: {error}") from error


def _text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RowsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise RowsError(f"{path} is no text in UTF-8 ({error}). Save a spreadsheet as CSV in UTF-8.") from error


def _all(path: Traversable, rows: Iterable[tuple[int, Raw]], parse: Callable[[Raw], Parsed]) -> tuple[Parsed, ...]:
    """What the rows hold, unless one of them cannot be used; all that is wrong is told at once."""
    parsed, faults = [], []
    for number, raw in rows:
        try:
            parsed.append(parse(raw))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(f"line {number}: " + (f"no {error}" if isinstance(error, KeyError) else str(error)))
    names = Counter(one.id for one in parsed)
    faults += [f"{number} rows are called {name!r}" for name, number in names.items() if number > 1]
    if faults:
        raise RowsError(told(path, faults))
    if not parsed:
        raise RowsError(f"{path} is empty.")
    return tuple(parsed)


def told(path: Traversable, faults: Sequence[str]) -> str:
    """The first of the faults of a file, in words."""
    if len(faults) == 1:
        return f"{path}, {faults[0]}"
    more = [f"and {len(faults) - MOST_FAULTS_TOLD} more"] if len(faults) > MOST_FAULTS_TOLD else []
    return "\n  ".join((f"{path}:", *faults[:MOST_FAULTS_TOLD], *more))
