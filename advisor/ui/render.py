"""What the page shows, as HTML: the conversation, and beside it what was understood and where that leans.

Templates escape whatever they are given; only what `ui.markdown` has rendered is taken as HTML.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex
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
from advisor.language.wording import percent
from advisor.ui.glossary import explained
from advisor.ui.markdown import citation_link, highlighted, to_html

STARTING_POINTS: Final = (
    "A model works in a notebook, and nobody here can bring it into production.",
    "We have a lot of data and want to know what it can do for us.",
    "Our model is live, and it is getting worse.",
    "We can hire two people. Who should start?",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A factor as the panel shows it; `standing` tells why it is open."""

    factor: str
    label: str
    fact: Fact | None
    option: str
    standing: str
    options: Sequence[Option]


class Renderer:
    """Renders conversations with one advisor."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self._wording = advisor.wording

    def talk(self, dialogue: Dialogue, notice: str = "") -> str:
        """The conversation; `notice` tells what went wrong, if something did."""
        feedback = dialogue.feedback()
        verdict = dialogue.reply.verdict
        first = FIRST_HIRE[verdict.verdict.recommendation] if verdict else None
        situation = dialogue.turns[-1].state.situation
        return self._render(
            "talk.html",
            dialogue=dialogue,
            serial=token_hex(4),  # what is shown again as it was is shown again all the same
            notice=notice,
            opinions={one.turn: one.opinion for one in feedback if one.citation is None},
            wrong={(one.turn, one.citation) for one in feedback if one.citation is not None},
            first_role=first,
            first_hire=self._wording.recommendation(first) if first else "",
            exports=f"conversations/{dialogue.id}",
            address="?" + urlencode({fact.factor: fact.value for fact in situation.facts}),
            left_open=self._wording.gaps,
            starting_points=STARTING_POINTS,
        )

    def article(self, article: Article, start: int, end: int) -> str:
        """An article in full, as a page of its own; the words from `start` to `end` are marked."""
        within = 0 <= start < end <= len(article.text)
        text = highlighted(article.text, start, end) if within else to_html(article.text)
        if "<h1" not in text:
            text = Markup("<h1>{}</h1>").format(article.title) + text
        return self._render("paper.html", title=article.title, text=text, up="../")

    def paper(self, text: str) -> str:
        """A Markdown document as a page to read and to print."""
        title = text.splitlines()[0].removeprefix("# ")
        return self._render("paper.html", title=title, text=to_html(text), up="../../")

    def fixed(self, name: str, **shown: Any) -> str:
        """A part of the page that never changes."""
        return self._render(name, **shown)

    def side(self, dialogue: Dialogue) -> str:
        """What was understood, and where it leans."""
        state = dialogue.turns[-1].state
        answered = [factor for factor in state.asked if state.situation.fact(factor)]
        told = outlook(self._wording.knowledge.scorecard, state.situation, answered)
        return self._render(
            "side.html",
            dialogue=dialogue,
            rows=[self._row(factor, state.situation.fact(factor), told) for factor in FACTORS],
            outlook=told,
            leaning=self._wording.leaning(told, state.situation),
            to_come=self._wording.questions_to_come(told),
        )

    def _row(self, factor: str, fact: Fact | None, told: Outlook) -> Row:
        standing = "not told yet" if factor in told.could_change or told.most_questions else "not told; not needed"
        option = self._wording.option(fact) if fact else ""
        return Row(factor, self._wording.label(factor), fact, option, standing, self._wording.options(factor, ()))

    def _render(self, name: str, **shown: Any) -> str:
        html = self._environment.get_template(name).render(uncommitted=UNCOMMITTED, **shown)
        return "\n".join(line for line in html.splitlines() if line.strip())  # a blank line would end the HTML

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=PackageLoader("advisor.ui"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        made.filters |= {
            "condition": lambda flip: self._wording.condition(flip.changes),
            "explained": explained,
            "lines": lambda text: Markup("<br>").join(text.splitlines()),
            "mark": lambda number, reply: Markup(citation_link(number, places(reply)[number])),  # noqa: S704
            "markdown": lambda text, reply: to_html(text, places(reply)),
            "other_citations": other_citations,
            "one_line": lambda text: " ".join(text.split()),
            "opening": lambda reply: to_html(reply.opening, places(reply)),
            "percent": percent,
            "place": place,
            "recommendation": self._wording.recommendation,
            "values": lambda facts: {fact.factor: fact.value for fact in facts},
        }
        return made


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
