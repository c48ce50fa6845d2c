"""How well messages are read: facts, intents, calibration, by factor, voice and kind of message."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from advisor.core.facts import FACTORS
from advisor.evaluation.statistics import Proportion, bootstrap_interval, proportion
from advisor.knowledge.examples import Example
from advisor.language.reading import Read, Reading

UNDERSTOOD_NOT_STATED: Final = ("negated", "past", "reported", "wished", "hypothetical")
"""Kinds of message whose words tempt to read a fact that they do not state."""
BINS: Final = 10


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
    for factor in stated.keys() | read.keys():
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


@dataclass(frozen=True, slots=True)
class Bin:
    """Facts read with a confidence in one tenth of the scale: how many, their mean confidence, the share right."""

    facts: int
    confidence: float
    right: float


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
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        groups[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    bins = [
        Bin(len(group), sum(c for c, _ in group) / len(group), sum(r for _, r in group) / len(group))
        if group
        else Bin(0, 0.0, 0.0)
        for group in groups
    ]
    error = sum(one.facts * abs(one.confidence - one.right) for one in bins) / max(1, len(pairs))
    return error, bins


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

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready. Times are left out, so that two runs give the same."""
        return {
            "messages": self.messages,
            "macro_f1": round(self.macro_f1, 4),
            "macro_f1_interval": [round(value, 4) for value in self.macro_f1_interval],
            "facts": {factor: _score_to_dict(score) for factor, score in self.facts.items()},
            "right": self.right.to_dict(),
            "by_voice": {name: share.to_dict() for name, share in self.by_voice.items()},
            "by_kind": {name: share.to_dict() for name, share in self.by_kind.items()},
            "negated_past_reported_wished_hypothetical": self.not_stated.to_dict(),
            "intents_right": self.intents_right.to_dict(),
            "intents": {name: _score_to_dict(score) for name, score in self.intents.items()},
            "expected_calibration_error": round(self.calibration_error, 4),
            "reliability": [
                {"facts": one.facts, "confidence": round(one.confidence, 4), "right": round(one.right, 4)}
                for one in self.reliability
            ],
            "other_languages": self.other_languages.to_dict(),
            "span_overlap": round(self.span_overlap, 4),
        }


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


def _score_to_dict(score: Score) -> dict[str, Any]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "stated": score.stated,
    }
