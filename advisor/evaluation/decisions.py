"""Drives the real conversation over cases, typed and clicked, and scores its recommendations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from advisor.api import Advisor, Conversation
from advisor.core.decision import decide
from advisor.core.facts import NOT_SURE, Fact
from advisor.core.replies import Reply
from advisor.core.roles import RECOMMENDATIONS
from advisor.evaluation.cases import Case
from advisor.evaluation.report import CaseReport, Figure, Table, counted, listed, matrix, share
from advisor.evaluation.statistics import Proportion, proportion
from advisor.turn import State

Mode = Literal["typed", "clicked"]
MODES: Final[tuple[Mode, ...]] = ("typed", "clicked")
MOST_TURNS: Final = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one conversation.

    `asked` lists the factors of all questions, in order; `put_again` counts how often the question on the table was
    put once more. `misread` are the factors that ended with a value which is not true, `costly` those which alone,
    set right, would have set the recommendation right. `told_already` are factors asked about though the opening
    had stated them, `unheard` those of them where the question did not even name what had been written.
    """

    case: Case
    mode: Mode
    recommendation: str | None
    asked: tuple[str, ...]
    settled: bool
    misquotes: int
    misread: tuple[str, ...]
    costly: tuple[str, ...]
    put_again: int
    told_already: tuple[str, ...]
    unheard: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.recommendation == self.case.recommendation

    @property
    def repeated(self) -> int:
        """Questions about a factor that was asked about before, with another question between."""
        return len(self.asked) - len(set(self.asked))


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
    put_again: int
    told_already: Proportion
    unheard: Proportion
    settled: int
    misquotes: int
    misread: Mapping[str, int]
    costly: Mapping[str, int]


def hold(advisor: Advisor, case: Case, mode: Mode) -> Outcome:
    """Hold one conversation to its end, answering whatever is asked as the case's manager would."""
    conversation = advisor.start()
    replies, named = [], set()
    for reply in _typed(conversation, case) if mode == "typed" else _clicked(conversation, case):
        replies.append(reply)
        if reply.question and any(fact.said and fact.said in case.opening for fact in conversation.state.offered):
            named.add(reply.question.factor)
    verdict = next((reply.verdict.verdict for reply in reversed(replies) if reply.verdict), None)
    put = [reply.question.factor for reply in replies if reply.question]
    asked = tuple(factor for factor, _ in groupby(put))
    recommendation = verdict.recommendation if verdict else None
    after_opening = dict.fromkeys(reply.question.factor for reply in replies[1:] if reply.question)
    told_already = tuple(factor for factor in after_opening if factor in case.opening_states) if mode == "typed" else ()
    return Outcome(
        case=case,
        mode=mode,
        recommendation=recommendation,
        asked=asked,
        settled=bool(verdict and verdict.settled),
        misquotes=sum(_misquotes(advisor, reply) for reply in replies),
        misread=tuple(
            fact.factor for fact in replies[-1].understood if fact.commits and case.facts.get(fact.factor) != fact.value
        ),
        costly=() if recommendation == case.recommendation else tuple(_costly(advisor, conversation.state, case)),
        put_again=len(put) - len(asked),
        told_already=told_already,
        unheard=tuple(factor for factor in told_already if factor not in named),
    )


def _costly(advisor: Advisor, state: State, case: Case) -> Iterator[str]:
    """The factors that would, set right one at a time, have led to the right recommendation."""
    for factor, value in case.facts.items():
        if state.situation.value(factor) != value:
            mended = state.situation.learn([Fact(factor, value)])
            if decide(advisor.wording.knowledge.scorecard, mended).recommendation == case.recommendation:
                yield factor


def summarise(outcomes: Sequence[Outcome], mode: Mode) -> Summary:
    """The figures of `outcomes`, which are not empty."""
    voices = sorted({outcome.case.voice for outcome in outcomes})
    telling = sum(bool(outcome.case.opening_states) for outcome in outcomes) if mode == "typed" else 0
    return Summary(
        mode=mode,
        accuracy=_accuracy(outcomes),
        by_voice={voice: _accuracy([o for o in outcomes if o.case.voice == voice]) for voice in voices},
        confusion=dict(sorted(Counter((o.case.recommendation, o.recommendation or "none") for o in outcomes).items())),
        questions_mean=sum(len(outcome.asked) for outcome in outcomes) / len(outcomes),
        questions_most=max(len(outcome.asked) for outcome in outcomes),
        repeated=sum(outcome.repeated for outcome in outcomes),
        put_again=sum(outcome.put_again for outcome in outcomes),
        told_already=proportion(sum(bool(outcome.told_already) for outcome in outcomes), telling),
        unheard=proportion(sum(bool(outcome.unheard) for outcome in outcomes), telling),
        settled=sum(outcome.settled for outcome in outcomes),
        misquotes=sum(outcome.misquotes for outcome in outcomes),
        misread=_counts(outcome.misread for outcome in outcomes),
        costly=_counts(outcome.costly for outcome in outcomes),
    )


def figures(summary: Summary) -> list[Figure]:
    """The figures of one mode for a report."""
    mode = summary.mode
    found = [
        share(f"{mode}: recommendations right", summary.accuracy),
        Figure(f"{mode}: questions on average", summary.questions_mean, lower_is_better=True),
        Figure(f"{mode}: questions at most", summary.questions_most, lower_is_better=True),
        Figure(f"{mode}: questions asked again after another", summary.repeated, lower_is_better=True),
        Figure(f"{mode}: questions put once more", summary.put_again, lower_is_better=True),
        Figure(f"{mode}: conversations settled by proof", summary.settled),
        Figure(f"{mode}: quotes that are not exact", summary.misquotes, lower_is_better=True),
    ]
    if summary.told_already.of:
        told = "a question that the opening had answered"
        found.append(share(f"{mode}: {told}", summary.told_already, lower_is_better=True))
        found.append(share(f"{mode}: {told}, and that did not name it", summary.unheard, lower_is_better=True))
    return found


def tables(summary: Summary) -> list[Table]:
    """The tables of one mode for a report."""
    mode = summary.mode
    confused = matrix(summary.confusion, f"{mode}: recommendations", RECOMMENDATIONS, (*RECOMMENDATIONS, "none"))
    found = [confused, listed(summary.by_voice, f"voice, {mode}")]
    if summary.misread:
        found.append(counted(summary.misread, f"{mode}: facts misread", "fact"))
    if summary.costly:
        title = f"{mode}: facts that, set right alone, would have set the recommendation right"
        found.append(counted(summary.costly, title, "fact"))
    return found


def case_report(outcome: Outcome) -> CaseReport:
    """One conversation for a report."""
    misread = f", misread: {', '.join(outcome.misread)}" if outcome.misread else ""
    return CaseReport(
        id=outcome.case.id,
        good=outcome.right,
        said=outcome.case.opening,
        wanted=outcome.case.recommendation,
        got=f"{outcome.recommendation}{misread}",
        way=outcome.mode,
    )


def _typed(conversation: Conversation, case: Case) -> Iterator[Reply]:
    yield conversation.greet()
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


def _counts(factors: Iterable[Iterable[str]]) -> dict[str, int]:
    return dict(Counter(factor for some in factors for factor in some).most_common())


def _accuracy(outcomes: Sequence[Outcome]) -> Proportion:
    return proportion(sum(outcome.right for outcome in outcomes), len(outcomes))
