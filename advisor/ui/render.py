"""What the page shows, as HTML: the conversation, and beside it what was understood and where that leans.

Templates escape whatever they are given; only what `ui.markdown` has rendered is taken as HTML.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from advisor.api import Advisor
from advisor.core.evidence import Article
from advisor.core.facts import FACTORS, UNCOMMITTED, Fact
from advisor.core.inquiry import Outlook, outlook
from advisor.core.replies import Citation, Option, Reply
from advisor.core.roles import FIRST_HIRE
from advisor.dialogue import Dialogue
from advisor.language import advising
from advisor.language.advising import percent
from advisor.language.phrases import RETOLD
from advisor.text import one_line
from advisor.ui.glossary import anchor, explained, glossary
from advisor.ui.markdown import citation_link, highlighted, to_html

STARTING_POINTS: Final = (
    "A model works in a notebook, and nobody here can bring it into production.",
    "We want to know what machine learning could do for us.",
    "Our model is live, and it is getting worse.",
    "We are a start-up and can hire one person, for everything.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A factor as the panel shows it; `origin` tells where what is known of it came from, `standing` why it is open."""

    factor: str
    label: str
    fact: Fact | None
    option: str
    origin: str
    standing: str
    options: Sequence[Option]


class Renderer:
    """Renders conversations with one advisor."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self._wording = advisor.wording

    def talk(self, dialogue: Dialogue, done: str, notice: str = "") -> str:
        """The conversation after the act with the name `done`; `notice` tells what went wrong, if something did."""
        feedback = dialogue.feedback()
        return self._render(
            "talk.html",
            dialogue=dialogue,
            done=done,
            notice=notice,
            opinions={one.turn: one.opinion for one in feedback if one.citation is None},
            wrong={(one.turn, one.citation) for one in feedback if one.citation is not None},
            last_advice=_last_advice(dialogue),
            left_open=self._wording.gaps,
            starting_points=STARTING_POINTS,
        )

    def article(self, article: Article, start: int, end: int) -> str:
        """An article in full, as a page of its own; the words from `start` to `end` are marked."""
        within = 0 <= start < end <= len(article.text)
        text = highlighted(article.text, start, end) if within else to_html(article.text)
        if "<h1" not in text:
            text = Markup("<h1>{}</h1>").format(article.title) + text
        retold = RETOLD if self._wording.knows_gaps else ""
        return self._render("paper.html", title=article.title, text=text, up="../", prints=False, retold=retold)

    def paper(self, text: str) -> str:
        """A Markdown document as a page to read and to print."""
        title = text.splitlines()[0].removeprefix("# ")
        return self._render("paper.html", title=title, text=to_html(text), up="../../", prints=True, retold="")

    def trouble(self, trouble: str, up: str, *, absent: bool) -> str:
        """A page that says why what was asked for is `absent` or cannot be shown; the conversation is at `up`."""
        title = "That is not there" if absent else "That could not be shown"
        text = Markup('<h1>{}</h1><p>{}</p><p><a href="{}">To the conversation</a></p>').format(title, trouble, up)
        return self._render("paper.html", title=title, text=text, up=up, prints=False, retold="")

    def head(self, title: str) -> str:
        """The head of the page."""
        articles = self._advisor.articles
        return self._render("head.html", title=title, articles=articles, glossary=glossary(), factors=FACTORS)

    def fixed(self, name: str) -> str:
        """A part of the page that never changes."""
        return self._render(name)

    def failed(self, done: str, notice: str) -> str:
        """That nothing can be shown, and what one can do."""
        return self._render("failed.html", done=done, notice=notice)

    def side(self, dialogue: Dialogue) -> str:
        """Where it leans, what can be taken away, and what was understood."""
        state = dialogue.turns[-1].state
        told = outlook(self._wording.knowledge.scorecard, state.situation, state.answered)
        last = _last_advice(dialogue)
        standing = _standing(last) if last and last.understood == state.situation.facts else ""
        return self._render(
            "side.html",
            dialogue=dialogue,
            rows=[self._row(factor, dialogue, told) for factor in FACTORS],
            outlook=told,
            standing=standing,
            leaning=advising.leaning(self._wording, told, state.situation),
            to_come="" if standing else advising.questions_to_come(told, pending=state.pending is not None),
            advised=last is not None,
            first_role=FIRST_HIRE[last.verdict.verdict.recommendation] if last and last.verdict else None,
            exports=f"conversations/{dialogue.id}",
            address="?" + urlencode({fact.factor: fact.value for fact in state.situation.facts}),
        )

    def _row(self, factor: str, dialogue: Dialogue, told: Outlook) -> Row:
        fact = dialogue.situation.fact(factor)
        return Row(
            factor,
            self._wording.label(factor),
            fact,
            self._wording.option(fact) if fact else "",
            _origin(fact, dialogue) if fact else "",
            "not told yet" if factor in told.could_change or told.most_questions else "not asked",
            self._wording.options(factor, ()),
        )

    def _render(self, name: str, **shown: Any) -> str:
        html = self._environment.get_template(name).render(**shown)
        return "\n".join(line for line in html.splitlines() if line.strip())  # a blank line would end the HTML

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=PackageLoader("advisor.ui"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        made.globals["uncommitted"] = UNCOMMITTED
        made.filters |= {
            "anchor": anchor,
            "condition": lambda flip: self._wording.condition(flip.changes),
            "explained": explained,
            "lines": lambda text: Markup("<br>").join(text.splitlines()),
            "one_attribute": lambda text: Markup("&#10;").join(text.splitlines()),
            "mark": lambda number, reply: Markup(citation_link(number, places(reply)[number])),  # noqa: S704
            "markdown": lambda text, reply: to_html(text, places(reply)),
            "other_citations": other_citations,
            "one_line": one_line,
            "opening": lambda reply: to_html(reply.opening, places(reply)),
            "percent": percent,
            "place": place,
            "recommendation": self._wording.recommendation,
            "values": lambda facts: {fact.factor: fact.value for fact in facts},
        }
        return made


def _last_advice(dialogue: Dialogue) -> Reply | None:
    """The last reply that gave advice, if one did."""
    return next((turn.reply for turn in reversed(dialogue.turns) if turn.reply.advice), None)


def _standing(advised: Reply) -> str:
    """What a reply advises, in a few sentences."""
    told = advised.advice
    return f"{told.title} {told.likelihood}. {told.standing}" if told else ""


def _origin(fact: Fact, dialogue: Dialogue) -> str:
    """Where a fact came from, in words."""
    if fact in dialogue.turns[0].state.situation.facts:
        return "came with the address"
    if fact.origin == "said":
        return f"“{one_line(fact.said)}”" if fact.said else "from what you wrote"
    return "chosen" if fact.said else "left open"


def place(citation: Citation) -> str:
    """The address of the article of a citation, with the quote marked, beneath that of the page."""
    quoted = citation.quote
    return f"articles/{quoted.article}?{urlencode({'start': quoted.start, 'end': quoted.end})}#quote"


def places(reply: Reply) -> Mapping[int, str]:
    """The address of each citation of a reply, by its id."""
    return {citation.id: place(citation) for citation in reply.citations}


def other_citations(reply: Reply) -> Sequence[Citation]:
    """The citations of a reply that are not those of its question."""
    of_the_question = reply.question.citations if reply.question else ()
    return [citation for citation in reply.citations if citation.id not in of_the_question]
