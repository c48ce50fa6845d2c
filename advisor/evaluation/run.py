"""Runs suites, compares them to what they must reach and to a recorded run, and tells and keeps what was found."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from advisor.api import Advisor
from advisor.errors import AdvisorError
from advisor.evaluation.bench import Bench, progress
from advisor.evaluation.compare import Difference, check_comparable, compare, is_worse
from advisor.evaluation.page import to_html
from advisor.evaluation.render import to_console, to_junit, to_markdown, told, verdict
from advisor.evaluation.report import Report
from advisor.evaluation.suites import run

WIDTH: Final = 120
GOOD: Final = 0
WORSE: Final = 1


def evaluate(
    advisor: Advisor,
    files: Mapping[str, Path],
    *,
    gates: Path | None,
    against: Path | None,
    out: Path | None,
    as_json: bool,
    ablation: bool,
    jobs: int,
    show_failures: bool,
) -> int:
    """Run the suites, in `jobs` processes, and return the exit code.

    Failures are told case by case only where `show_failures`: a test split is looked at in the aggregate. What differs
    from a baseline always is. Whatever was found is kept, also where it cannot be judged or compared. Raises
    `AdvisorError` where something named cannot be read, kept or compared.
    """
    baseline = Report.from_json(against) if against else None
    if baseline:
        check_comparable(files, baseline)
    if out:
        _make(out)
    bars = read_gates(gates) if gates and gates.is_file() else {}
    with progress() as begin:
        found = run(Bench(advisor, begin, jobs, ablation), files)
    report, differences = found, tuple[Difference, ...]()
    try:
        report = replace(found, suites=tuple(suite.gated(bars.get(suite.suite, {})) for suite in found.suites))
        differences = compare(report, baseline) if baseline else ()
    finally:
        if out:
            keep(report, differences, out)
    if as_json:
        print(report.to_json(), end="")
        print(*map(told, differences), verdict(report, differences), sep="\n", file=sys.stderr)
    else:
        from rich.console import Console

        to_console(report, differences, Console(width=WIDTH), show_failures=show_failures)
    return WORSE if is_worse(report, differences) else GOOD


def read_gates(path: Path) -> Mapping[str, Mapping[str, float]]:
    """What each figure of each suite must reach. Raises `AdvisorError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AdvisorError(f"{path} cannot be read: {error}") from error


def _make(folder: Path) -> None:
    """Make a folder before anything is measured, so that nobody waits for a report that cannot be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise AdvisorError(f"No report can be kept in {folder}: {error.strerror or error}.") from error


def keep(report: Report, differences: Sequence[Difference], folder: Path) -> None:
    """Write the report into a folder, in all its forms, and its plots."""
    files = {
        "report.json": report.to_json(),
        "report.md": to_markdown(report, differences),
        "report.html": to_html(report, differences),
        "junit.xml": to_junit(report),
    }
    for suite in report.suites:
        files |= {f"{suite.suite}-{title.replace(' ', '-')}.svg": svg for title, svg in suite.plots.items()}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="replace")
