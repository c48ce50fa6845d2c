"""What a message says in the light of the conversation: readable or not, which option it names, what it contradicts."""

import unicodedata
from dataclasses import replace
from typing import Final

from advisor.core.facts import Fact
from advisor.core.replies import DeclineReason
from advisor.language.reading import VOLUNTEERED, Reading, confirmed, picked, picked_of_two
from advisor.language.refusals import GRAVE, IN_CONFIDENCE
from advisor.language.suppositions import statement
from advisor.turn import State, Tools

MOST_CHARACTERS: Final = 5_000
FEWEST_WORDS_OF_A_STORY: Final = 12
"""Words from which a message, while nothing is known but the greeting's question was asked, is taken for what somebody
came to say, whatever that asks."""


def unreadable(message: str) -> DeclineReason | None:
    """Why a message cannot be read at all, if it cannot: it is too long, or it holds no words."""
    if len(message) > MOST_CHARACTERS:
        return "too_long"
    letters = sum(character.isalnum() for character in message)
    strange = sum(unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") for character in message)
    strange -= sum(message.count(blank) for blank in "\n\r\t")
    return "unreadable" if not letters or strange > len(message) // 20 else None


def cries_for_help(tools: Tools, message: str) -> bool:
    """Whether a message in a language that is not read is a cry for help all the same, whatever was asked before."""
    return "distress" in tools.read(message, None).intents


def heard(tools: Tools, state: State, message: str) -> Reading:
    """What the message says. An option may be named, unless the message is one to refuse."""
    tells_a_story = state.nothing_known and len(message.split()) >= FEWEST_WORDS_OF_A_STORY
    asked = None if tells_a_story else state.pending
    reading = _discreet(tools.read(message, asked))
    if not GRAVE.isdisjoint(reading.intents):
        return _surer(state, reading)
    supposed = _supposed(tools, state, message)
    if supposed:
        return Reading(supposed=supposed)
    named = _named(tools, state, message)
    return Reading((named,), ("answer",)) if named else _surer(state, reading)


def _supposed(tools: Tools, state: State, message: str) -> tuple[Fact, ...]:
    """What is asked about as if it were so, once there is something that it would change. Nothing is noted of it, so
    what was only half heard will do."""
    stated = statement(message) if state.situation.facts else None
    if not stated:
        return ()
    reading = tools.read(stated, None)
    supposed = reading.facts or reading.half_heard[:1]
    return tuple(replace(fact, said="") for fact in supposed if state.situation.value(fact.factor) != fact.value)


def _named(tools: Tools, state: State, message: str) -> Fact | None:
    """The option that is named: by a yes or by its place among those put, or by its own words."""
    if not state.pending:
        return None
    options = tools.wording.options(state.pending, state.offered)
    value = {option.label.casefold(): option.value for option in options}.get(message.strip(" .!").casefold())
    if value is None and confirmed(message, state.offered):
        return replace(state.offered[0], confidence=1.0)
    if value is None and state.offered:
        value = picked_of_two(message, state.offered)
        value = value or picked(message, state.pending, [option.value for option in options])
    return Fact(state.pending, value, message.strip(), "said") if value else None


def _discreet(reading: Reading) -> Reading:
    """The reading without the user's words for its facts where these may speak of a person."""
    if IN_CONFIDENCE.isdisjoint(reading.intents):
        return reading
    facts, unclear, half_heard = (
        tuple(replace(fact, said="") for fact in facts)
        for facts in (reading.facts, reading.unclear, reading.half_heard)
    )
    return replace(reading, facts=facts, unclear=unclear, half_heard=half_heard)


def _surer(state: State, reading: Reading) -> Reading:
    """The reading, in which an answer must be as sure as if it were volunteered to replace what is known."""
    known = state.situation.fact(state.pending) if state.pending else None
    doubtful = [fact for fact in reading.facts if known and fact.factor == known.factor and fact.value != known.value]
    if not doubtful or doubtful[0].confidence >= VOLUNTEERED:
        return reading
    rest = tuple(fact for fact in reading.facts if fact not in doubtful)
    return replace(reading, facts=rest, unclear=tuple(doubtful))


def contradicted(state: State, reading: Reading) -> tuple[Fact, Fact] | None:
    """What was said before and a fact that contradicts it, unless that answers a question or says that it corrects.

    Where something is being corrected, or the advice was already given, that may also be a fact that was half heard.
    """
    plain = () if reading.corrects else reading.facts
    half_heard = reading.half_heard if reading.corrects or state.advised else ()
    for fact in (*plain, *half_heard):
        known = state.situation.fact(fact.factor)
        if known is None or fact.factor in (state.pending, *state.disputed):
            continue
        if known.commits and fact.commits and fact.origin == "said" and known.value != fact.value:
            return known, fact
    return None


def half_told(state: State, reading: Reading) -> list[Fact]:
    """What was half heard about open factors, and not before; the likeliest first."""
    facts = (fact for fact in reading.half_heard if not state.situation.fact(fact.factor))
    new = (fact for fact in facts if fact != state.half_heard.fact(fact.factor))
    return sorted(new, key=lambda fact: -fact.confidence)
