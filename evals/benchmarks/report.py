"""Tables and a plot of what the benchmarks measured."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- what was measured -->", "<!-- until here -->"
PLAIN = "LangChain, Chroma"
SIZE, MARGIN = (560, 340), (64, 44)
COLOURS = ("#1f5fa8", "#888888", "#c05a1b", "#3f8f4f")
LEAST_MS, MOST_MS = 0.03, 300.0
LINE = 14

Results = Mapping[str, Any]


def write_report(results: Results, folder: Path) -> None:
    """Put the tables into README.md, between its marks, and the plot beside it."""
    parts = [_machine(results["machine"])]
    if {"start", "turns", "ingest"} <= set(results):
        parts += ["### What is promised", _table(_promises(results)), "### Beside others", _table(_peers(results))]
        parts += ["### Where the time of a turn goes", _table(_parts(results["turns"]["advisor"]))]
    if "growth" in results:
        parts += ["### Growth", _table(_growth(results["growth"])), "![Milliseconds of a query by vectors](growth.svg)"]
        (folder / "growth.svg").write_text(plot(results["growth"]), encoding="utf-8")
    readme = folder / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n\n".join(parts)
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _machine(machine: Mapping[str, str]) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in machine.items() if name != "processor")
    return f"Measured on: {machine['processor']}; {libraries}."


def _promises(results: Results) -> Iterator[Sequence[str]]:
    start, turns, ingest = results["start"], results["turns"]["advisor"], results["ingest"]["advisor"]
    faster = start[PLAIN]["p50"] / start["advisor"]["p50"]
    typed, least = turns["what is typed"], turns["what is typed, at least"]
    asked, least_asked = turns["a question"], turns["a question, at least"]
    alone = ingest["texts a second"] / ingest["texts a second, the model alone"]
    yield "10,000 passages, two cores", "must reach", "measured"
    yield "start of the process to a cited answer", "at most 1.2 s", _seconds(start["advisor"])
    yield "the same beside the plain pipeline", "at least 6 times as fast", f"{faster:.1f} times"
    yield "`advisor serve` to the page", "at most 4 s", _seconds(start["page"])
    yield "memory of the page, warm", "at most 400 MB", f"{start['memory of the page']:.0f} MB"
    yield "a typed turn, median", "at most 10 ms", _milliseconds(typed)
    yield "a typed turn, 95 of 100 within", "at most 25 ms", f"{typed['p95']:.1f} ms"
    yield "the same beside its floor, medians", "at most 2 times", f"{typed['p50'] / least['p50']:.2f} times"
    yield "a turn that is a question alone", "–", f"{_milliseconds(asked)}, {asked['p95']:.1f} ms"
    yield "the same beside its floor, medians", "at most 2 times", f"{asked['p50'] / least_asked['p50']:.2f} times"
    yield "a click", "–", _milliseconds(turns["a click"])
    yield "turns a second, two conversations at once", "at least 100", f"{turns['turns a second']:.0f}"
    yield "texts embedded a second, beside the model alone", "at least 90 %", f"{alone:.0%}"
    again = ingest["seconds"] / ingest["seconds again"]
    yield "the same documents again", "at least 20 times as fast", f"{again:.1f} times"
    if "many" in results:
        many = results["many"]
        typed, asked = many["what is typed"], many["a question"]
        yield "a typed turn at 100,000 passages", "–", _milliseconds(typed)
        yield "the same, 95 of 100 within", "at most 40 ms", f"{typed['p95']:.1f} ms"
        yield "a question alone at 100,000 passages", "–", f"{_milliseconds(asked)}, {asked['p95']:.1f} ms"
        yield "memory at 100,000 passages", "–", f"{many['memory_mb']:.0f} MB"


def _peers(results: Results) -> Iterator[Sequence[str]]:
    start, turns, ingest = results["start"], results["turns"], results["ingest"]
    names = list(ingest)
    yield ("", *names)
    yield ("start of the process to what was found, s", *(_range(start[name], 1e3) for name in names))
    yield ("a search, ms", *(_range(turns[name]["search"], 1) for name in names))
    yield ("a search, 95 of 100 within, ms", *(f"{turns[name]['search']['p95']:.1f}" for name in names))
    yield ("memory while searching, MB", *(f"{turns[name]['memory_mb']:.0f}" for name in names))
    yield ("indexing 10,000 passages, s", *(f"{ingest[name]['seconds']:.0f}" for name in names))


def _parts(turns: Results) -> Iterator[Sequence[str]]:
    typed, asked = turns["parts"]["what is typed"], turns["parts"]["a question"]
    yield "milliseconds, on average", "what is typed in conversations", "a question alone"
    for part in sorted(typed, key=lambda part: -typed[part]):
        yield part, f"{typed[part]:.2f}", f"{asked[part]:.2f}"
    yield "all", f"{sum(typed.values()):.2f}", f"{sum(asked.values()):.2f}"


def _growth(growth: Results) -> Iterator[Sequence[str]]:
    yield "vectors", "engine", "a query, ms", "95 of 100 within, ms", "memory, MB", "building, s", "recall@10"
    for rows in sorted({int(rows) for engine in growth.values() for rows in engine}):
        for engine, measured in growth.items():
            one = measured.get(str(rows))
            if one:
                query = one["query"]
                yield (
                    f"{rows:,}", engine, f"{query['p50']:.2f}", f"{query['p95']:.2f}", f"{one['memory_mb']:.0f}",
                    f"{one['seconds']:.1f}", f"{one['recall@10']:.3f}",
                )  # fmt: skip


def _table(rows: Iterator[Sequence[str]]) -> str:
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * (head.count(" | ") + 1), *body])


def _seconds(spread: Mapping[str, float]) -> str:
    return f"{spread['p50'] / 1e3:.2f} s ({spread['least'] / 1e3:.2f} to {spread['most'] / 1e3:.2f})"


def _milliseconds(spread: Mapping[str, float]) -> str:
    return f"{spread['p50']:.1f} ms"


def _range(spread: Mapping[str, float], unit: float) -> str:
    return f"{spread['p50'] / unit:.1f} ({spread['least'] / unit:.1f} to {spread['most'] / unit:.1f})"


def plot(growth: Results) -> str:
    """The median of a query by the number of vectors, both on a logarithmic scale."""
    (width, height), (left, below) = SIZE, MARGIN
    most = max(int(rows) for engine in growth.values() for rows in engine)

    def x(rows: float) -> float:
        return left + (width - left - 110) * (log10(rows) - 3) / max(1.0, log10(most) - 3)

    def y(milliseconds: float) -> float:
        share = (log10(milliseconds) - log10(LEAST_MS)) / (log10(MOST_MS) - log10(LEAST_MS))
        return height - below - (height - below - 16) * share

    drawn, ends = [], []
    for rows in (10**power for power in range(3, int(log10(most)) + 1)):
        drawn.append(f'<text x="{x(rows):.0f}" y="{height - 22}" text-anchor="middle">{rows:,}</text>')
    for tick in (0.1, 1, 10, 100):
        drawn.append(f'<path d="M{left} {y(tick):.1f}H{width - 110}" stroke="#dddddd"/>')
        drawn.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g} ms</text>')
    for colour, (engine, measured) in zip(COLOURS, growth.items(), strict=False):
        points = [(x(int(rows)), y(one["query"]["p50"])) for rows, one in measured.items()]
        line = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>' for across, up in points]
        ends.append((*points[-1], colour, engine))
    lowest = 0.0
    for across, up, colour, engine in sorted(ends, key=lambda end: end[1]):
        lowest = max(up + 4, lowest + LINE)  # names of lines that end close together stand below one another
        drawn.append(f'<text x="{across + 8:.1f}" y="{lowest:.1f}" fill="{colour}">{escape(engine)}</text>')
    drawn.append(f'<text x="{(left + width - 110) / 2:.0f}" y="{height - 6}" text-anchor="middle">vectors</text>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"',
            'font-size="12">',
            "<title>Milliseconds of a query by the number of vectors</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *drawn,
            "</svg>\n",
        ]
    )
