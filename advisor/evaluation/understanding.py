"""How well messages are read: facts, intents, calibration, by factor, voice and kind of message."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from advisor.core.facts import FACTORS
from advisor.evaluation.report import CaseReport, Figure, Table, listed, share
from advisor.evaluation.statistics import Bin, Proportion, binned, bootstrap_interval, proportion
from advisor.knowledge.examples import Example
from advisor.language.reading import Read, Reading

UNDERSTOOD_NOT_STATED: Final = ("negated", "past", "reported", "wished", "hypothetical")
"""Kinds of message whose words tempt to read a fact that they do not state."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with what was read, and how that compares with what it states.

    `verdicts` holds, by factor, `right`, `wrong` (another value), `spurious` (not stated) or `missed`. What a fair
    reader may take from the words or not is in none of these.
    """

    example: Example
    reading: Reading
    milliseconds: float
    verdicts: Mapping[str, str]

    @property
    def right(self) -> bool:
        """Whether everything stated was read and nothing else."""
        return set(self.verdicts.values()) <= {"right"}

    @property
    def intents_right(self) -> bool:
        return set(self.example.intents) == set(self.reading.intents)


def judge(example: Example, reading: Reading, milliseconds: float = 0.0) -> Judged:
    """Compare what was read with what is stated."""
    stated = {fact.factor: fact.value for fact in example.facts}
    read = {fact.factor: fact.value for fact in reading.facts}
    verdicts = {}
    for factor in (name for name in FACTORS if name in stated or name in read):
        got, true = read.get(factor), stated.get(factor)
        if got == true:
            verdicts[factor] = "right"
        elif got is None:
            verdicts[factor] = "missed"
        elif true is not None:
            verdicts[factor] = "wrong"
        elif got not in example.may.get(factor, ()):
            verdicts[factor] = "spurious"
    return Judged(example, reading, milliseconds, verdicts)


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, from counts."""

    right: int
    read: int
    stated: int

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.stated if self.stated else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.read + self.stated) if self.read + self.stated else 1.0


def read_all(read: Read, examples: Sequence[Example], progress: Callable[[], None]) -> list[Judged]:
    """Read every message once, timed; `progress` hears of each."""
    judged = []
    for example in examples:
        started = perf_counter()
        reading = read(example.text, example.asked)
        judged.append(judge(example, reading, (perf_counter() - started) * 1000))
        progress()
    return judged


def told_apart(detect: Callable[[str], str | None], examples: Sequence[Example]) -> Proportion:
    """How many messages are rightly told to be English, or to be in the language that they are in."""
    return proportion(sum(detect(one.text) == one.language for one in examples), len(examples))


def scores(judged: Iterable[Judged]) -> dict[str, Score]:
    """Precision and recall of each factor's values."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in judged:
        for factor, verdict in one.verdicts.items():
            counts[factor, verdict] += 1
    return {
        factor: Score(
            right=counts[factor, "right"],
            read=counts[factor, "right"] + counts[factor, "wrong"] + counts[factor, "spurious"],
            stated=counts[factor, "right"] + counts[factor, "wrong"] + counts[factor, "missed"],
        )
        for factor in FACTORS
    }


def macro_f1(judged: Sequence[Judged]) -> float:
    """The mean F1 over the factors that any message states or was read to state."""
    f1s = [score.f1 for score in scores(judged).values() if score.read or score.stated]
    return sum(f1s) / len(f1s) if f1s else 1.0


def calibration(judged: Iterable[Judged]) -> tuple[float, list[Bin]]:
    """The expected calibration error of the facts' confidence, and the bins of a reliability plot."""
    pairs = [
        (fact.confidence, verdict == "right")
        for one in judged
        for fact in one.reading.facts
        if (verdict := one.verdicts.get(fact.factor))
    ]
    return binned(pairs)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a whole set."""

    messages: int
    facts: Mapping[str, Score]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    right: Proportion
    by_voice: Mapping[str, Proportion]
    by_kind: Mapping[str, Proportion]
    not_stated: Proportion
    intents_right: Proportion
    intents: Mapping[str, Score]
    calibration_error: float
    reliability: Sequence[Bin]
    other_languages: Proportion
    span_overlap: float
    milliseconds: tuple[float, float]


def summarise(judged: Sequence[Judged], other_languages: Proportion) -> Summary:
    """The figures of messages that were read, which are not none; and how many in other languages were told apart."""
    error, bins = calibration(judged)
    times = sorted(one.milliseconds for one in judged)
    return Summary(
        messages=len(judged),
        facts=scores(judged),
        macro_f1=macro_f1(judged),
        macro_f1_interval=bootstrap_interval(judged, macro_f1),
        right=_share(judged),
        by_voice=_shares(judged, lambda one: one.example.voice),
        by_kind=_shares(judged, lambda one: one.example.kind),
        not_stated=_share([one for one in judged if one.example.kind in UNDERSTOOD_NOT_STATED]),
        intents_right=proportion(sum(one.intents_right for one in judged), len(judged)),
        intents=_intent_scores(judged),
        calibration_error=error,
        reliability=bins,
        other_languages=other_languages,
        span_overlap=_span_overlap(judged),
        milliseconds=(times[len(times) // 2], times[int(len(times) * 0.95)]),
    )


def _share(judged: Sequence[Judged]) -> Proportion:
    return proportion(sum(one.right for one in judged), len(judged))


def _shares(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, Proportion]:
    names = sorted({key(one) for one in judged})
    return {name: _share([one for one in judged if key(one) == name]) for name in names}


def _intent_scores(judged: Sequence[Judged]) -> dict[str, Score]:
    stated = Counter(name for one in judged for name in one.example.intents)
    read = Counter(name for one in judged for name in one.reading.intents)
    right = Counter(name for one in judged for name in {*one.example.intents} & {*one.reading.intents})
    return {name: Score(right[name], read[name], stated[name]) for name in sorted(stated | read)}


def _span_overlap(judged: Sequence[Judged]) -> float:
    """The mean share of words that the user's own words as read and as labelled have in common (Jaccard)."""
    overlaps = []
    for one in judged:
        labelled = {(fact.factor, fact.value): fact.said for fact in one.example.facts}
        for fact in one.reading.facts:
            if (fact.factor, fact.value) in labelled:
                a, b = set(fact.said.split()), set(labelled[fact.factor, fact.value].split())
                overlaps.append(len(a & b) / len(a | b) if a | b else 1.0)
    return sum(overlaps) / len(overlaps) if overlaps else 1.0


def figures(name: str, summary: Summary) -> list[Figure]:
    """The figures for a report; `name` says which parts of the reader were at work."""
    low, high = summary.macro_f1_interval
    stated = sum(score.stated for score in summary.facts.values())
    found = [
        Figure(f"{name}: macro F1 of facts", summary.macro_f1, low, high, summary.messages if stated else 0),
        share(f"{name}: messages read without a mistake", summary.right),
        share(f"{name}: negated, past, reported, wished, hypothetical", summary.not_stated),
        share(f"{name}: intents all right", summary.intents_right),
        share(f"{name}: told apart by language", summary.other_languages),
        Figure(f"{name}: expected calibration error", summary.calibration_error, lower_is_better=True),
        Figure(f"{name}: words in common with the labelled words", summary.span_overlap),
    ]
    return [figure for figure in found if figure.of != 0]


def tables(name: str, summary: Summary) -> list[Table]:
    """The tables for a report."""
    return [
        _scores_table(f"{name}: facts", "factor", summary.facts),
        _scores_table(f"{name}: intents", "intent", summary.intents),
        listed(summary.by_voice, f"voice, {name}"),
        listed(summary.by_kind, f"kind, {name}"),
    ]


def case_report(one: Judged) -> CaseReport:
    """One message for a report."""
    asked = f" (asked about {one.example.asked})" if one.example.asked else ""
    stated = {fact.factor: fact.value for fact in one.example.facts}
    read = {fact.factor: fact.value for fact in one.reading.facts}
    wrong = ", ".join(f"{factor} {verdict}" for factor, verdict in one.verdicts.items() if verdict != "right")
    return CaseReport(
        id=one.example.id,
        good=one.right,
        said=f"{one.example.text}{asked}",
        wanted=_pairs(stated),
        got=f"{_pairs(read)}{f' ({wrong})' if wrong else ''}",
    )


def _pairs(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{factor} = {value}" for factor, value in facts.items()) or "nothing"


def _scores_table(title: str, what: str, scores: Mapping[str, Score]) -> Table:
    rows = (
        (name, f"{one.precision:.3f}" if one.read else "–", f"{one.recall:.3f}", f"{one.f1:.3f}", str(one.stated))
        for name, one in scores.items()
    )
    return Table(title, (what, "precision", "recall", "F1", "stated"), tuple(rows))
