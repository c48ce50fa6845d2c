"""Facts, verdicts and passages to words. Templates only: they join and introduce, and claim nothing.

What is said about the project is the scorecard's claims; what is said about the roles is quoted. Text is
Markdown, in which [n] points at a citation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from advisor.core.answers import Answer, Finding
from advisor.core.decision import Assumption, Flip, Reason, Verdict
from advisor.core.evidence import Bindings, Quote
from advisor.core.facts import Correction, Fact, Situation
from advisor.core.inquiry import Outlook, Stop
from advisor.core.replies import Advice, Citation, CitedReason, CitedVerdict, Differing, Option, Question
from advisor.core.roles import DATA_SCIENTIST, ML_ENGINEER
from advisor.core.stance import without_roles
from advisor.knowledge import Knowledge
from advisor.knowledge.missing import GAPS, MISSING
from advisor.language.phrases import (
    LEFT_OPEN,
    NOT_IN_CORPUS,
    NOT_RECOGNISED,
    NOT_TOLD,
    OF_ONE_ROLE,
    OWN_RULES,
    PERHAPS_RELATED,
    RELATED,
    SAID,
    SIDE_BY_SIDE,
    SUPPOSED,
)
from advisor.text import markdown_literal

MOST_FLIPS_TOLD: Final = 3
MOST_ASSUMPTIONS_TOLD: Final = 3
ROLES: Final = {DATA_SCIENTIST: "data scientist", ML_ENGINEER: "ML engineer"}
COLUMNS: Final = tuple(name[0].upper() + name[1:] for name in ROLES.values())
SENTENCE_ENDS: Final = (".", "!", "?", "”", '"')


@dataclass(slots=True)
class CitationList:
    """Quotes in the order in which a reply first refers to them; the same quote keeps its number."""

    quotes: list[Quote] = field(default_factory=list)

    def cite(self, quotes: Iterable[Quote]) -> tuple[int, ...]:
        """The numbers of `quotes`, given out as needed."""
        return tuple(self._number(quoted) for quoted in quotes)

    def citations(self) -> tuple[Citation, ...]:
        return tuple(Citation(number, quoted) for number, quoted in enumerate(self.quotes, start=1))

    def _number(self, quoted: Quote) -> int:
        if quoted not in self.quotes:
            self.quotes.append(quoted)
        return self.quotes.index(quoted) + 1


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things in the words of the knowledge files, with the quotes that a corpus has for them."""

    knowledge: Knowledge
    bindings: Bindings
    knows_gaps: bool = False
    """Whether it is known what the documents do not tell: of the bundled corpus."""

    @property
    def gaps(self) -> str:
        """What the documents do not tell, where that is known."""
        named = [MISSING[kind] for kind in GAPS]
        return f"They say too little to advise you on {_listed(named, 'or')}." if self.knows_gaps else ""

    @property
    def on_subject(self) -> frozenset[str]:
        """The ids of the articles that are recognised as being about the roles: that support any of the claims."""
        return frozenset(quote.article for claim in self.knowledge.claims for quote in self.bindings[claim.id])

    def question(self, factor: str, cited: CitationList, offered: Sequence[Fact] = ()) -> Question:
        """The question about `factor`, its reason cited. The values in `offered` come first among its options."""
        asked = self.knowledge.questions[factor]
        citations = cited.cite(self.bindings[asked.why.id])
        check = self.did_you_mean(offered) if offered else ""
        return Question(factor, asked.text, self.options(factor, offered), asked.why.text, citations, check)

    def options(self, factor: str, offered: Sequence[Fact]) -> tuple[Option, ...]:
        """The options of the question about `factor`, those of the values in `offered` first."""
        places = {fact.value: place for place, fact in enumerate(offered)}
        options = self.knowledge.questions[factor].options
        return tuple(sorted(options, key=lambda option: places.get(option.value, len(places))))

    def question_text(self, question: Question) -> str:
        return f"**{question.text}**\n\nWhy I ask: {question.why} {_markers(question.citations)}".rstrip()

    def once_more(self, question: Question, *, first: bool) -> str:
        """A question that is still open, after something else was said; `first` when it is the only one so far."""
        opening = "To advise you, I need to know" if first else "Back to my question"
        return f"{opening}: **{question.text}** {_markers(question.citations)}".rstrip()

    def noted(self, corrections: Sequence[Correction]) -> str:
        """That a later statement replaced an earlier one."""
        return "\n".join(
            f"Changed: *{self.label(change.after.factor)}* is now “{self.option(change.after)}” "
            f"(before: “{self.option(change.before)}”)."
            for change in corrections
        )

    def did_you_mean(self, offered: Sequence[Fact]) -> str:
        """Asks whether one of these is meant, in the user's own words where there is but one."""
        listed = _listed([f"“{self.option(fact)}”" for fact in offered], "or")
        quoted = len(offered) == 1 and offered[0].said
        said = f"You wrote “{markdown_literal(_one_line(offered[0].said))}”: did" if quoted else "Did"
        return f"{said} you mean {listed}?"

    def which_holds(self, before: Fact, now: Fact) -> str:
        """Two statements that contradict each other, in the user's own words."""
        earlier, later = (
            f"“{markdown_literal(_one_line(fact.said))}” ({self.option(fact)})" if fact.said else self.option(fact)
            for fact in (before, now)
        )
        return f"On *{self.label(now.factor)}*, you told me {earlier}, and now {later}. Which of them holds?"

    def so_far(self, fact: Fact) -> str:
        """What is noted about a factor that is to be changed."""
        return f"So far I have noted *{self.label(fact.factor)}*: {self.option(fact)}."

    def factor_named(self, message: str) -> str | None:
        """The factor that a message names by one of the words that people use for it; the longest name wins."""
        words = without_roles(message).casefold()
        named = {
            name: factor
            for factor, asked in self.knowledge.questions.items()
            for name in asked.names
            if re.search(rf"\b{re.escape(name)}\b", words)
        }
        return named[max(named, key=len)] if named else None

    def left_open(self, factor: str) -> str:
        """That a question goes unanswered."""
        return LEFT_OPEN.format(label=self.label(factor))

    def heard(self, facts: Sequence[Fact]) -> str:
        """What was just understood, so that a misreading is seen at once."""
        listed = "; ".join(f"*{self.label(fact.factor)}*: {self.option(fact)}" for fact in facts)
        return f"Understood: {listed}." if facts else ""

    def understood(self, facts: Sequence[Fact]) -> str:
        """All facts, one a line."""
        if not facts:
            return "So far I know nothing about your project."
        return "This is what I understood:\n\n" + "\n".join(
            f"- {self.label(fact.factor)}: {self.option(fact)}" for fact in facts
        )

    def why(self, question: Question, cited: CitationList) -> str:
        """The reason for a question, with the corpus's own words for it."""
        quotes = [citation.quote for citation in cited.citations() if citation.id in question.citations]
        return f"{question.why}\n\n{_quoted(quotes, cited)}".rstrip()

    def answer(self, answer: Answer, cited: CitationList) -> str:
        """What answers a question about the roles: quotes, or a table that sets the two roles side by side."""
        beside = [finding for column in answer.columns for finding in column]
        alone = [finding for finding in answer.findings if finding not in beside]
        opening = OF_ONE_ROLE.format(role=ROLES[answer.side]) if answer.side else SAID
        paragraphs = [opening, "\n>\n".join(f"> {_found(finding, cited)}" for finding in alone)]
        if answer.columns:
            paragraphs += [SIDE_BY_SIDE, _table(answer.columns, cited)]
        return "\n\n".join(paragraph for paragraph in paragraphs[not alone :] if paragraph)

    def not_answered(self, missing: str, nearest: Sequence[Quote], cited: CitationList) -> str:
        """That the documents do not answer a question, what they do not tell where that has a name, and what they say
        nearest to it. Whether articles that are not recognised answer it, nobody can tell; those are only searched."""
        named = MISSING.get(missing, "")
        recognised = all(quote.article in self.on_subject for quote in nearest)
        told = NOT_TOLD.format(what=named) if named else NOT_IN_CORPUS if recognised else NOT_RECOGNISED
        related = RELATED if recognised else PERHAPS_RELATED
        return f"{told}\n\n{related} {_markers(cited.cite(nearest))}" if nearest else told

    def verdict(self, verdict: Verdict, cited: CitationList) -> CitedVerdict:
        """The verdict with a citation for every reason that the corpus has words for."""
        return CitedVerdict(
            verdict,
            tuple(self._cited(reason, cited) for reason in verdict.reasons),
            tuple(self._cited(reason, cited) for reason in verdict.counter_reasons),
        )

    def advice(self, advised: CitedVerdict, stop: Stop, cited: CitationList) -> Advice:
        """A verdict in words."""
        verdict = advised.verdict
        all_cited = all(reason.citations for reason in (*advised.reasons, *advised.counter_reasons))
        return Advice(
            title=self.knowledge.wordings[verdict.recommendation].advice,
            likelihood=_likelihood(verdict.probability),
            percent=percent(verdict.probability),
            standing=self._stop(verdict, stop),
            differing=tuple(self._differing(verdict, cited)),
            flips=tuple(self._flip(flip) for flip in verdict.flips[:MOST_FLIPS_TOLD]),
            assumptions=tuple(self._assumptions(verdict.assumptions)),
            caveat="" if all_cited else OWN_RULES,
        )

    def advice_text(self, advice: Advice, advised: CitedVerdict, cited: CitationList, *, brief: bool) -> str:
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

    def supposed(self, facts: Sequence[Fact], verdict: Verdict, cited: CitationList, *, same: bool) -> str:
        """What would be advised if `facts` were so, and why; whether that is the `same` as is advised now."""
        conditions = _listed([f"*{self.label(fact.factor)}* were “{self.option(fact)}”" for fact in facts])
        advice = self.knowledge.wordings[verdict.recommendation].label
        turn = "it would still be" if same else "it would be"
        likely = f"{_likelihood(verdict.probability).lower()} ({percent(verdict.probability)})"
        reasons = [_reason(self._cited(reason, cited)) for reason in verdict.reasons]
        told = f"If {conditions}, {turn} **{advice}**, {likely}."
        return "\n\n".join(part for part in (told, _section("Why", reasons), SUPPOSED) if part)

    def clicked(self, factor: str, value: str, asked: str | None) -> str:
        """What a click says: the option alone where it answers the question that was `asked`."""
        option = self._value(factor, value)
        return option if factor == asked else f"{self.label(factor)}: {option}"

    def what_if(self, facts: Sequence[Fact]) -> str:
        """The question what would be advised if `facts` were so."""
        return f"What if {_listed([f'{self.label(fact.factor)} were “{self.option(fact)}”' for fact in facts])}?"

    def condition(self, changes: Sequence[tuple[str, str]]) -> str:
        """Changed answers, as the condition of a sentence, in plain words."""
        return (
            f"If {_listed([f'{self.label(factor)} were “{self._value(factor, value)}”' for factor, value in changes])}"
        )

    def recommendation(self, name: str) -> str:
        """The label of a recommendation."""
        return self.knowledge.wordings[name].label

    def leaning(self, outlook: Outlook, situation: Situation) -> str:
        """Where it leans while not all is told, and what could still change that."""
        if not situation.facts:
            return "Nowhere yet: tell me about your project."
        leading = f"Leaning towards: {self.recommendation(outlook.ranking[0].recommendation)}"
        open_ones = [self.label(factor).lower() for factor in outlook.could_change]
        if not open_ones:
            return f"{leading}. No single answer that is still open would change this."
        if len(open_ones) > MOST_ASSUMPTIONS_TOLD:
            return f"{leading}. Most of what is still open could change this."
        return f"{leading}. Your answer on {_listed(open_ones, 'or')} could still change this."

    def questions_to_come(self, outlook: Outlook, *, pending: bool) -> str:
        """How many questions may still come, the one that is `pending` included."""
        if not outlook.most_questions:
            return "This is my last question." if pending else "I have no more questions."
        return f"At most {outlook.most_questions} more question{'s' if outlook.most_questions > 1 else ''}."

    def weighed(self, verdict: Verdict) -> str:
        """How likely each recommendation is held to be."""
        listed = [
            f"{self.knowledge.wordings[ranked.recommendation].label}: {percent(ranked.probability)}"
            for ranked in verdict.ranking
        ]
        return _section("How likely I think each is, from what you told me", listed)

    def what_would_change(self, verdict: Verdict) -> str:
        """The smallest changes that lead to other advice."""
        flips = [self._flip(flip) for flip in verdict.flips]
        return _section("What would change my advice", flips or ["Nothing that I ask about."])

    def label(self, factor: str) -> str:
        return self.knowledge.questions[factor].label

    def option(self, fact: Fact) -> str:
        return self.knowledge.questions[fact.factor].option_label(fact.value)

    def _cited(self, reason: Reason, cited: CitationList) -> CitedReason:
        return CitedReason(reason, cited.cite(self.bindings[reason.row.id]))

    def _stop(self, verdict: Verdict, stop: Stop) -> str:
        unsure = [self.label(factor).lower() for factor in verdict.unsure]
        if verdict.settled and unsure:
            return f"Nothing that I have not asked can change this; what stayed open ({_listed(unsure)}) could."
        if verdict.settled:
            return "What is still open cannot change this; other answers to what I asked could."
        opening = (
            "I have asked enough" if stop.because == "asked_enough" else "Nothing left to ask is likely to change much"
        )
        deciding = [self.label(assumed.factor).lower() for assumed in verdict.assumptions]
        if not deciding:
            return f"{opening}, though several answers together still could change it."
        if len(deciding) > MOST_ASSUMPTIONS_TOLD:
            return f"{opening}, though most of what is still open could change it."
        return f"{opening}, though your answer on {_listed(deciding)} still could change it."

    def _differing(self, verdict: Verdict, cited: CitationList) -> Iterator[Differing]:
        for topic in self.knowledge.disagreements:
            one, other = (self.bindings[side.id] for side in topic.sides)
            if verdict.recommendation in topic.recommendations and one and other:
                first, second = cited.cite([one[0], other[0]])
                yield Differing(topic.about, (first, second))

    def _flip(self, flip: Flip) -> str:
        changes = [f"*{self.label(factor)}* were “{self._value(factor, value)}”" for factor, value in flip.changes]
        return f"If {_listed(changes)}: {self.knowledge.wordings[flip.becomes].label}."

    def _assumptions(self, assumed: Sequence[Assumption]) -> list[str]:
        if len(assumed) <= MOST_ASSUMPTIONS_TOLD:
            return [self._assumption(one) for one in assumed]
        said = {"not_asked": "You did not say", "not_sure": "Stayed open", "no_preference": "It does not matter"}
        grouped = {
            because: [self.label(one.factor).lower() for one in assumed if one.because == because] for because in said
        }
        return [f"{said[because]}: {_listed(labels)}." for because, labels in grouped.items() if labels]

    def _assumption(self, assumed: Assumption) -> str:
        label, value = self.label(assumed.factor), self._value(assumed.factor, assumed.value)
        if assumed.because == "no_preference":
            return f"{label}: you said that it does not matter, so it counted for nothing."
        why = "that stayed open" if assumed.because == "not_sure" else "you did not say"
        if not Fact(assumed.factor, assumed.value).commits:
            return f"{label}: nothing, because {why}; any answer would change the advice."
        return f"{label}: “{value}”, because {why}."

    def _value(self, factor: str, value: str) -> str:
        return self.knowledge.questions[factor].option_label(value)


def _quoted(quotes: Sequence[Quote], cited: CitationList) -> str:
    lines = (f"> “{markdown_literal(_one_line(words.text))}” {_markers(cited.cite([words]))}" for words in quotes)
    return "\n>\n".join(lines)


def _found(finding: Finding, cited: CitationList) -> str:
    """A quote, after the labels that give it its meaning where it is no sentence by itself."""
    words = f"“{markdown_literal(_one_line(finding.quote.text))}” {_markers(cited.cite([finding.quote]))}"
    labels = () if finding.quote.text.endswith(SENTENCE_ENDS) else finding.labels
    return f"*{markdown_literal(' › '.join(labels))}*: {words}" if labels else words


def _table(columns: Sequence[Sequence[Finding]], cited: CitationList) -> str:
    rows = zip_longest(*([_found(finding, cited) for finding in column] for column in columns), fillvalue="")
    head = " | ".join(COLUMNS)
    return "\n".join([f"| {head} |", "|" + " --- |" * len(columns), *(f"| {' | '.join(row)} |" for row in rows)])


def _section(title: str, lines: Sequence[str]) -> str:
    return f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _reason(reason: CitedReason) -> str:
    return f"{reason.reason.row.claim} {_markers(reason.citations)}".rstrip()


def _topic(differing: Differing, cited: CitationList) -> str:
    quotes = (cited.quotes[number - 1] for number in differing.citations)
    one, other = (f"“{markdown_literal(quote.text)}” {_markers(cited.cite([quote]))}" for quote in quotes)
    return f"On {differing.about}: {one} But: {other}"


def _likelihood(probability: float) -> str:
    return (
        "Almost certain"
        if probability >= 0.9
        else "Likely"
        if probability >= 0.7
        else "More likely than not"
        if probability >= 0.5
        else "A close call"
        if probability >= 0.35
        else "Little more than a guess"
    )


def percent(probability: float) -> str:
    """A probability in per cent, never as certain as 100 nor as impossible as 0."""
    return "under 1%" if probability < 0.01 else f"{min(probability, 0.99):.0%}"


def _markers(numbers: Iterable[int]) -> str:
    return " ".join(f"[{number}]" for number in numbers)


def _listed(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
