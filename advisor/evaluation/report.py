"""What an evaluation found: figures, tables, plots and cases, the same for every suite."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from advisor.errors import AdvisorError
from advisor.evaluation.statistics import Proportion


class ReportError(AdvisorError):
    """A report that was saved cannot be read."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % interval, where it has one, out of `of` cases. `gate` is what it must reach: from below,
    or from above where `lower_is_better`."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    of: int | None = None
    lower_is_better: bool = False
    gate: float | None = None

    @property
    def passes(self) -> bool:
        """Whether it reaches its gate, if it has one."""
        if self.gate is None:
            return True
        return self.value <= self.gate if self.lower_is_better else self.value >= self.gate


def share(name: str, proportion: Proportion, *, lower_is_better: bool = False) -> Figure:
    """A share as a figure."""
    return Figure(
        name, proportion.share, proportion.low, proportion.high, proportion.of, lower_is_better=lower_is_better
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under a head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote in its place: the words of its passage `before` and `after` it, and whether it was right to cite it."""

    article: str
    section: str
    before: str
    quote: str
    after: str
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One case: what was said, what was wanted, what came of it, whether that is good, and the quotes in it.

    `way` tells in which way it was gone through, where there are several.
    """

    id: str
    good: bool
    said: str
    wanted: str
    got: str
    cited: tuple[Cited, ...] = ()
    way: str = ""

    @property
    def name(self) -> str:
        return f"{self.id} {self.way}".strip()


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """What one suite found on one file of cases. `plots` are SVG, by title. `timings` differ from run to run, and are
    shown but not kept."""

    suite: str
    data: str
    data_sha256: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()
    cases: tuple[CaseReport, ...] = ()
    plots: Mapping[str, str] = field(default_factory=dict)
    timings: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[CaseReport, ...]:
        return tuple(case for case in self.cases if not case.good)

    def gated(self, gates: Mapping[str, float]) -> "SuiteReport":
        """The report with what each figure must reach. Raises `ReportError` for a gate without a figure."""
        unknown = set(gates) - {figure.name for figure in self.figures}
        if unknown:
            raise ReportError(f"There is no figure {sorted(unknown)[0]!r} in {self.suite}, which a gate names.")
        figures = tuple(dataclasses.replace(one, gate=gates.get(one.name, one.gate)) for one in self.figures)
        return dataclasses.replace(self, figures=figures)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. `about` says what was measured: hashes of the corpus, the rules and the models."""

    about: Mapping[str, str]
    suites: tuple[SuiteReport, ...]

    def to_json(self) -> str:
        """The report as JSON; two runs on the same give the same text."""
        kept = dataclasses.asdict(self)
        for suite in kept["suites"]:
            del suite["timings"], suite["plots"]
        return json.dumps(_rounded(kept), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, path: Path) -> Self:
        """A report that was saved: a file, or the folder in which it was kept. Raises `ReportError`."""
        file = path / "report.json" if path.is_dir() else path
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            return cls(kept["about"], tuple(_suite(suite) for suite in kept["suites"]))
        except OSError as error:
            raise ReportError(f"{path}: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ReportError(f"{path} is no report of `advisor eval --json` ({error!r}).") from error

    def figures(self) -> Iterator[tuple[SuiteReport, Figure]]:
        yield from ((suite, figure) for suite in self.suites for figure in suite.figures)


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of the contents of files, one after the other, hexadecimal."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _suite(kept: Mapping[str, Any]) -> SuiteReport:
    return SuiteReport(
        suite=kept["suite"],
        data=kept["data"],
        data_sha256=kept["data_sha256"],
        figures=tuple(Figure(**figure) for figure in kept["figures"]),
        tables=tuple(Table(one["title"], tuple(one["head"]), tuple(map(tuple, one["rows"]))) for one in kept["tables"]),
        cases=tuple(CaseReport(**{**one, "cited": tuple(Cited(**c) for c in one["cited"])}) for one in kept["cases"]),
    )


def _rounded(value: Any) -> Any:
    """Floats to six places, so that no last digit of a sum makes two runs differ."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def listed(shares: Mapping[str, Proportion], what: str) -> Table:
    """Shares by some property, as a table."""
    rows = tuple((key, f"{one.share:.3f}", f"{one.right} of {one.of}") for key, one in shares.items())
    return Table(f"by {what}", (what, "share", "cases"), rows)


def counted(counts: Mapping[str, int], title: str, what: str) -> Table:
    """How often each of something."""
    return Table(title, (what, "cases"), tuple((key, str(number)) for key, number in counts.items()))


def matrix(pairs: Mapping[tuple[str, str], int], title: str, names: Sequence[str], others: Sequence[str]) -> Table:
    """How often each of `names` was taken for each of `others`."""
    rows = tuple((name, *(str(pairs.get((name, other), "")) for other in others)) for name in names)
    return Table(title, ("expected \\ got", *others), rows)
