"""Plots as SVG, without a library: they are few and plain."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from advisor.evaluation.statistics import Bin

SIDE: Final = 320
CELL: Final = 36
NAMES: Final = 200
"""Room for the names beside and below a confusion plot."""
DARK: Final = 0.55
"""Share from which a cell is dark enough for white figures."""
MARGIN: Final = 48


def reliability(bins: Sequence[Bin], error: float) -> str:
    """How often facts are right against how sure the reader was of them; the size of a dot tells how many."""
    most = max((one.facts for one in bins), default=0) or 1
    dots = "".join(
        f'<circle cx="{_x(one.confidence):.1f}" cy="{_y(one.right):.1f}" r="{3 + 9 * (one.facts / most) ** 0.5:.1f}">'
        f"<title>{one.facts} facts: {one.confidence:.2f} sure, {one.right:.2f} right</title></circle>"
        for one in bins
        if one.facts
    )
    diagonal = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="gray" stroke-dasharray="4" fill="none"/>'
    title = f"Reliability; expected calibration error {error:.3f}"
    drawn = f'{diagonal}<g fill="#1f5fa8" fill-opacity="0.75">{dots}</g>'
    return _framed(title, "how sure the reader was", "share right", drawn)


def risk_coverage(curve: Sequence[tuple[float, float]]) -> str:
    """The share of answered questions that get wrong words, against the share of questions that is answered."""
    line = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in curve)
    mean = sum(risk for _, risk in curve) / max(1, len(curve))
    title = f"Risk and coverage; area under the curve {mean:.3f}"
    return _framed(
        title,
        "share of questions answered",
        "share of those answered wrongly",
        (f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'),
    )


def confusion(pairs: Mapping[tuple[str, str], int], title: str, names: Sequence[str], others: Sequence[str]) -> str:
    """How often each of `names` came out as each of `others`, the darker the larger its share of the row."""
    middle = CELL / 2
    drawn = []
    for row, name in enumerate(names):
        y = MARGIN + CELL * row
        whole = sum(pairs.get((name, other), 0) for other in others) or 1
        drawn.append(_text(name, NAMES - 6, y + middle + 4, "end"))
        for column, other in enumerate(others):
            number, x = pairs.get((name, other), 0), NAMES + CELL * column
            colour = "#1f5fa8" if name == other else "#b3452c"
            drawn.append(
                f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour}" '
                f'fill-opacity="{number / whole:.2f}" stroke="#ddd"/>'
            )
            if number:
                ink = "white" if number / whole > DARK else "black"
                drawn.append(_text(str(number), x + middle, y + middle + 4, "middle", fill=ink))
    bottom = MARGIN + CELL * len(names) + 12
    for column, other in enumerate(others):
        place = NAMES + CELL * column + middle
        drawn.append(_text(other, place, bottom, "end", transform=f"rotate(-40 {place} {bottom})"))
    width, height = NAMES + CELL * len(others) + MARGIN, bottom + NAMES * 3 // 4
    return f"{_opened(title, width, height)}{''.join(drawn)}{_text(title, NAMES, 24, 'start')}</svg>\n"


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return MARGIN + SIDE * (1 - share)


def _framed(title: str, across: str, up: str, drawn: str) -> str:
    """What is drawn in the unit square, with its axes and their names."""
    ticks = "".join(
        _text(f"{tick:.1f}", _x(tick), _y(0) + 18, "middle") + _text(f"{tick:.1f}", _x(0) - 8, _y(tick) + 4, "end")
        for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    whole = SIDE + 2 * MARGIN
    return (
        f"{_opened(title, whole, whole)}"
        f'<path d="M{_x(0)} {_y(0)}V{_y(1)}M{_x(0)} {_y(0)}H{_x(1)}" stroke="black" fill="none"/>{drawn}{ticks}'
        f"{_text(across, _x(0.5), whole - 8, 'middle')}"
        f"{_text(up, 14, _y(0.5), 'middle', transform=f'rotate(-90 14 {_y(0.5)})')}"
        f"{_text(title, _x(0), 24, 'start')}</svg>\n"
    )


def _opened(title: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="white"/>'
    )


def _text(text: str, x: float, y: float, anchor: str, **others: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in others.items())
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{more}>{escape(text)}</text>'
