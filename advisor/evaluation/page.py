"""A report as one web page that asks for nothing else: figures, plots, and every case with its quotes in place."""

from collections.abc import Sequence
from html import escape
from typing import Final

from advisor.evaluation.compare import Difference, is_worse
from advisor.evaluation.render import told, told_of, verdict
from advisor.evaluation.report import CaseReport, Cited, Figure, Report, SuiteReport, Table
from advisor.text import trail

STYLE: Final = """
:root { color-scheme: light dark; --soft: color-mix(in srgb, CanvasText 12%, Canvas); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .25rem .75rem; text-align: left; border-bottom: 1px solid var(--soft); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.verdict { padding: .75rem 1rem; border-left: .4rem solid; font-weight: 600; }
.good { border-color: #2e7d32; } .bad { border-color: #c62828; }
.case { border-left: .3rem solid; padding: .25rem .75rem; margin: .4rem 0; } summary { cursor: pointer; }
blockquote { margin: .5rem 0; padding: .25rem .75rem; background: var(--soft); }
section > details > summary { font-size: 1.2rem; font-weight: 600; }
mark.wrong { background: #f4b6b6; }
body:has(#failed:checked) details.case.good { display: none; }
nav > span { margin-right: 1rem; } section { border-top: 1px solid var(--soft); margin-top: 2rem; }
.wide, figure { overflow-x: auto; max-width: 100%; } figure { display: inline-block; margin: 1rem 1rem 1rem 0; }
figure svg { background: white; max-width: 100%; height: auto; } .missed { color: #c62828; font-weight: 600; }
@media (prefers-color-scheme: dark) { .missed { color: #ff8a80; } mark { color: black; } }
.range { width: 8rem; height: 1rem; vertical-align: middle; overflow: visible; }
.range .all { stroke: var(--soft); } .range .interval { stroke: #1f77c8; stroke-width: 5; stroke-opacity: .45; }
.range .gate { stroke: #c62828; } .range circle { fill: #1f77c8; stroke: Canvas; }
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(report: Report, differences: Sequence[Difference] = ()) -> str:
    """The report as one page that asks for nothing else: figures, plots, and every case with its quotes in place."""
    worse = is_worse(report, differences)
    body = [
        "<h1>Evaluation</h1>",
        f'<p class="verdict {"bad" if worse else "good"}" role="status">{escape(verdict(report, differences))}</p>',
        *(f"<p>{escape(told(difference))}</p>{_changed(difference)}" for difference in differences),
        '<p><label><input type="checkbox" id="failed" checked> Show only the cases that are not good</label></p>',
        f"<nav>{''.join(map(_link, report.suites))}</nav>",
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
    plots = (f"<figure>{svg}</figure>" for svg in suite.plots.values())
    return "".join(
        (
            f'<section id="{escape(suite.suite)}"><h2>{escape(suite.suite)}</h2>',
            f"<p><code>{escape(suite.data)}</code></p>",
            _figures(suite),
            *plots,
            *map(_html, suite.tables),
            f"<details><summary>Cases: {len(suite.failed)} of {len(suite.cases)} not good</summary>",
            *map(_case, suite.cases),
            "</details></section>",
        )
    )


def _link(suite: SuiteReport) -> str:
    missed = not all(figure.passes for figure in suite.figures)
    mark = ' <span class="missed">missed a gate</span>' if missed else ""
    return f'<span><a href="#{escape(suite.suite)}">{escape(suite.suite)}</a>{mark}</span> '


def _figures(suite: SuiteReport) -> str:
    """The figures, each that lies between 0 and 1 drawn with its interval and the gate it must reach."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{_drawn(figure)}</td><td class="number">{value}</td>'
        f'<td>{interval}</td><td class="number">{cases}</td>'
        f'<td class="{"reached" if figure.passes else "missed"}">{escape(gate)}</td></tr>'
        for figure in suite.figures
        for name, value, interval, cases, gate in (told_of(figure),)
    )
    return _table(("figure", "0 to 1", "value", "95 % interval", "cases", "gate"), rows)


def _drawn(figure: Figure) -> str:
    if not 0 <= figure.value <= 1:
        return ""
    parts = ['<path class="all" d="M0 8H100"/>']
    if figure.low is not None and figure.high is not None:
        parts.append(f'<path class="interval" d="M{100 * figure.low:.1f} 8H{100 * figure.high:.1f}"/>')
    if figure.gate is not None and 0 <= figure.gate <= 1:
        parts.append(f'<path class="gate" d="M{100 * figure.gate:.1f} 1V15"/>')
    parts.append(f'<circle cx="{100 * figure.value:.1f}" cy="8" r="3"/>')
    return f'<svg class="range" viewBox="0 0 100 16" aria-hidden="true">{"".join(parts)}</svg>'


def _case(case: CaseReport) -> str:
    quotes = "".join(map(_cited, case.cited))
    kind = "good" if case.good else "bad"
    return (
        f'<details class="case {kind}"><summary>{escape(case.name)}: {escape(case.said)}</summary>'
        f"<p>{'Good' if case.good else 'Not good'}: {escape(case.got)}</p><p>Wanted: {escape(case.wanted)}</p>"
        f"{quotes}</details>"
    )


def _cited(cited: Cited) -> str:
    wrong = ' class="wrong"' if cited.right is False else ""
    told = {True: " – right", False: " – wrong", None: ""}[cited.right]
    return (
        f"<blockquote>{escape(cited.before)}<mark{wrong}>{escape(cited.quote)}</mark>{escape(cited.after)}"
        f"<br><small>{escape(trail(cited.article, cited.section))}{told}</small></blockquote>"
    )


def _changed(difference: Difference) -> str:
    lines = [f"worse: {case.name} {case.said}: {case.got}" for case in difference.worse]
    lines += [f"better: {case.name} {case.said}: {case.got}" for case in difference.better]
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>" if lines else ""


def _html(table: Table) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f'<td class="number">{escape(one)}</td>' for one in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    return f"<h3>{escape(table.title)}</h3>{_table(table.head, rows)}"


def _table(head: Sequence[str], rows: str) -> str:
    names = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    return f'<div class="wide"><table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table></div>'
