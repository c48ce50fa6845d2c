"""What a turn works with, what it remembers, and the reply in the making."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from advisor.answering import Seek
from advisor.core.abstention import Weights
from advisor.core.evidence import Article
from advisor.core.facts import Fact, Situation
from advisor.core.replies import Declined, DeclineReason, Kind
from advisor.knowledge import Knowledge
from advisor.language.reading import Read
from advisor.language.wording import CitationList, Wording

Detect = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a turn works with; wired once, in `advisor.api`."""

    knowledge: Knowledge
    wording: Wording
    read: Read
    other_language: Detect
    seek: Seek
    weights: Weights
    articles: Mapping[str, Article]


@dataclass(frozen=True, slots=True)
class State:
    """All that a conversation remembers.

    `pending` is the factor that the question on the table is about, None before the first question and once advice
    was given; `misses` is how many messages brought it no further, and `offered` the answers that the user was asked
    whether they meant. `half_heard` holds facts that were too uncertain to be taken: a question about one names it.
    `disputed` are the factors of which two statements contradicted each other and the user was asked which holds,
    `reopened` those that were asked about again because an answer was to be changed.
    `advised` tells that advice was given on all that is known; not where it was held back beside a refusal.
    `looked_up` is the last question that was looked up, in full, and `side` the one role that its answer spoke of.
    """

    situation: Situation = field(default_factory=Situation)
    asked: tuple[str, ...] = ()
    pending: str | None = None
    misses: int = 0
    offered: tuple[Fact, ...] = ()
    disputed: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    half_heard: Situation = field(default_factory=Situation)
    advised: bool = False
    looked_up: str = ""
    side: str | None = None

    @property
    def answered(self) -> tuple[str, ...]:
        """The factors that were asked about and are known."""
        return tuple(factor for factor in self.asked if self.situation.fact(factor))

    @property
    def nothing_known(self) -> bool:
        """Whether there was the greeting with its question, and nothing of the project is known yet."""
        return len(self.asked) == 1 and not self.situation.facts

    def with_question(self, factor: str | None, offered: tuple[Fact, ...] = ()) -> "State":
        """The state with the question about `factor` freshly on the table, or with none."""
        return replace(self, pending=factor, misses=0, offered=offered, advised=self.advised and factor is None)


@dataclass(slots=True)
class Draft:
    """A reply in the making: its paragraphs, what they cite, and what they make of the reply.

    `alone` is set for a single message outside a conversation: no question follows its answer. `advise_again` is set
    when advice that was given is asked for once more, `hold_back` when a refusal is to stand by itself. `supposed` are
    facts of which it told what they would change. `looked_up` and `side` are what the state is to remember.
    """

    parts: list[str] = field(default_factory=list)
    cited: CitationList = field(default_factory=CitationList)
    alone: bool = False
    advise_again: bool = False
    hold_back: bool = False
    kind: Kind = "ask"
    support: float = 1.0
    decline: Declined | None = None
    supposed: tuple[Fact, ...] = ()
    looked_up: str = ""
    side: str | None = None

    def say(self, text: str, kind: Kind = "ask") -> None:
        """Add a paragraph; one that answers or declines makes the whole reply such a one, and one that declines for
        good."""
        self.parts.append(text)
        self.kind = self.kind if kind == "ask" or self.kind == "decline" else kind

    def refuse(self, reason: DeclineReason, text: str, nearest: tuple[int, ...] = (), support: float = 0.0) -> None:
        """Decline; `nearest` are the ids of citations that come near to what was asked."""
        self.say(text, "decline")
        self.decline = Declined(reason, nearest)
        self.support = support
