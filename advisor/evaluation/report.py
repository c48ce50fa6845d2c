"""The figures of an evaluation, printed for people or as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.api import Advisor
from advisor.core.roles import RECOMMENDATIONS
from advisor.evaluation.cases import read_cases
from advisor.evaluation.decisions import MODES, Outcome, Proportion, Summary, run, summarise

if TYPE_CHECKING:
    from rich.console import Console


def evaluate_decisions(advisor: Advisor, path: Path, *, as_json: bool, show_failures: bool) -> int:
    """Hold every conversation of `path`, typed and clicked, and print the figures.

    Failures are listed case by case only where `show_failures`: a test split is looked at in the aggregate.
    """
    from rich.console import Console
    from rich.progress import Progress

    cases = read_cases(path)
    summaries = []
    failures: list[Outcome] = []
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for mode in MODES:
            bar.console.print(f"{len(cases)} conversations, {mode} …")
            task = bar.add_task(f"{len(cases)} conversations, {mode}", total=len(cases))
            outcomes = run(advisor, cases, mode, lambda task=task: bar.advance(task))  # type: ignore[misc]
            summaries.append(summarise(outcomes, mode))
            failures += [outcome for outcome in outcomes if not outcome.right]
    if as_json:
        print(json.dumps({"data": path.name, "cases": len(cases), "modes": [s.to_dict() for s in summaries]}, indent=1))
        return 0
    out = Console(width=110)
    out.print(f"{path}: {len(cases)} conversations")
    for summary in summaries:
        _print_summary(summary, out)
    if show_failures:
        _print_failures(failures, out)
    return 0


def _print_summary(summary: Summary, out: "Console") -> None:
    from rich.table import Table

    out.print(f"\n[bold]{summary.mode}[/bold]: {_share(summary.accuracy)} of recommendations right")
    out.print(
        f"questions a conversation: {summary.questions_mean:.1f} on average, {summary.questions_most} at most, "
        f"{summary.repeated} repeated; settled by proof: {summary.settled}; misquotes: {summary.misquotes}"
    )
    table = Table("expected \\ got", *(_short(name) for name in (*RECOMMENDATIONS, "none")))
    for expected in RECOMMENDATIONS:
        counts = [summary.confusion.get((expected, got), 0) for got in (*RECOMMENDATIONS, "none")]
        table.add_row(expected, *(str(count) if count else "·" for count in counts))
    out.print(table)
    voices = ", ".join(f"{voice} {share.right}/{share.of}" for voice, share in summary.by_voice.items())
    out.print(f"by voice: {voices}")
    if summary.misread:
        out.print("facts misread: " + ", ".join(f"{factor} {count}" for factor, count in summary.misread.items()))


def _print_failures(failures: Sequence[Outcome], out: "Console") -> None:
    for outcome in failures:
        misread = f", misread: {', '.join(outcome.misread)}" if outcome.misread else ""
        out.print(
            f"{outcome.case.id} ({outcome.mode}): {outcome.recommendation} instead of "
            f"{outcome.case.recommendation}{misread}",
            markup=False,
        )


def _share(share: Proportion) -> str:
    return f"{share.share:.3f} ({share.right}/{share.of}, 95 % interval {share.low:.3f} to {share.high:.3f})"


def _short(name: str) -> str:
    return "".join(part[0] for part in name.split("_")).upper() if name != "none" else "none"
