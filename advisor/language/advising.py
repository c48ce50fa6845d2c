"""What is advised, and where it leans, in words: a verdict's claims joined and introduced, as `wording` does the rest.

What documents to take away repeat is worded so that it can be read to anybody: but for the scorecard's claims, nobody
in it is "you" or "I".
"""

from collections.abc import Iterator, Sequence
from typing import Final

from advisor.core.decision import Assumption, Flip, Reason, Verdict
from advisor.core.facts import Fact, Situation
from advisor.core.inquiry import Outlook, Stop
from advisor.core.replies import Advice, CitedReason, CitedVerdict, Differing
from advisor.core.roles import BOTH, NOT_YET
from advisor.language.phrases import ONE_ROLE_ALONE, OWN_RULES, SUPPOSED
from advisor.language.wording import CitationList, Wording, markers
from advisor.text import listed, markdown_literal

MOST_FLIPS_TOLD: Final = 3
MOST_ASSUMPTIONS_TOLD: Final = 3
LIKELIHOODS: Final = ((0.9, "Almost certain"), (0.7, "Likely"), (0.5, "More likely than not"), (0.35, "A close call"))
UNLIKELY: Final = "Little more than a guess"
BECAUSE: Final = {"not_asked": "it was not said", "not_sure": "that stayed open"}


def cite_verdict(wording: Wording, verdict: Verdict, cited: CitationList) -> CitedVerdict:
    """The verdict with a citation for every reason that the corpus has words for."""
    return CitedVerdict(
        verdict,
        tuple(_cited(wording, reason, cited) for reason in verdict.reasons),
        tuple(_cited(wording, reason, cited) for reason in verdict.counter_reasons),
    )


def word_advice(
    wording: Wording, situation: Situation, advised: CitedVerdict, stop: Stop, cited: CitationList
) -> Advice:
    """A verdict in words."""
    verdict = advised.verdict
    all_cited = all(reason.citations for reason in (*advised.reasons, *advised.counter_reasons))
    return Advice(
        title=wording.knowledge.wordings[verdict.recommendation].advice,
        likelihood=_likelihood(verdict.probability),
        percent=percent(verdict.probability),
        standing=f"{_stop(wording, verdict, stop)} {_more_posts(wording, situation, verdict)}".rstrip(),
        differing=tuple(_differing(wording, verdict, cited)),
        flips=tuple(_flip(wording, flip) for flip in verdict.flips[:MOST_FLIPS_TOLD]),
        assumptions=tuple(_assumptions(wording, verdict.assumptions)),
        caveat="" if all_cited else OWN_RULES,
    )


def advice_text(advice: Advice, advised: CitedVerdict, cited: CitationList, *, brief: bool) -> str:
    """The advice and why, and unless `brief` the other side, what would change it, what is assumed."""
    told = [
        f"### {advice.title}\n\n{advice.likelihood} ({advice.percent}). {advice.standing}",
        _section("Why", [_reason(reason) for reason in advised.reasons]),
    ]
    rest = [
        _section("What speaks against it", [_reason(reason) for reason in advised.counter_reasons]),
        _section("Where the documents disagree", [_topic(one, cited) for one in advice.differing]),
        _section("What would change it", advice.flips),
        _section("What I assumed", advice.assumptions),
        advice.caveat,
    ]
    return "\n\n".join(section for section in (told if brief else (*told, *rest)) if section)


def supposed(wording: Wording, facts: Sequence[Fact], verdict: Verdict, cited: CitationList, *, same: bool) -> str:
    """What would be advised if `facts` were so, and why; whether that is the `same` as is advised now."""
    condition = wording.condition([(fact.factor, fact.value) for fact in facts])
    advice = wording.recommendation(verdict.recommendation)
    turn = "it would still be" if same else "it would be"
    likely = _likelihood(verdict.probability).lower()
    reasons = [_reason(_cited(wording, reason, cited)) for reason in verdict.reasons]
    told = f"{condition}, {turn} **{advice}**, {likely}."
    return "\n\n".join(part for part in (told, _section("Why", reasons), SUPPOSED) if part)


def leaning(wording: Wording, outlook: Outlook, situation: Situation) -> str:
    """Where it leans while not all is told, and what could still change that."""
    if not situation.facts:
        return "Nowhere yet: tell me about your project."
    leading = f"Leaning towards: {wording.recommendation(outlook.ranking[0].recommendation)}"
    open_ones = [wording.label(factor).lower() for factor in outlook.could_change]
    if not open_ones:
        return f"{leading}. No single answer that is still open would change this."
    if len(open_ones) > MOST_ASSUMPTIONS_TOLD:
        return f"{leading}. Most of what is still open could change this."
    return f"{leading}. Your answer on {listed(open_ones, 'or')} could still change this."


def questions_to_come(outlook: Outlook, *, pending: bool) -> str:
    """How many questions may still come, the one that is `pending` included."""
    if not outlook.most_questions:
        return "This is my last question." if pending else "I have no more questions."
    return f"At most {outlook.most_questions} more question{'s' if outlook.most_questions > 1 else ''}."


def weighed(wording: Wording, verdict: Verdict) -> str:
    """How likely each recommendation is held to be."""
    each = [
        f"{wording.recommendation(ranked.recommendation)}: {percent(ranked.probability)}" for ranked in verdict.ranking
    ]
    return _section("How likely I think each is, from what you told me", each)


def what_would_change(wording: Wording, verdict: Verdict) -> str:
    """The smallest changes that lead to other advice."""
    flips = [_flip(wording, flip) for flip in verdict.flips]
    return _section("What would change my advice", flips or ["Nothing that I ask about."])


def _cited(wording: Wording, reason: Reason, cited: CitationList) -> CitedReason:
    return CitedReason(reason, cited.cite(wording.bindings[reason.row.id]))


def _stop(wording: Wording, verdict: Verdict, stop: Stop) -> str:
    """What could still change the advice, as far as that is known."""
    unsure = [wording.label(factor).lower() for factor in verdict.unsure]
    if verdict.settled and unsure:
        return f"Nothing that was not asked can change this; what stayed open ({listed(unsure)}) could."
    if verdict.settled:
        return "What is still open cannot change this; other answers to what was asked could."
    little_left = "Nothing left to ask is likely to change much, though"
    opening = "Not all was asked:" if stop.because == "asked_enough" else little_left
    deciding = [wording.label(assumed.factor).lower() for assumed in verdict.assumptions]
    if not deciding:
        return f"{opening} several answers together still could change it."
    if len(deciding) > MOST_ASSUMPTIONS_TOLD:
        return f"{opening} most of what is still open could change it."
    return f"{opening} the answer on {listed(deciding)} still could change it."


def _more_posts(wording: Wording, situation: Situation, verdict: Verdict) -> str:
    """That one role is advised where two could be hired, and which of the two would be first."""
    if situation.value("headcount") != "two_or_more" or verdict.recommendation in (*BOTH, NOT_YET):
        return ""
    likelier = next(ranked.recommendation for ranked in verdict.ranking if ranked.recommendation in BOTH)
    return ONE_ROLE_ALONE.format(likelier=wording.recommendation(likelier))


def _differing(wording: Wording, verdict: Verdict, cited: CitationList) -> Iterator[Differing]:
    for topic in wording.knowledge.disagreements:
        one, other = (wording.bindings[side.id] for side in topic.sides)
        if verdict.recommendation in topic.recommendations and one and other:
            first, second = cited.cite([one[0], other[0]])
            yield Differing(topic.about, (first, second))


def _flip(wording: Wording, flip: Flip) -> str:
    return f"{wording.condition(flip.changes)}: {wording.recommendation(flip.becomes)}."


def _assumptions(wording: Wording, assumed: Sequence[Assumption]) -> list[str]:
    if len(assumed) <= MOST_ASSUMPTIONS_TOLD:
        return [_assumption(wording, one) for one in assumed]
    said = {"not_asked": "Not said", "not_sure": "Stayed open", "no_preference": "Said not to matter"}
    grouped = {
        because: [wording.label(one.factor).lower() for one in assumed if one.because == because] for because in said
    }
    return [f"{said[because]}: {listed(labels)}." for because, labels in grouped.items() if labels]


def _assumption(wording: Wording, assumed: Assumption) -> str:
    label, value = wording.label(assumed.factor), wording.value(assumed.factor, assumed.value)
    if assumed.because == "no_preference":
        return f"{label}: said not to matter, so it counted for nothing."
    why = BECAUSE[assumed.because]
    if not Fact(assumed.factor, assumed.value).commits:
        return f"{label}: nothing, because {why}; any answer would change the advice."
    return f"{label}: “{value}”, because {why}."


def _reason(reason: CitedReason) -> str:
    return f"{reason.reason.row.claim} {markers(reason.citations)}".rstrip()


def _topic(differing: Differing, cited: CitationList) -> str:
    quotes = (cited.quotes[number - 1] for number in differing.citations)
    one, other = (f"“{markdown_literal(quote.text)}” {markers(cited.cite([quote]))}" for quote in quotes)
    return f"On {differing.about}: {one} But: {other}"


def _section(title: str, lines: Sequence[str]) -> str:
    return f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _likelihood(probability: float) -> str:
    return next((words for least, words in LIKELIHOODS if probability >= least), UNLIKELY)


def percent(probability: float) -> str:
    """A probability in per cent, never as certain as 100 nor as impossible as 0."""
    return "under 1%" if probability < 0.01 else f"{min(probability, 0.99):.0%}"
