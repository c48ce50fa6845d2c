"""Plots as SVG, without a library: they are few and plain."""

from collections.abc import Sequence
from typing import Final

from advisor.evaluation.statistics import Bin

SIDE: Final = 320
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


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return MARGIN + SIDE * (1 - share)


def _framed(title: str, across: str, up: str, drawn: str) -> str:
    """What is drawn in the unit square, with its axes and their names."""
    ticks = "".join(
        f'<text x="{_x(tick):.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{tick:.1f}</text>'
        f'<text x="{_x(0) - 8:.1f}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick:.1f}</text>'
        for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    whole = SIDE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}" viewBox="0 0 {whole} {whole}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>{title}</title>'
        f'<rect width="{whole}" height="{whole}" fill="white"/>'
        f'<path d="M{_x(0)} {_y(0)}V{_y(1)}M{_x(0)} {_y(0)}H{_x(1)}" stroke="black" fill="none"/>{drawn}{ticks}'
        f'<text x="{_x(0.5)}" y="{whole - 8}" text-anchor="middle">{across}</text>'
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">{up}</text>'
        f'<text x="{_x(0)}" y="24">{title}</text></svg>\n'
    )
