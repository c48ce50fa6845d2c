"""What the advisor says in one turn, as data. Every face shows the same reply; `to_dict` is the contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.core.decision import Reason, Verdict
from advisor.core.evidence import Quote
from advisor.core.facts import Fact
from advisor.core.roles import FIRST_HIRE

Kind = Literal["ask", "advise", "answer", "decline"]
DeclineReason = Literal[
    "not_in_corpus", "out_of_scope", "about_a_person", "protected_characteristic", "unreadable", "too_long"
]


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be clicked."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, its options, and why it is asked. `citations` are ids of the reply's citations; `check` asks
    whether an answer is meant that was only half heard."""

    factor: str
    text: str
    options: tuple[Option, ...]
    why: str
    citations: tuple[int, ...]
    check: str = ""


@dataclass(frozen=True, slots=True)
class CitedReason:
    """A reason of the verdict with the citations that back it; none when the corpus has no words for it."""

    reason: Reason
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CitedVerdict:
    """A verdict whose reasons carry citations."""

    verdict: Verdict
    reasons: tuple[CitedReason, ...]
    counter_reasons: tuple[CitedReason, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """A matter on which two articles differ, with the citation of each."""

    about: str
    citations: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Advice:
    """A verdict in words; they are Markdown without markers.

    `title` is the recommendation as a sentence, `likelihood` how likely it is held to be in words and `percent` in
    numbers; `standing` says what could still change it. `flips` are in the verdict's order, the first of them only.
    `caveat` is said where a reason has no words of the documents.
    """

    title: str
    likelihood: str
    percent: str
    standing: str
    differing: tuple[Differing, ...]
    flips: tuple[str, ...]
    assumptions: tuple[str, ...]
    caveat: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote under the number by which the reply's text refers to it."""

    id: int
    quote: Quote


@dataclass(frozen=True, slots=True)
class Declined:
    """Why there is no answer, and the citations nearest to what was asked."""

    reason: DeclineReason
    nearest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One turn of the advisor.

    `text` is Markdown in which [n] points at the citation with id n, and `opening` the part of it that comes before
    the question or the advice; `advice` is the verdict in words. `support` is the probability, 0 to 1, that the corpus
    answers what was asked; `decline` tells what was not answered, also where advice follows. `supposed` are facts that
    are not known to be so, of which the text says what they would change.
    """

    kind: Kind
    text: str
    understood: tuple[Fact, ...] = ()
    question: Question | None = None
    verdict: CitedVerdict | None = None
    citations: tuple[Citation, ...] = ()
    support: float = 1.0
    decline: Declined | None = None
    opening: str = ""
    advice: Advice | None = None
    supposed: tuple[Fact, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The reply as JSON-ready data, in the shape that `advisor chat --jsonl` prints."""
        return {
            "kind": self.kind,
            "text": self.text,
            "question": _question(self.question) if self.question else None,
            "verdict": _verdict(self.verdict) if self.verdict else None,
            "understood": facts_to_list(self.understood),
            "citations": [_citation(citation) for citation in self.citations],
            "support": round(self.support, 4),
            "decline": {"reason": self.decline.reason, "nearest": list(self.decline.nearest)} if self.decline else None,
        }


def facts_to_list(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Facts as the contract's `understood` list."""
    return [
        {"factor": fact.factor, "value": fact.value, "said": fact.said, "confidence": round(fact.confidence, 4)}
        for fact in facts
    ]


def _question(question: Question) -> dict[str, Any]:
    return {
        "factor": question.factor,
        "text": question.text,
        "options": [{"value": option.value, "label": option.label} for option in question.options],
        "why": question.why,
        "citations": list(question.citations),
    }


def _verdict(cited: CitedVerdict) -> dict[str, Any]:
    verdict = cited.verdict
    return {
        "recommendation": verdict.recommendation,
        "first_hire": FIRST_HIRE[verdict.recommendation],
        "probability": round(verdict.probability, 4),
        "settled": verdict.settled,
        "ranking": [
            {"recommendation": ranked.recommendation, "probability": round(ranked.probability, 4)}
            for ranked in verdict.ranking
        ],
        "reasons": [_reason(reason) for reason in cited.reasons],
        "counter_reasons": [_reason(reason) for reason in cited.counter_reasons],
        "flips": [
            {
                "changes": [{"factor": factor, "value": value} for factor, value in flip.changes],
                "becomes": flip.becomes,
            }
            for flip in verdict.flips
        ],
        "assumptions": [
            {"factor": assumed.factor, "value": assumed.value, "because": assumed.because}
            for assumed in verdict.assumptions
        ],
    }


def _reason(cited: CitedReason) -> dict[str, Any]:
    return {
        "text": cited.reason.row.claim,
        "factor": cited.reason.row.factor,
        "value": cited.reason.row.value,
        "points": round(cited.reason.weight, 4),
        "citations": list(cited.citations),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    quoted = citation.quote
    return {
        "id": citation.id,
        "article": quoted.article,
        "title": quoted.title,
        "section": quoted.section,
        "quote": quoted.text,
        "start": quoted.start,
        "end": quoted.end,
        "sha256": quoted.sha256,
    }
