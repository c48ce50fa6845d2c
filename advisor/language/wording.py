"""Facts, verdicts and passages to words. Templates only: they join and introduce, and claim nothing.

What is said about the project is the scorecard's claims; what is said about the roles is quoted. Text is
Markdown, in which [n] points at a citation.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from advisor.core.answers import Answer, Finding
from advisor.core.evidence import Bindings, Quote
from advisor.core.facts import Correction, Fact
from advisor.core.replies import Citation, Option, Question
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
    PERHAPS_RELATED,
    RELATED,
    RETOLD,
    SAID,
    SIDE_BY_SIDE,
)
from advisor.text import listed, markdown_literal, one_line

MOST_TITLES: Final = 5
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
        return f"They say too little to advise on {listed(named, 'or')}." if self.knows_gaps else ""

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
        return f"**{question.text}**\n\nWhy I ask: {question.why} {markers(question.citations)}".rstrip()

    def once_more(self, question: Question, *, first: bool) -> str:
        """A question that is still open, after something else was said; `first` when it is the only one so far."""
        opening = "To advise you, I need to know" if first else "Back to my question"
        return f"{opening}: **{question.text}** {markers(question.citations)}".rstrip()

    def noted(self, corrections: Sequence[Correction]) -> str:
        """That a later statement replaced an earlier one."""
        return "\n".join(
            f"Changed: *{self.label(change.after.factor)}* is now “{self.option(change.after)}” "
            f"(before: “{self.option(change.before)}”)."
            for change in corrections
        )

    def did_you_mean(self, offered: Sequence[Fact]) -> str:
        """Asks whether one of these is meant, in the user's own words where there is but one."""
        meant = listed([f"“{self.option(fact)}”" for fact in offered], "or")
        quoted = len(offered) == 1 and offered[0].said
        said = f"You wrote “{markdown_literal(one_line(offered[0].said))}”: did" if quoted else "Did"
        return f"{said} you mean {meant}?"

    def which_holds(self, before: Fact, now: Fact) -> str:
        """Two statements that contradict each other, in the user's own words."""
        earlier, later = (
            f"“{markdown_literal(one_line(fact.said))}” ({self.option(fact)})" if fact.said else self.option(fact)
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
        each = "; ".join(f"*{self.label(fact.factor)}*: {self.option(fact)}" for fact in facts)
        return f"Understood: {each}." if facts else ""

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
        return f"{told}\n\n{related} {markers(cited.cite(nearest))}" if nearest else told

    def about_itself(self, subject: str, titles: Sequence[str]) -> str:
        """What is told of the advisor itself; `titles` are those of its documents."""
        named = [f"“{markdown_literal(one_line(title))}”" for title in titles[:MOST_TITLES]]
        others = [f"{len(titles) - MOST_TITLES} more"] if len(titles) > MOST_TITLES else []
        told = self.knowledge.about_itself[subject].format(articles=listed([*named, *others]))
        return f"{told} {RETOLD}" if subject == "sources" and self.knows_gaps else told

    def clicked(self, factor: str, value: str, asked: str | None) -> str:
        """What a click says: the option alone where it answers the question that was `asked`."""
        option = self.value(factor, value)
        return option if factor == asked else f"{self.label(factor)}: {option}"

    def what_if(self, facts: Sequence[Fact]) -> str:
        """The question what would be advised if `facts` were so."""
        return f"What if {listed([self._were(fact.factor, fact.value) for fact in facts])}?"

    def condition(self, changes: Sequence[tuple[str, str]]) -> str:
        """Changed answers, as the condition of a sentence, in plain words."""
        return f"If {listed([self._were(factor, value) for factor, value in changes])}"

    def recommendation(self, name: str) -> str:
        """The label of a recommendation."""
        return self.knowledge.wordings[name].label

    def label(self, factor: str) -> str:
        return self.knowledge.questions[factor].label

    def option(self, fact: Fact) -> str:
        return self.value(fact.factor, fact.value)

    def _were(self, factor: str, value: str) -> str:
        return f"the answer on {self.label(factor).lower()} were “{self.value(factor, value)}”"

    def value(self, factor: str, value: str) -> str:
        return self.knowledge.questions[factor].option_label(value)


def _quoted(quotes: Sequence[Quote], cited: CitationList) -> str:
    lines = (f"> “{markdown_literal(one_line(words.text))}” {markers(cited.cite([words]))}" for words in quotes)
    return "\n>\n".join(lines)


def _found(finding: Finding, cited: CitationList) -> str:
    """A quote, after the labels that give it its meaning where it is no sentence by itself."""
    words = f"“{markdown_literal(one_line(finding.quote.text))}” {markers(cited.cite([finding.quote]))}"
    labels = () if finding.quote.text.endswith(SENTENCE_ENDS) else finding.labels
    return f"*{markdown_literal(' › '.join(labels))}*: {words}" if labels else words


def _table(columns: Sequence[Sequence[Finding]], cited: CitationList) -> str:
    rows = zip_longest(*([_found(finding, cited) for finding in column] for column in columns), fillvalue="")
    head = " | ".join(COLUMNS)
    return "\n".join([f"| {head} |", "|" + " --- |" * len(columns), *(f"| {' | '.join(row)} |" for row in rows)])


def markers(numbers: Iterable[int]) -> str:
    """What points at the citations with these numbers."""
    return " ".join(f"[{number}]" for number in numbers)
