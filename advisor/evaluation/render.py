"""A report for people (the terminal, Markdown, a web page) and for build servers (JUnit)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from advisor.evaluation.compare import Difference
from advisor.evaluation.report import Figure, Report, SuiteReport, Table
from advisor.text import markdown_literal, printable

if TYPE_CHECKING:
    from rich.console import Console


def to_console(report: Report, differences: Sequence[Difference], out: "Console", *, show_failures: bool) -> None:
    """Print figures, tables and differences; the cases that failed only where `show_failures`."""
    from rich.table import Table as RichTable

    for suite in report.suites:
        out.print(f"\n{suite.suite}: {printable(suite.data)}", style="bold", markup=False, highlight=False)
        for table in (_figures(suite), *suite.tables):
            drawn = RichTable(*map(_shown, table.head), title=_shown(table.title), title_justify="left")
            for row in table.rows:
                drawn.add_row(*map(_shown, row))
            out.print(drawn)
        for line in suite.timings:
            out.print(line, markup=False)
        for case in suite.failed if show_failures else ():
            out.print(printable(f"{case.name} {case.said!r}: {case.got}; wanted: {case.wanted}"), markup=False)
    for difference in differences:
        out.print(told(difference), markup=False)
        for what, cases in (("worse", difference.worse), ("better", difference.better)):
            for case in cases:
                out.print(printable(f"  {what}: {case.name} {case.said!r}: {case.got}"), markup=False)
    out.print(f"\n{verdict(report, differences)}", markup=False)


def to_markdown(report: Report, differences: Sequence[Difference] = ()) -> str:
    """The report without its cases, as Markdown."""
    parts = ["# Evaluation", verdict(report, differences), *(told(difference) for difference in differences)]
    for suite in report.suites:
        parts += [f"## {suite.suite}", f"`{suite.data}`, SHA-256 `{suite.data_sha256}`"]
        parts += [f"**{table.title}**\n\n{_markdown(table)}" for table in (_figures(suite), *suite.tables)]
        parts += [f"{len(suite.failed)} of {len(suite.cases)} cases not good"]
    parts += ["## What was measured", "\n".join(f"- {name}: `{value}`" for name, value in report.about.items())]
    return "\n\n".join(parts) + "\n"


def to_junit(report: Report) -> str:
    """The report as JUnit XML: a test case for every figure with a gate, which alone can fail, and for every case."""
    root = ElementTree.Element("testsuites")
    for suite in report.suites:
        gated = [figure for figure in suite.figures if figure.gate is not None]
        missed = [figure for figure in gated if not figure.passes]
        element = ElementTree.SubElement(
            root,
            "testsuite",
            name=suite.suite,
            tests=str(len(suite.cases) + len(gated)),
            failures=str(len(missed)),
        )
        for figure in gated:
            case = ElementTree.SubElement(element, "testcase", classname=suite.suite, name=figure.name)
            if not figure.passes:
                ElementTree.SubElement(case, "failure", message=f"{figure.value:.3f}; its gate is {figure.gate}")
        for one in suite.cases:
            case = ElementTree.SubElement(element, "testcase", classname=suite.suite, name=_plain(one.name))
            if not one.good:
                ElementTree.SubElement(case, "system-out").text = _plain(f"{one.got}; wanted: {one.wanted}")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _figures(suite: SuiteReport) -> Table:
    return Table("figures", ("figure", "value", "95 % interval", "cases", "gate"), tuple(map(told_of, suite.figures)))


def told_of(figure: Figure) -> tuple[str, ...]:
    """A figure as texts: its name, value, interval, number of cases, and gate."""
    interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    bound = "at most" if figure.lower_is_better else "at least"
    gate = "" if figure.gate is None else f"{bound} {figure.gate:g}: {'reached' if figure.passes else 'MISSED'}"
    return figure.name, f"{figure.value:.3f}", interval, "" if figure.of is None else str(figure.of), gate


def verdict(report: Report, differences: Sequence[Difference]) -> str:
    """The sentence that says how it went."""
    missed = [f"{suite.suite} {figure.name}" for suite, figure in report.figures() if not figure.passes]
    worse = [difference.name for difference in differences if difference.is_worse]
    gated = any(figure.gate is not None for _, figure in report.figures())
    if not (gated or differences):
        return "Measured. Nothing was set that it must reach, and it was compared to nothing."
    found = []
    if gated:
        found.append(f"missed: {', '.join(missed)}" if missed else "every gate is reached")
    if differences:
        worse_cases = sum(len(difference.worse) for difference in differences)
        better_cases = sum(len(difference.better) for difference in differences)
        surely = (
            f"surely worse than the baseline: {', '.join(worse)}"
            if worse
            else "nothing is surely worse than the baseline"
        )
        found.append(f"{surely} ({worse_cases} worse cases, {better_cases} better)")
    return f"{'Not good' if missed or worse else 'Good'}: {'; '.join(found)}."


def told(difference: Difference) -> str:
    """How a suite compares to its baseline."""
    return (
        f"{difference.name} against its baseline: {len(difference.worse)} worse, {len(difference.better)} better, "
        f"by chance alone so lopsided with a probability of {difference.chance:.3f}"
    )


def _markdown(table: Table) -> str:
    rows: Iterable[Sequence[str]] = (table.head, ["---"] * len(table.head), *table.rows)
    return "\n".join(
        "| " + " | ".join(one if one == "---" else markdown_literal(_plain(one)) for one in row) + " |" for row in rows
    )


def _shown(text: str) -> str:
    """Text as it is, for a terminal that would obey its control characters and its markup."""
    from rich.markup import escape as literal

    return literal(printable(text))


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return "".join(character if character.isprintable() else " " for character in text)
