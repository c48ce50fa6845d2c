"""What a message says about the project, and what it wants.

Two parts read together. What was learned from the examples tells which factors a message speaks of, and which value
it means; rules read numbers, an option picked by its place, and a shrug. What is uncertain is not taken as a fact:
a question costs less than a mistake.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from advisor.core.facts import FACTORS, NO_PREFERENCE, NOT_SURE, UNCOMMITTED, Fact, allowed_values
from advisor.core.replies import facts_to_list
from advisor.language import cues
from advisor.language.clauses import clauses
from advisor.language.disguises import undisguised
from advisor.language.numbers import Count, counts
from advisor.language.private import holds_private_details
from advisor.language.refusals import GRAVE
from advisor.language.sense import NOTHING, Sense, Understand

STATED: Final = 0.5
"""Least probability that a message speaks of a factor at all."""
ANSWERED: Final = 0.6
"""Least probability at which the answer to the question is taken; below, the user is asked what was meant."""
VOLUNTEERED: Final = 0.8
"""Least probability at which a value that was not asked for is taken."""
SETTLING: Final = frozenset(
    {("stage", "not_ml"), ("goal", "not_ml"), ("data", "none"), ("team", "data_scientist_and_ml_engineer")}
)
"""Values that all but settle the advice, to hire nobody, each by itself; so they are taken with more care."""
SETTLING_ANSWERED: Final = 0.95
SETTLING_VOLUNTEERED: Final = 0.998
HALF_HEARD: Final = 0.5
"""Least probability at which a value that was not taken is named when its factor is asked about."""
WORTH_OFFERING: Final = 0.1
"""Least probability of a value that is offered as what may have been meant."""
MOST_OFFERED: Final = 3
COUNTED_AT_ALL: Final = 0.3
"""Least probability that a message states a factor at which a number in it is taken as the value."""
BARELY_COUNTED: Final = 0.9
"""The same for a number that does not say of what it is one: "15" of people, or of spreadsheets."""
AT_LEAST_POSSIBLE: Final = 0.02
"""Least probability of a value that is read off a number."""
INTENDED: Final = 0.5
"""Least probability at which an intent is acted on."""
LEAST: Final = {
    "start_over": 0.8,  # forgets everything
    "distress": 0.2,
    "illegal": 0.15,
    "out_of_scope": 0.2,
    "injection": 0.3,
    "personal_data": 0.3,
    "protected_characteristic": 0.3,
}
"""The same where one mistake costs more than the other; chosen so that on development messages at most 3 of 100
harmless ones are refused."""
ASKING: Final = 0.15
"""The same for a question about the roles where the message does ask something."""
BY_RULE: Final = 0.95
"""Confidence in what a rule has read."""
CONFUSABLE: Final = frozenset({"injection", "out_of_scope", "change", "start_over", "understood", "why"})
"""Intents that are easily taken from what asks how the advisor decides, what it can do, or what it keeps."""
COMES_FIRST: Final = GRAVE - CONFUSABLE
"""Intents beside which nothing is asked of the advisor itself."""
LONGEST_QUESTION_WORDS: Final = 25
COUNTED: Final = ("company_size", "headcount")
"""Factors that are answered with a number, so that a number does not pick an option."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts a message states, and its intents, the strongest first.

    `unclear` is set where the message answers the question but not plainly: what it may have meant, the likeliest
    first. `half_heard` are facts that it may state besides, too uncertain to be taken. `corrects` tells that it takes
    back something said before. `supposed` are facts that it does not state, but asks about as if they were so.
    `subject` is that on which it asks something of the advisor itself, if it does.
    """

    facts: tuple[Fact, ...] = ()
    intents: tuple[str, ...] = ()
    unclear: tuple[Fact, ...] = ()
    half_heard: tuple[Fact, ...] = ()
    corrects: bool = False
    supposed: tuple[Fact, ...] = ()
    subject: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"facts": facts_to_list(self.facts), "intents": list(self.intents)}


Read = Callable[[str, str | None], Reading]
"""Reads a message in the light of the factor that was just asked about, if any."""
SubjectOf = Callable[[str, bool], str]
"""Tells the subject on which words ask something of the advisor itself, or nothing; and hears whether that is doubtful,
because the message may want something else, or tells of the project as well."""


def no_subject(message: str, doubtful: bool) -> str:
    """Takes nothing to be asked of the advisor itself."""
    return ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the reader are at work; all of them but for measuring what each contributes."""

    rules: bool = True
    examples: bool = True


def reader(understand: Understand, subject_of: SubjectOf = no_subject, parts: Parts = Parts()) -> Read:
    """A `Read` from what was learned and the rules."""

    def read(message: str, asked: str | None) -> Reading:
        sense = understand(message, asked) if parts.examples else NOTHING
        heard = _heard(sense, message, asked)
        if parts.rules:
            heard = _mended(heard) | _counted(message, asked, sense if parts.examples else None)
        facts = {factor: fact for factor, fact in heard.items() if fact.confidence >= _enough(fact, asked)}
        told = _in_order(facts)
        if asked and parts.rules:
            facts |= _answered_by_rule(message, asked, facts)
        doubted = {factor: fact for factor, fact in heard.items() if factor not in facts}
        found = _in_order(facts)
        by_rule = (*_intents_by_rule(message), *_disguised(understand, message, sense)) if parts.rules else ()
        intents = _intents(sense, message, found, asked)
        intents = (*intents, *(name for name in by_rule if name not in intents))
        reading = Reading(
            found,
            intents,
            unclear=_candidates(sense, message, asked) if asked and asked in doubted else (),
            half_heard=tuple(fact for factor, fact in doubted.items() if factor != asked),
            corrects="change" in intents or bool(cues.CORRECTION.search(message)),
        )
        changes = not {"change", "start_over"}.isdisjoint(by_rule)
        subject = _subject(subject_of, message, told, intents) if parts.examples and not changes else ""
        if not subject:
            return reading
        return replace(reading, facts=told, subject=subject, unclear=(), half_heard=reading.half_heard if told else ())

    return read


def _in_order(facts: Mapping[str, Fact]) -> tuple[Fact, ...]:
    return tuple(facts[factor] for factor in FACTORS if factor in facts)


def _subject(subject_of: SubjectOf, message: str, facts: Sequence[Fact], intents: Sequence[str]) -> str:
    """The subject on which the message asks something of the advisor itself. Where it also tells of the project, only
    what asks in it counts, and an order in it is refused; what is long and tells nothing is a story."""
    if not COMES_FIRST.isdisjoint(intents):
        return ""
    if not facts:
        doubtful = not CONFUSABLE.isdisjoint(intents)
        return subject_of(message, doubtful) if len(message.split()) <= LONGEST_QUESTION_WORDS else ""
    asking = " ".join(message[part.start : part.end] for part in clauses(message) if part.question)
    return subject_of(asking, True) if asking and "injection" not in intents else ""


def _heard(sense: Sense, message: str, asked: str | None) -> dict[str, Fact]:
    """For each factor that the message more likely states than not, the likeliest value, where it is worth a word."""
    heard = {}
    for factor in FACTORS:
        value = max(allowed_values(factor), key=lambda name: sense.shares[factor][name])
        share = sense.shares[factor][value]
        answers = factor == asked
        if sense.stated(factor) < STATED or share < (WORTH_OFFERING if answers else HALF_HEARD):
            continue
        if answers or value not in UNCOMMITTED:
            heard[factor] = Fact(factor, value, _words(sense, message, factor), "said", share)
    return heard


def _enough(fact: Fact, asked: str | None) -> float:
    """The probability from which a fact is taken."""
    if (fact.factor, fact.value) in SETTLING:
        return SETTLING_ANSWERED if fact.factor == asked else SETTLING_VOLUNTEERED
    return ANSWERED if fact.factor == asked else VOLUNTEERED


def _mended(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts without two that similarity gets wrong: people who have left, and data called clean in a denial."""
    mended = dict(facts)
    team, data = mended.get("team"), mended.get("data")
    if team and team.value != "none" and cues.GONE.search(team.said):
        del mended["team"]
    if data and data.value == "ready" and cues.NOT_CLEAN.search(data.said):
        mended["data"] = replace(data, value="messy")
    return mended


def _candidates(sense: Sense, message: str, factor: str) -> tuple[Fact, ...]:
    """The values that an unclear answer may have meant."""
    shares = sense.shares[factor]
    likely = sorted(FACTORS[factor], key=lambda value: -shares[value])[:MOST_OFFERED]
    said = _words(sense, message, factor)
    return tuple(Fact(factor, name, said, "said", shares[name]) for name in likely if shares[name] >= WORTH_OFFERING)


def _words(sense: Sense, message: str, factor: str) -> str:
    start, end = sense.places[factor]
    return message[start:end].strip() or message.strip()


def _counted(message: str, asked: str | None, sense: Sense | None) -> dict[str, Fact]:
    """The facts that numbers state: of several for a factor the one that was learned to be likeliest, and none
    where what was learned says that the message does not speak of the factor."""
    found: dict[str, Count] = {}
    for count in counts(message, asked):
        factor = count.factor
        least = BARELY_COUNTED if count.bare else COUNTED_AT_ALL
        if sense and (sense.stated(factor) < least or sense.shares[factor][count.value] < AT_LEAST_POSSIBLE):
            continue
        best = found.get(factor)
        if best is None or (sense and sense.shares[factor][count.value] > sense.shares[factor][best.value]):
            found[factor] = count
    return {factor: _number(message, count) for factor, count in found.items()}


def _number(message: str, count: Count) -> Fact:
    return Fact(count.factor, count.value, message[count.start : count.end].strip(), "said", BY_RULE)


def _answered_by_rule(message: str, asked: str, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """An option picked by its place ("the second one", "2"), or a shrug and nothing else."""
    value = picked(message, asked, allowed_values(asked))
    only_shrugs = bool(cues.SHRUG.fullmatch(message.strip(" .!?…")))
    if value is None and (only_shrugs or not any(fact.commits for fact in facts.values())):
        value = _shrug(message)
    return {asked: Fact(asked, value, message.strip(), "said", BY_RULE)} if value else {}


def _shrug(message: str) -> str | None:
    if len(message.split()) > cues.LONGEST_SHRUG_WORDS:
        return None
    if cues.SHRUG.search(message):
        return NOT_SURE
    return NO_PREFERENCE if cues.INDIFFERENT.search(message) else None


def picked(message: str, asked: str, values: Sequence[str]) -> str | None:
    """The one of `values` that a short message picks by its place; a number that is an answer itself picks none."""
    found = cues.PICKED.search(message) if len(message.split()) <= cues.LONGEST_PICK_WORDS else None
    if found is None:
        return None
    if found["last"]:
        return [value for value in values if value not in UNCOMMITTED][-1]
    word = found["nth"] or (None if asked in COUNTED else found["number"] or found["bare"])
    place = cues.PLACES[word.lower()] if word else len(values)
    return values[place] if place < len(values) else None


def _intents_by_rule(message: str) -> Iterator[str]:
    if cues.CHANGE.search(message):
        yield "change"
    if holds_private_details(message):
        yield "personal_data"
    if cues.START_OVER.search(message) and len(message.split()) <= cues.LONGEST_START_OVER_WORDS:
        yield "start_over"


def _disguised(understand: Understand, message: str, sense: Sense) -> Iterator[str]:
    """That the message gives orders, where that shows only once its disguise is off."""
    if sense.intents and any(
        understand(plain, None).intents.get("injection", 0.0) >= LEAST["injection"] for plain in undisguised(message)
    ):
        yield "injection"


def confirmed(message: str, offered: Sequence[Fact]) -> bool | None:
    """Whether a message is a plain yes to the one fact that was offered, or a plain no to all that were.

    None where it is neither, or where it may as well answer the question itself, to which *no* is an answer.
    """
    if offered and cues.NO.search(message):
        return None if "no" in FACTORS[offered[0].factor] else False
    yes = len(offered) == 1 and offered[0].value != "no" and cues.YES.search(message)
    return True if yes else None


def picked_of_two(message: str, offered: Sequence[Fact]) -> str | None:
    """The earlier or the later of two statements, where a short message names one of them so."""
    if len(offered) != 2 or len(message.split()) > cues.LONGEST_PICK_WORDS:
        return None
    named = [bool(cue.search(message)) for cue in (cues.EARLIER, cues.LATER)]
    return offered[named.index(True)].value if sum(named) == 1 else None


def _intents(sense: Sense, message: str, facts: Sequence[Fact], asked: str | None) -> tuple[str, ...]:
    """The intents shown, the strongest first; telling is one of them whenever there are facts, or nothing else."""
    least = {**LEAST, "ask_roles": ASKING} if any(part.question for part in clauses(message)) else LEAST
    shown = {name: share for name, share in sense.intents.items() if share >= least.get(name, INTENDED)}
    told = {fact.factor == asked for fact in facts}
    shown |= {name: 1.0 for name, answering in (("answer", True), ("describe", False)) if answering in told}
    if not shown and sense.intents:
        shown = {max(("answer", "describe"), key=lambda name: sense.intents[name]): 1.0}
    return tuple(sorted(shown, key=lambda name: -shown[name]))
