"""One turn: understand, decide, then ask, advise, answer or decline; and check every quote before it is said."""

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from advisor.core.decision import decide
from advisor.core.evidence import Article, Hit, Quote, quote, verify
from advisor.core.facts import NOT_SURE, Fact, Situation, corrections
from advisor.core.inquiry import Ask, Stop, next_step
from advisor.core.replies import Declined, DeclineReason, Reply
from advisor.errors import InvalidChoiceError, MisquoteError
from advisor.knowledge import Knowledge
from advisor.language.clauses import clauses
from advisor.language.reading import Read, Reading
from advisor.language.wording import (
    ALL_SAID,
    DECLINES,
    GREETING,
    NOT_UNDERSTOOD,
    NOTHING_TO_CHANGE,
    THANKS,
    CitationList,
    Wording,
)

MOST_CHARACTERS: Final = 5_000
LONGEST_SHRUG: Final = 20
"""A message without a word, up to this long ("???", "…"), is a shrug at the question and not noise."""
MOST_QUOTES: Final = 3
SEARCHED: Final = 8
CLOSE_TO_BEST: Final = 0.08
"""How far below the best passage's relevance another one may lie and still be part of the answer."""
HALF_SUPPORT: Final = 0.40
"""Relevance of the best passage at which it is as likely as not that the corpus answers."""
STEEPNESS: Final = 16.0
ANSWERABLE: Final = 0.5
"""Least probability that the corpus answers at which it is quoted as an answer."""

Search = Callable[[str, int], Sequence[Hit]]
Relevance = Callable[[str, Sequence[Hit]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a turn works with; wired once, in `advisor.api`."""

    knowledge: Knowledge
    wording: Wording
    read: Read
    search: Search
    relevance: Relevance
    articles: Mapping[str, Article]


@dataclass(frozen=True, slots=True)
class State:
    """All that a conversation remembers.

    `pending` is the factor that the last question was about; `reminded`, whether it was shown once more because
    what came back did not answer it.
    """

    situation: Situation = field(default_factory=Situation)
    asked: tuple[str, ...] = ()
    pending: str | None = None
    reminded: bool = False


def greet(tools: Tools, state: State) -> tuple[State, Reply]:
    """The opening turn: who speaks here, and the first question."""
    return _go_on(tools, state, [GREETING])


def hear(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    """The turn after a typed message. Total: whatever the message, there is a reply."""
    problem = unreadable(message)
    if problem == "unreadable" and state.pending and len(message) <= LONGEST_SHRUG:
        return _learn(tools, state, Reading())
    if problem:
        return state, _checked(tools, _decline(tools, state, problem))
    reading = tools.read(message, state.pending)
    respond = next((act for wanted, act in _ACTS if wanted(reading, message)), None)
    if respond is None:
        return _learn(tools, state, reading)
    if not state.asked:
        state, _ = _go_on(tools, state, [])
    after, reply = respond(tools, state, message)
    if not _is_dead_end(respond, reply):
        return after, reply
    if state.pending and state.reminded:
        return _learn(tools, state, reading)
    return replace(after, reminded=True), reply


def choose(tools: Tools, state: State, factor: str, value: str) -> tuple[State, Reply]:
    """The turn after a click. Raises `InvalidChoiceError` for a factor or value that does not exist."""
    try:
        fact = Fact(factor, value)
    except ValueError as error:
        raise InvalidChoiceError(str(error)) from error
    return _learn(tools, state, Reading((replace(fact, said=tools.wording.option(fact)),)))


def ask_once(tools: Tools, message: str) -> Reply:
    """A single message outside a conversation: what states no fact about a project is taken as a question."""
    state, reply = hear(tools, State(), message)
    if reply.kind == "advise" or state.situation.facts or (reply.decline and reply.decline.reason != "not_in_corpus"):
        return reply
    return _checked(tools, _answer(tools, State(), message))


def _learn(tools: Tools, state: State, reading: Reading) -> tuple[State, Reply]:
    situation = state.situation.learn(reading.facts)
    changes = corrections(state.situation, situation)
    changed = {change.after.factor for change in changes}
    said = [fact for fact in reading.facts if fact.factor not in changed and not _is_click_on(state.pending, fact)]
    noted = _paragraphs(tools.wording.noted(changes), tools.wording.heard(said))
    after = replace(state, situation=situation)
    if state.pending is None and state.asked and not reading.facts:
        return state, _checked(tools, _say(tools, state, NOTHING_TO_CHANGE))
    if not state.asked and not situation.facts:
        return greet(tools, state)
    if state.pending is None or situation.fact(state.pending):
        return _go_on(tools, after, [noted])
    if "skip" in reading.intents:
        return _leave_open(tools, after, state.pending, noted)
    if isinstance(next_step(tools.knowledge.scorecard, situation, state.asked), Stop):
        return _go_on(tools, after, [noted])
    if any(state.situation.value(fact.factor) != fact.value for fact in reading.facts):
        return after, _checked(tools, _say(tools, after, noted))
    if state.reminded:
        return _leave_open(tools, after, state.pending, tools.wording.left_open(state.pending))
    return replace(after, reminded=True), _checked(tools, _say(tools, after, NOT_UNDERSTOOD))


def _leave_open(tools: Tools, state: State, factor: str, note: str) -> tuple[State, Reply]:
    """Go on without an answer: it was asked, and what it is stays unsure."""
    return _go_on(tools, replace(state, situation=state.situation.learn([Fact(factor, NOT_SURE)])), [note])


def _is_dead_end(respond: "Act", reply: Reply) -> bool:
    """Whether a reply leaves a question where it was. Two in a row and it is left open: nobody gets stuck."""
    declined = reply.decline is not None and reply.decline.reason in ("out_of_scope", "not_in_corpus")
    return declined or respond is _explain


def _is_click_on(pending: str | None, fact: Fact) -> bool:
    """Whether a fact is the very answer that was clicked, which needs no repeating."""
    return fact.origin == "clicked" and fact.factor == pending


def _go_on(tools: Tools, state: State, notes: Sequence[str]) -> tuple[State, Reply]:
    """Ask the next question, or advise."""
    step = next_step(tools.knowledge.scorecard, state.situation, state.asked)
    cited = CitationList()
    if isinstance(step, Ask):
        question = tools.wording.question(step.factor, cited)
        text = _paragraphs(*notes, tools.wording.question_text(question))
        reply = Reply("ask", text, state.situation.facts, question=question, citations=cited.citations())
        state = State(state.situation, (*state.asked, step.factor), step.factor)
        return state, _checked(tools, reply)
    advised = tools.wording.verdict(decide(tools.knowledge.scorecard, state.situation), cited)
    text = _paragraphs(*notes, tools.wording.advice(advised, step, cited))
    reply = Reply("advise", text, state.situation.facts, verdict=advised, citations=cited.citations())
    return State(state.situation, state.asked), _checked(tools, reply)


def _start_over(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    return greet(tools, State())


def _explain(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    if state.pending is None:
        return state, _checked(tools, _say(tools, state, ALL_SAID))
    cited = CitationList()
    question = tools.wording.question(state.pending, cited)
    text = tools.wording.why(question, cited)
    reply = Reply("answer", text, state.situation.facts, question=question, citations=cited.citations())
    return state, _checked(tools, reply)


def _recount(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    return state, _checked(tools, _say(tools, state, tools.wording.understood(state.situation.facts)))


def _thank(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    return state, _checked(tools, _say(tools, state, THANKS))


def _look_up(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
    return state, _checked(tools, _answer(tools, state, message))


def _refuse(reason: DeclineReason) -> "Act":
    def refuse(tools: Tools, state: State, message: str) -> tuple[State, Reply]:
        return state, _checked(tools, _decline(tools, state, reason))

    return refuse


Act = Callable[[Tools, State, str], tuple[State, Reply]]
Wanted = Callable[[Reading, str], bool]


def _first_intent(*names: str) -> Wanted:
    return lambda reading, _: bool(reading.intents) and reading.intents[0] in names and not reading.facts


def _asks_something(reading: Reading, message: str) -> bool:
    asks = message.rstrip().endswith("?") and len(clauses(message)) == 1
    return asks and not reading.facts and not {"hire_whom", "greeting"} & set(reading.intents)


_ACTS: Final[Sequence[tuple[Wanted, Act]]] = (
    (_first_intent("about_a_person"), _refuse("about_a_person")),
    (_first_intent("protected_characteristic"), _refuse("protected_characteristic")),
    (_first_intent("start_over"), _start_over),
    (_first_intent("why"), _explain),
    (_first_intent("understood"), _recount),
    (_first_intent("thanks"), _thank),
    (_first_intent("ask_roles"), _look_up),
    (_first_intent("out_of_scope"), _refuse("out_of_scope")),
    (_asks_something, _look_up),
)
"""What a message can want besides telling about the project; the first that fits is done."""


def _answer(tools: Tools, state: State, question: str) -> Reply:
    hits = tools.search(question, SEARCHED)
    ranked = sorted(zip(tools.relevance(question, hits), hits, strict=True), key=lambda pair: -pair[0])
    best = ranked[0][0] if ranked else -1.0
    quotes = [quote(hit.passage) for relevance, hit in ranked if relevance >= best - CLOSE_TO_BEST][:MOST_QUOTES]
    support = 1 / (1 + math.exp(-STEEPNESS * (best - HALF_SUPPORT)))
    if support < ANSWERABLE:
        return _decline(tools, state, "not_in_corpus", quotes, support)
    cited = CitationList()
    text = tools.wording.answer(quotes, cited)
    return _with_pending(tools, state, Reply("answer", text, state.situation.facts, support=support), cited)


def _decline(
    tools: Tools, state: State, reason: DeclineReason, nearest: Sequence[Quote] = (), support: float = 0.0
) -> Reply:
    cited = CitationList()
    text = _paragraphs(DECLINES[reason].format(limit=MOST_CHARACTERS), tools.wording.nearest(nearest, cited))
    declined = Declined(reason, cited.cite(nearest))
    reply = Reply("decline", text, state.situation.facts, support=support, decline=declined)
    return _with_pending(tools, state, reply, cited)


def _say(tools: Tools, state: State, text: str) -> Reply:
    return _with_pending(tools, state, Reply("answer", text, state.situation.facts), CitationList())


def _with_pending(tools: Tools, state: State, reply: Reply, cited: CitationList) -> Reply:
    """The reply with the question that is still open, so that a digression never loses the thread."""
    if state.pending is None:
        return replace(reply, citations=cited.citations())
    question = tools.wording.question(state.pending, cited)
    text = _paragraphs(reply.text, tools.wording.once_more(question, first=len(state.asked) == 1))
    return replace(reply, text=text, question=question, citations=cited.citations())


def _checked(tools: Tools, reply: Reply) -> Reply:
    """The reply, once every quote in it is found to be exactly what its article says."""
    for citation in reply.citations:
        article = tools.articles[citation.quote.article]
        if not verify(citation.quote, article.text):
            raise MisquoteError(f"Citation {citation.id} is not what {article.id} says. Please report this.")
    return reply


def unreadable(message: str) -> DeclineReason | None:
    """Why a message cannot be read at all, if it cannot: it is too long, or it holds no words."""
    if len(message) > MOST_CHARACTERS:
        return "too_long"
    letters = sum(character.isalnum() for character in message)
    strange = sum(unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") for character in message)
    strange -= sum(message.count(blank) for blank in "\n\r\t")
    return "unreadable" if not letters or strange > len(message) // 20 else None


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
