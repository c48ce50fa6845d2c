"""Drives the real conversation over cases, typed and clicked, and scores its recommendations."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from advisor.api import Advisor, Conversation
from advisor.core.facts import NOT_SURE
from advisor.core.replies import Reply
from advisor.evaluation.cases import Case

Mode = Literal["typed", "clicked"]
MODES: Final[tuple[Mode, ...]] = ("typed", "clicked")
MOST_TURNS: Final = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one conversation. `asked` lists the factors of all questions, in order."""

    case: Case
    mode: Mode
    recommendation: str | None
    asked: tuple[str, ...]
    settled: bool
    misquotes: int
    misread: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.recommendation == self.case.recommendation

    @property
    def repeated(self) -> int:
        """Questions that were asked before."""
        return len(self.asked) - len(set(self.asked))


@dataclass(frozen=True, slots=True)
class Proportion:
    """`right` of `of`, with the 95 % Wilson interval."""

    right: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one mode over many cases."""

    mode: Mode
    accuracy: Proportion
    by_voice: Mapping[str, Proportion]
    confusion: Mapping[tuple[str, str], int]
    questions_mean: float
    questions_most: int
    repeated: int
    settled: int
    misquotes: int
    misread: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "accuracy": _proportion_to_dict(self.accuracy),
            "by_voice": {voice: _proportion_to_dict(share) for voice, share in self.by_voice.items()},
            "confusion": [
                {"expected": expected, "got": got, "cases": cases} for (expected, got), cases in self.confusion.items()
            ],
            "questions": {
                "mean": round(self.questions_mean, 2),
                "most": self.questions_most,
                "repeated": self.repeated,
            },
            "settled": self.settled,
            "misquotes": self.misquotes,
            "misread": dict(self.misread),
        }


def run(advisor: Advisor, cases: Sequence[Case], mode: Mode, progress: Callable[[], None]) -> list[Outcome]:
    """One outcome for each case, telling `progress` after each."""
    outcomes = []
    for case in cases:
        outcomes.append(hold(advisor, case, mode))
        progress()
    return outcomes


def hold(advisor: Advisor, case: Case, mode: Mode) -> Outcome:
    """Hold one conversation to its end, answering whatever is asked as the case's manager would."""
    conversation = advisor.start()
    replies = list(_typed(conversation, case) if mode == "typed" else _clicked(conversation, case))
    verdict = next((reply.verdict.verdict for reply in reversed(replies) if reply.verdict), None)
    return Outcome(
        case=case,
        mode=mode,
        recommendation=verdict.recommendation if verdict else None,
        asked=tuple(reply.question.factor for reply in replies if reply.kind == "ask" and reply.question),
        settled=bool(verdict and verdict.settled),
        misquotes=sum(_misquotes(advisor, reply) for reply in replies),
        misread=tuple(
            fact.factor for fact in replies[-1].understood if fact.commits and case.facts.get(fact.factor) != fact.value
        ),
    )


def summarise(outcomes: Sequence[Outcome], mode: Mode) -> Summary:
    """The figures of `outcomes`, which are not empty."""
    voices = sorted({outcome.case.voice for outcome in outcomes})
    return Summary(
        mode=mode,
        accuracy=_accuracy(outcomes),
        by_voice={voice: _accuracy([o for o in outcomes if o.case.voice == voice]) for voice in voices},
        confusion=dict(sorted(Counter((o.case.recommendation, o.recommendation or "none") for o in outcomes).items())),
        questions_mean=sum(len(outcome.asked) for outcome in outcomes) / len(outcomes),
        questions_most=max(len(outcome.asked) for outcome in outcomes),
        repeated=sum(outcome.repeated for outcome in outcomes),
        settled=sum(outcome.settled for outcome in outcomes),
        misquotes=sum(outcome.misquotes for outcome in outcomes),
        misread=dict(Counter(factor for outcome in outcomes for factor in outcome.misread).most_common()),
    )


def proportion(right: int, of: int) -> Proportion:
    """A share with its 95 % Wilson interval."""
    from scipy.stats import binomtest

    interval = binomtest(right, of).proportion_ci(confidence_level=0.95, method="wilson")
    return Proportion(right, of, float(interval.low), float(interval.high))


def _typed(conversation: Conversation, case: Case) -> Iterator[Reply]:
    reply = conversation.send(case.opening)
    yield reply
    if case.correction:
        reply = conversation.send(case.correction.says)
        yield reply
    for _ in range(MOST_TURNS):
        if not reply.question:
            return
        reply = conversation.send(case.answers.get(reply.question.factor, case.unknown))
        yield reply


def _clicked(conversation: Conversation, case: Case) -> Iterator[Reply]:
    reply = conversation.greet()
    yield reply
    for _ in range(MOST_TURNS):
        if not reply.question:
            return
        factor = reply.question.factor
        if case.correction and case.correction.factor == factor:
            yield conversation.choose(factor, case.correction.wrong)
        reply = conversation.choose(factor, case.facts.get(factor, NOT_SURE))
        yield reply


def _misquotes(advisor: Advisor, reply: Reply) -> int:
    quotes = [citation.quote for citation in reply.citations]
    return sum(advisor.article(words.article).text[words.start : words.end] != words.text for words in quotes)


def _accuracy(outcomes: Sequence[Outcome]) -> Proportion:
    return proportion(sum(outcome.right for outcome in outcomes), len(outcomes))


def _proportion_to_dict(share: Proportion) -> dict[str, Any]:
    return {
        "right": share.right,
        "of": share.of,
        "share": round(share.share, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
    }
