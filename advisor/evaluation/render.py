"""A report for people (the terminal, Markdown, a web page) and for build servers (JUnit)."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from advisor.evaluation.compare import Difference, is_worse
from advisor.evaluation.report import CaseReport, Cited, Figure, Report, SuiteReport, Table
from advisor.text import markdown_literal, printable

if TYPE_CHECKING:
    from rich.console import Console

STYLE: Final = """
:root { color-scheme: light dark; --soft: color-mix(in srgb, CanvasText 12%, Canvas); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .25rem .75rem; text-align: left; border-bottom: 1px solid var(--soft); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.verdict { padding: .75rem 1rem; border-left: .4rem solid; font-weight: 600; }
.good { border-color: #2e7d32; } .bad { border-color: #c62828; }
details { border-left: .3rem solid; padding: .25rem .75rem; margin: .4rem 0; } summary { cursor: pointer; }
blockquote { margin: .5rem 0; padding: .25rem .75rem; background: var(--soft); } mark.wrong { background: #f4b6b6; }
body:has(#failed:checked) details.good { display: none; }
figure { display: inline-block; margin: 1rem 1rem 1rem 0; max-width: 100%; overflow-x: auto; }
figure svg { background: white; }
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


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
            out.print(printable(f"{case.id} {case.said!r}: {case.got}; wanted: {case.wanted}"), markup=False)
    for difference in differences:
        out.print(_told(difference), markup=False)
        for what, cases in (("worse", difference.worse), ("better", difference.better)):
            for case in cases:
                out.print(printable(f"  {what}: {case.id} {case.said!r}: {case.got}"), markup=False)
    out.print(f"\n{_verdict(report, differences)}", markup=False)


def to_markdown(report: Report, differences: Sequence[Difference] = ()) -> str:
    """The report without its cases, as Markdown."""
    parts = ["# Evaluation", _verdict(report, differences), *(_told(difference) for difference in differences)]
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
            case = ElementTree.SubElement(element, "testcase", classname=suite.suite, name=_plain(one.id))
            if not one.good:
                ElementTree.SubElement(case, "system-out").text = _plain(f"{one.got}; wanted: {one.wanted}")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def to_html(report: Report, differences: Sequence[Difference] = ()) -> str:
    """The report as one page that asks for nothing else: figures, plots, and every case with its quotes in place."""
    worse = is_worse(report, differences)
    body = [
        "<h1>Evaluation</h1>",
        f'<p class="verdict {"bad" if worse else "good"}" role="status">{escape(_verdict(report, differences))}</p>',
        *(f"<p>{escape(_told(difference))}</p>{_changed(difference)}" for difference in differences),
        '<p><label><input type="checkbox" id="failed"> Show only the cases that are not good</label></p>',
        *map(_suite, report.suites),
        "<h2>What was measured</h2>",
        "<ul>"
        + "".join(f"<li>{escape(name)}: <code>{escape(what)}</code></li>" for name, what in report.about.items()),
        "</ul>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evaluation</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _suite(suite: SuiteReport) -> str:
    plots = (f"<figure>{svg}<figcaption>{escape(title)}</figcaption></figure>" for title, svg in suite.plots.items())
    return "".join(
        (
            f"<h2>{escape(suite.suite)}</h2><p><code>{escape(suite.data)}</code></p>",
            *map(_html, (_figures(suite), *suite.tables)),
            *plots,
            f"<h3>Cases: {len(suite.failed)} of {len(suite.cases)} not good</h3>" if suite.cases else "",
            *map(_case, suite.cases),
        )
    )


def _case(case: CaseReport) -> str:
    quotes = "".join(map(_cited, case.cited))
    kind = "good" if case.good else "bad"
    return (
        f'<details class="{kind}"><summary>{escape(case.id)}: {escape(case.said)}</summary>'
        f"<p>{'Good' if case.good else 'Not good'}: {escape(case.got)}. Wanted: {escape(case.wanted)}.</p>"
        f"{quotes}</details>"
    )


def _cited(cited: Cited) -> str:
    wrong = ' class="wrong"' if cited.right is False else ""
    told = {True: " – right", False: " – wrong", None: ""}[cited.right]
    return (
        f"<blockquote>{escape(cited.before)}<mark{wrong}>{escape(cited.quote)}</mark>{escape(cited.after)}"
        f"<br><small>{escape(cited.article)} › {escape(cited.section)}{told}</small></blockquote>"
    )


def _changed(difference: Difference) -> str:
    lines = [f"worse: {case.id} {case.said}: {case.got}" for case in difference.worse]
    lines += [f"better: {case.id} {case.said}: {case.got}" for case in difference.better]
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>" if lines else ""


def _figures(suite: SuiteReport) -> Table:
    return Table("figures", ("figure", "value", "95 % interval", "cases", "gate"), tuple(map(_figure, suite.figures)))


def _figure(figure: Figure) -> tuple[str, ...]:
    interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    bound = "at most" if figure.lower_is_better else "at least"
    gate = "" if figure.gate is None else f"{bound} {figure.gate:g}: {'reached' if figure.passes else 'MISSED'}"
    return figure.name, f"{figure.value:.3f}", interval, "" if figure.of is None else str(figure.of), gate


def _verdict(report: Report, differences: Sequence[Difference]) -> str:
    missed = [f"{suite.suite} {figure.name}" for suite, figure in report.figures() if not figure.passes]
    worse = [difference.suite for difference in differences if difference.is_worse]
    if not (missed or worse):
        return "Good: every gate is reached" + (" and nothing is worse than the baseline." if differences else ".")
    told = [f"missed: {', '.join(missed)}"] * bool(missed) + [f"worse than the baseline: {', '.join(worse)}"] * bool(
        worse
    )
    return f"Worse: {'; '.join(told)}."


def _told(difference: Difference) -> str:
    return (
        f"{difference.suite} against its baseline: {len(difference.worse)} worse, {len(difference.better)} better, "
        f"by chance alone so lopsided with a probability of {difference.chance:.3f}"
    )


def _markdown(table: Table) -> str:
    rows: Iterable[Sequence[str]] = (table.head, ["---"] * len(table.head), *table.rows)
    return "\n".join(
        "| " + " | ".join(one if one == "---" else markdown_literal(_plain(one)) for one in row) + " |" for row in rows
    )


def _html(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f'<td class="number">{escape(one)}</td>' for one in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    return f"<h3>{escape(table.title)}</h3><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _shown(text: str) -> str:
    """Text as it is, for a terminal that would obey its control characters and its markup."""
    from rich.markup import escape as literal

    return literal(printable(text))


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return "".join(character if character.isprintable() else " " for character in text)
