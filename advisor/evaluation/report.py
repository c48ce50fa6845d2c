"""The figures of an evaluation, printed for people or as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from advisor.api import Advisor
from advisor.core.roles import RECOMMENDATIONS
from advisor.evaluation import decisions, understanding
from advisor.evaluation.cases import read_cases
from advisor.evaluation.decisions import MODES, Outcome
from advisor.evaluation.plots import reliability
from advisor.evaluation.statistics import Proportion
from advisor.evaluation.understanding import Judged, Score
from advisor.knowledge.examples import read_examples
from advisor.language.languages import other_language
from advisor.language.reading import Parts

if TYPE_CHECKING:
    from rich.console import Console

WIDTH: Final = 110
WHOLE: Final = "rules and examples"
PARTS: Final = {"rules only": Parts(examples=False), "examples only": Parts(rules=False), WHOLE: Parts()}


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
            outcomes = decisions.run(advisor, cases, mode, lambda task=task: bar.advance(task))  # type: ignore[misc]
            summaries.append(decisions.summarise(outcomes, mode))
            failures += [outcome for outcome in outcomes if not outcome.right]
    if as_json:
        print(json.dumps({"data": path.name, "cases": len(cases), "modes": [s.to_dict() for s in summaries]}, indent=1))
        return 0
    out = Console(width=WIDTH)
    out.print(f"{path}: {len(cases)} conversations")
    for summary in summaries:
        _print_summary(summary, out)
    if show_failures:
        _print_failures(failures, out)
    return 0


def evaluate_understanding(
    advisor: Advisor, path: Path, *, as_json: bool, show_failures: bool, ablation: bool, plot: Path | None
) -> int:
    """Read every message of `path` and print the figures; with `ablation`, also by each part of the reader alone."""
    from rich.console import Console
    from rich.progress import Progress

    examples = read_examples(path)
    english = [example for example in examples if example.language is None]
    advisor.understand("Hello.")
    judged: dict[str, list[Judged]] = {}
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for name, parts in PARTS.items() if ablation else [(WHOLE, PARTS[WHOLE])]:
            task = bar.add_task(f"{len(english)} messages, {name}", total=len(english))
            read = advisor.reader(parts)
            judged[name] = understanding.read_all(read, english, lambda task=task: bar.advance(task))  # type: ignore[misc]
    languages = understanding.told_apart(other_language, examples)
    summaries = {name: understanding.summarise(some, languages) for name, some in judged.items()}
    if plot:
        whole = summaries[WHOLE]
        plot.write_text(reliability(whole.reliability, whole.calibration_error), encoding="utf-8")
    if as_json:
        print(json.dumps({"data": path.name, **{name: some.to_dict() for name, some in summaries.items()}}, indent=1))
        return 0
    out = Console(width=WIDTH)
    out.print(f"{path}: {len(examples)} messages")
    for name, summary in summaries.items():
        _print_understanding(name, summary, out)
    if show_failures:
        for one in judged[WHOLE]:
            _print_misreading(one, out)
    return 0


def _print_understanding(name: str, summary: understanding.Summary, out: "Console") -> None:
    low, high = summary.macro_f1_interval
    out.print(
        f"\n[bold]{name}[/bold]: macro F1 of facts {summary.macro_f1:.3f} (95 % interval {low:.3f} to {high:.3f})"
    )
    out.print(f"messages read without a mistake: {_share(summary.right)}")
    out.print(f"negated, past, reported, wished, hypothetical: {_share(summary.not_stated)}")
    out.print(f"intents all right: {_share(summary.intents_right)}")
    out.print(f"told apart by language: {_share(summary.other_languages)}")
    out.print(
        f"expected calibration error {summary.calibration_error:.3f}; words in common with the labelled words "
        f"{summary.span_overlap:.2f}; {summary.milliseconds[0]:.1f} ms a message, 95 % within "
        f"{summary.milliseconds[1]:.1f} ms"
    )
    _print_scores("factor", summary.facts, out)
    _print_scores("intent", summary.intents, out)
    for what, shares in (("voice", summary.by_voice), ("kind", summary.by_kind)):
        out.print(f"by {what}: " + ", ".join(f"{key} {share.right}/{share.of}" for key, share in shares.items()))
    for one in summary.reliability:
        if one.facts:
            bar = "#" * round(40 * one.right)
            out.print(f"said to be {one.confidence:.2f} sure: {one.right:.2f} right {bar} ({one.facts})")


def _print_scores(what: str, scores: Mapping[str, Score], out: "Console") -> None:
    from rich.table import Table

    table = Table(what, "precision", "recall", "F1", "stated")
    for name, score in scores.items():
        table.add_row(
            name,
            f"{score.precision:.3f}" if score.read else "–",
            f"{score.recall:.3f}",
            f"{score.f1:.3f}",
            f"{score.stated}",
        )
    out.print(table)


def _print_misreading(one: Judged, out: "Console") -> None:
    read = {fact.factor: f"{fact.value} {fact.confidence:.2f}" for fact in one.reading.facts}
    stated = {fact.factor: fact.value for fact in one.example.facts}
    wrong = [
        f"{verdict} {factor}: {read.get(factor)} (stated {stated.get(factor)})"
        for factor, verdict in one.verdicts.items()
        if verdict != "right"
    ]
    if wrong:
        out.print(f"{one.example.id} [{one.example.asked}] {one.example.text!r}: {'; '.join(wrong)}", markup=False)


def _print_summary(summary: decisions.Summary, out: "Console") -> None:
    from rich.table import Table

    out.print(f"\n[bold]{summary.mode}[/bold]: {_share(summary.accuracy)} of recommendations right")
    out.print(
        f"questions a conversation: {summary.questions_mean:.1f} on average, {summary.questions_most} at most, "
        f"{summary.repeated} repeated, {summary.put_again} put once more; settled by proof: {summary.settled}; "
        f"misquotes: {summary.misquotes}"
    )
    table = Table("expected \\ got", *(_short(name) for name in (*RECOMMENDATIONS, "none")))
    for expected in RECOMMENDATIONS:
        counts = [summary.confusion.get((expected, got), 0) for got in (*RECOMMENDATIONS, "none")]
        table.add_row(expected, *(str(count) if count else "·" for count in counts))
    out.print(table)
    voices = ", ".join(f"{voice} {share.right}/{share.of}" for voice, share in summary.by_voice.items())
    out.print(f"by voice: {voices}")
    if summary.told_already.of:
        out.print(f"conversations with a question that the opening had answered: {_share(summary.told_already)}")
        out.print(f"and that did not even name what was written there: {_share(summary.unheard)}")
    for what, factors in (
        ("facts misread", summary.misread),
        ("facts that, set right alone, would have set the recommendation right", summary.costly),
    ):
        if factors:
            out.print(f"{what}: " + ", ".join(f"{factor} {count}" for factor, count in factors.items()))


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
