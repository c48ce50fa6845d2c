"""How well questions are answered from the corpus, or declined: passages found, words cited, answering or not."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from advisor.api import Advisor
from advisor.core.evidence import Article, Hit, Quote
from advisor.core.replies import Reply
from advisor.evaluation.question_cases import QuestionCase, Span, places
from advisor.evaluation.report import CaseReport, Cited, Figure, Table, listed, share
from advisor.evaluation.statistics import Proportion, binned, bootstrap_interval, share_of
from advisor.rows import RowsError, told

WORD: Final = re.compile(r"\w+")
FEWEST_TO_RANK: Final = 10
"""Questions with an answer, and without, from which it is worth telling how well support ranks them."""
DEEPEST: Final = 10
"""How many passages are looked at to see where the right one stands."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: an answer, or that it was declined, or neither where it was not taken for a question.
    `rank` is the place, from 1, of the first right passage among those found, or None; `plain_rank` the same of the
    plain pipeline. `cited` counts citations, `right` those of right places and `tempted` those of tempting ones;
    `covered` counts the parts that were cited; `said` is the share of the words of an answer expected in free words
    that was quoted; `quotes` are all that were given."""

    case: QuestionCase
    answered: bool
    declined: bool
    support: float
    rank: int | None
    plain_rank: int | None
    cited: int
    right: int
    tempted: int
    covered: int
    said: float | None = None
    quotes: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of all questions; what has an interval that is no share comes as (value, low, high)."""

    first: Proportion
    among_three: Proportion
    plain_first: Proportion
    plain_among_three: Proportion
    reciprocal_rank: float
    auroc: float
    auroc_interval: tuple[float, float]
    answered: Proportion
    wrongly_answered: Proportion
    citation_precision: tuple[float, float, float]
    citation_recall: tuple[float, float, float]
    fully_covered: Proportion
    handled_well: Proportion
    said: float | None
    tempted: Proportion
    calibration_error: float
    risk_coverage: Sequence[tuple[float, float]]
    by_kind: Mapping[str, Proportion]
    by_voice: Mapping[str, Proportion]


def judge(
    case: QuestionCase, reply: Reply, hits: Sequence[Hit], plain: Sequence[Hit], texts: Mapping[str, str]
) -> Answer:
    """Compare a reply, and the passages found, with what answers the question. `texts` are the articles'."""
    spans = [[span for one in part for span in places(one, texts)] for part in case.parts]
    anywhere = [span for part in spans for span in part]
    tempting = [span for one in case.tempting for span in places(one, texts)]
    cited = [(one.quote.article, one.quote.start, one.quote.end) for one in reply.citations]
    answered = reply.kind == "answer"
    return Answer(
        case=case,
        answered=answered,
        declined=reply.kind == "decline",
        support=reply.support,
        rank=_rank(hits, anywhere),
        plain_rank=_rank(plain, anywhere),
        cited=len(cited) if answered else 0,
        right=sum(_meets(one, anywhere) for one in cited) if answered else 0,
        tempted=sum(_meets(one, tempting) and not _meets(one, anywhere) for one in cited) if answered else 0,
        covered=sum(any(_meets(one, part) for one in cited) for part in spans) if answered else 0,
        said=_recall(case.expected, reply) if case.expected and answered else None,
        quotes=tuple(
            _in_place(citation.quote, anywhere if case.places_noted else None, texts) for citation in reply.citations
        ),
    )


def put(advisor: Advisor, case: QuestionCase) -> Answer:
    """What comes of a question, asked by itself, and what is found for it, by the plain pipeline too."""
    found = advisor.search(case.question, k=DEEPEST)
    plain = _plain(tuple(advisor.articles), advisor.settings.networks)(case.question)
    return judge(case, advisor.ask(case.question), found, plain, {one.id: one.text for one in advisor.articles})


@cache
def _plain(articles: tuple[Article, ...], networks: Path) -> Callable[[str], Sequence[Hit]]:
    from advisor.retrieval.embed import MiniLM
    from advisor.retrieval.plain import plain_search

    return plain_search(articles, MiniLM(networks))


def check_places(path: Path, cases: Sequence[QuestionCase], articles: Sequence[Article]) -> None:
    """Raises `RowsError`, naming the cases of which a place is in no article; before anything is asked."""
    texts = {article.id: article.text for article in articles}
    faults = []
    for case in cases:
        try:
            for wanted in (*(one for part in case.parts for one in part), *case.tempting):
                places(wanted, texts)
        except ValueError as error:
            faults.append(f"{case.id}: {error}")
    if faults:
        raise RowsError(f"{told(path, faults)}\nThe articles are: {', '.join(texts)}.")


def summarise(answers: Sequence[Answer]) -> Summary:
    answerable = [answer for answer in answers if answer.case.answerable]
    placed = [answer for answer in answerable if answer.case.parts]
    others = [answer for answer in answers if not answer.case.answerable]
    return Summary(
        first=share_of(placed, lambda one: _within(one.rank, 1)),
        among_three=share_of(placed, lambda one: _within(one.rank, 3)),
        plain_first=share_of(placed, lambda one: _within(one.plain_rank, 1)),
        plain_among_three=share_of(placed, lambda one: _within(one.plain_rank, 3)),
        reciprocal_rank=sum(1 / one.rank for one in placed if one.rank) / max(len(placed), 1),
        auroc=auroc(answers),
        auroc_interval=bootstrap_interval(answers, auroc),
        answered=share_of(answerable, lambda one: one.answered),
        wrongly_answered=share_of(others, lambda one: one.answered),
        citation_precision=(precision(placed + others), *bootstrap_interval(placed + others, precision)),
        citation_recall=(recall(placed), *bootstrap_interval(placed, recall)),
        fully_covered=share_of(placed, lambda one: one.covered == len(one.case.parts)),
        handled_well=share_of(answers, good),
        said=_mean([one.said or 0.0 for one in answerable if one.case.expected]),
        tempted=share_of([one for one in answers if one.case.tempting], lambda one: bool(one.tempted)),
        calibration_error=calibration_error(answers),
        risk_coverage=risk_coverage(answers),
        by_kind=_by(answers, lambda one: one.case.kind),
        by_voice=_by(answers, lambda one: one.case.voice),
    )


def good(answer: Answer) -> bool:
    """Whether a question got what it should: an answer that cites a right place where one is known, or none where
    there is none."""
    if answer.case.parts:
        return bool(answer.right)
    return answer.answered if answer.case.answerable else answer.declined


def precision(answers: Sequence[Answer]) -> float:
    """The share of all citations that are of right places; where there is no answer, none is."""
    return _ratio(sum(one.right for one in answers), sum(one.cited for one in answers))


def recall(answers: Sequence[Answer]) -> float:
    """The share of all parts of full answers that were cited."""
    return _ratio(sum(one.covered for one in answers), sum(len(one.case.parts) for one in answers))


def auroc(answers: Sequence[Answer]) -> float:
    """The probability that of an answerable question and another the answerable one has more support."""
    from sklearn.metrics import roc_auc_score

    wanted = [answer.case.answerable for answer in answers]
    if len(set(wanted)) < 2:
        return float("nan")
    return float(roc_auc_score(wanted, [answer.support for answer in answers]))


def risk_coverage(answers: Sequence[Answer]) -> list[tuple[float, float]]:
    """For each share of questions answered, the most supported first, the share of those without a right quote.

    Declined questions count by the nearest quotes that they were given; where nobody noted places, nothing counts.
    """
    judged = [answer for answer in answers if answer.case.places_noted]
    ranked = sorted(judged, key=lambda answer: -answer.support)
    wrong, curve = 0, []
    for number, answer in enumerate(ranked, start=1):
        wrong += not any(cited.right for cited in answer.quotes)
        curve.append((number / len(ranked), wrong / number))
    return curve


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error of `support` against whether the question can be answered."""
    return binned([(answer.support, answer.case.answerable) for answer in answers])[0]


def figures(summary: Summary) -> list[Figure]:
    """The figures for a report, without those that these cases cannot tell."""
    said = math.nan if summary.said is None else summary.said
    ranks = min(summary.answered.of, summary.wrongly_answered.of) >= FEWEST_TO_RANK
    found = [
        Figure("words of the expected answer quoted", said),
        share("right passage first", summary.first),
        share("right passage among the first three", summary.among_three),
        share("the plain pipeline: right passage first", summary.plain_first),
        share("the plain pipeline: right passage among the first three", summary.plain_among_three),
        Figure("MRR@10", summary.reciprocal_rank, of=summary.first.of),
        Figure("AUROC of support", summary.auroc if ranks else math.nan, *summary.auroc_interval),
        Figure("expected calibration error of support", summary.calibration_error, lower_is_better=True),
        share("answerable questions answered", summary.answered),
        share("unanswerable questions answered", summary.wrongly_answered, lower_is_better=True),
        Figure("citation precision", *summary.citation_precision),
        Figure("citation recall", *summary.citation_recall),
        share("questions answered in full", summary.fully_covered),
        share("handled well", summary.handled_well),
        share("tempting words cited", summary.tempted, lower_is_better=True),
    ]
    return [figure for figure in found if not math.isnan(figure.value) and figure.of != 0]


def tables(summary: Summary) -> list[Table]:
    """The tables for a report, but for what the cases do not tell."""
    shares = {"kind": summary.by_kind, "voice": summary.by_voice}
    return [listed(by, what) for what, by in shares.items() if set(by) != {""}]


def case_report(answer: Answer) -> CaseReport:
    """One question for a report."""
    case = answer.case
    found = f"right passage at {answer.rank}" if answer.rank else "right passage not found"
    told = f", {found}, {answer.right} of {answer.cited} citations right" if case.parts else ""
    if answer.said is not None:
        told += f", {answer.said:.0%} of the expected words quoted"
    return CaseReport(
        id=case.id,
        good=good(answer),
        said=case.question,
        wanted=" and ".join(part[0].quote for part in case.parts)
        or case.expected
        or ("an answer" if case.answerable else "no answer"),
        got=f"{_came_to(answer)}, support {answer.support:.2f}" + told,
        cited=answer.quotes,
    )


def _came_to(answer: Answer) -> str:
    return "answered" if answer.answered else "declined" if answer.declined else "not taken for a question"


def _recall(expected: str, reply: Reply) -> float:
    """The share of the different words of an expected answer that the quotes hold."""
    wanted = set(WORD.findall(expected.casefold()))
    quoted = {word for citation in reply.citations for word in WORD.findall(citation.quote.text.casefold())}
    return len(wanted & quoted) / len(wanted) if wanted else 0.0


def _ratio(some: int, of: int) -> float:
    return some / of if of else math.nan


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _within(rank: int | None, deepest: int) -> bool:
    return rank is not None and rank <= deepest


def _by(answers: Sequence[Answer], key: Callable[[Answer], str]) -> dict[str, Proportion]:
    return {
        name: share_of(list(group), good) for name, group in groupby(sorted(answers, key=lambda one: key(one)), key=key)
    }


AROUND: Final = 160
"""Characters of the article that are shown before and after a quote."""


def _in_place(quoted: Quote, right: Sequence[Span] | None, texts: Mapping[str, str]) -> Cited:
    text = texts[quoted.article]
    here = quoted.article, quoted.start, quoted.end
    return Cited(
        quoted.article,
        quoted.section,
        text[max(0, quoted.start - AROUND) : quoted.start],
        quoted.text,
        text[quoted.end : quoted.end + AROUND],
        None if right is None else _meets(here, right),
    )


def _meets(one: Span, others: Sequence[Span]) -> bool:
    return any(one[0] == other[0] and one[1] < other[2] and other[1] < one[2] for other in others)


def _rank(hits: Sequence[Hit], right: Sequence[Span]) -> int | None:
    places = (number for number, hit in enumerate(hits, 1) if _meets((hit.article, hit.start, hit.end), right))
    return next(places, None)
