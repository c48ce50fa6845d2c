"""What a message says about the project, and what it wants.

A first reading: the clauses are classified one by one, numbers are read by rules, and an answer is read in the
light of the question just asked. What is uncertain is left unread, because a question costs less than a mistake.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_core.embeddings import Embeddings

from advisor.core.facts import FACTORS, NO_PREFERENCE, NOT_SURE, UNCOMMITTED, Fact, allowed_values
from advisor.core.replies import facts_to_list
from advisor.language import cues
from advisor.language.classifier import INTENT, Classifier, Meaning
from advisor.language.clauses import Clause, clauses
from advisor.language.numbers import counts

VOLUNTEERED: Final = 0.45
"""Least probability at which something said without being asked is taken as a fact."""
IN_PASSING: Final = 0.7
"""The same, for what is said while answering a question about something else."""
ONE_HALF: Final = 0.75
"""The same, for a goal or a deliverable: people often open with one half of what they want."""
ANSWERED: Final = 0.45
"""Least probability, among the values of the factor just asked about, at which a message is taken as the answer."""
ABOUT_IT: Final = 0.15
"""Least probability that a message, or one clause of it, is about the factor just asked about at all."""
INTENDED: Final = 0.5
"""Least probability at which an intent is acted on."""
LONGEST_TENTATIVE_WORDS: Final = 4
"""An answer can end in a question mark ("maybe 40?"); more words than this are a question."""
BY_RULE: Final = 0.95
"""Confidence in what a rule has read."""
COUNTED: Final = ("company_size", "headcount")
NOT_BY_DENIAL: Final = {
    "stage": ("deploying", "live"),
    "data": ("ready",),
    "team": ("analyst", "software_engineers", "data_scientist", "ml_engineer", "data_scientist_and_ml_engineer"),
    "production": ("now", "live"),
    "scale": ("high",),
}
"""Values that a clause with a "not" in it does not state: what is not live is not live."""

HALVES: Final = {
    "goal": (("find_use_case", "insight", "prototype"), ("ship", "scale", "reliability"), "explore_and_ship"),
    "deliverable": (("report", "dashboard", "proof_of_concept"), ("api", "deployed_model", "pipeline"), "mixed"),
}
"""Factors of which one value means two others at once: the finding half, the running half, and both together."""

MOST_CLAUSES: Final = 40
"""Clauses that are read; nobody tells more of a project at once, and each costs time."""

Shares = Mapping[Meaning, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts a message states, and its intents, the strongest first."""

    facts: tuple[Fact, ...] = ()
    intents: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"facts": facts_to_list(self.facts), "intents": list(self.intents)}


Read = Callable[[str, str | None], Reading]
"""Reads a message in the light of the factor that was just asked about, if any."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message with the probabilities of what it means, as a whole and clause by clause."""

    message: str
    parts: tuple[Clause, ...]
    whole: Shares
    each: tuple[Shares, ...]


def reader(classifier: Classifier, model: Embeddings) -> Read:
    """A `Read` from a classifier of clauses and the model that makes their vectors."""

    def read(message: str, asked: str | None) -> Reading:
        parts = clauses(message)[:MOST_CLAUSES]
        texts = [message.strip(), *(part.text for part in parts)]
        whole, *each = classifier.classify(model.embed_documents(texts))
        heard = _Heard(message, parts, whole, tuple(each))
        facts = _volunteered(heard, IN_PASSING if asked else VOLUNTEERED)
        facts |= {fact.factor: fact for fact in _counted(message, asked)}
        intents = _intents(heard)
        if asked:
            others = [factor for factor in facts if factor != asked]
            answer = facts.get(asked) if asked in COUNTED else None
            answer = answer or _answer(heard, asked, intents, corrected=bool(others))
            facts = {factor: facts[factor] for factor in others} | ({asked: answer} if answer else {})
        return Reading(tuple(facts[factor] for factor in FACTORS if factor in facts), intents)

    return read


def _intents(heard: _Heard) -> tuple[str, ...]:
    strongest: dict[str, float] = {}
    for shares in (heard.whole, *heard.each):
        for (kind, name), share in shares.items():
            if kind == INTENT and share >= INTENDED:
                strongest[name] = max(share, strongest.get(name, 0.0))
    return tuple(sorted(strongest, key=lambda name: -strongest[name]))


def _volunteered(heard: _Heard, surest: float) -> dict[str, Fact]:
    """The facts that clauses state on their own, the surest for each factor."""
    found: dict[Meaning, Fact] = {}
    for part, shares in zip(heard.parts, heard.each, strict=True):
        (factor, value), share = max(shares.items(), key=lambda item: item[1])
        least = max(surest, ONE_HALF) if factor in HALVES else surest
        if factor == INTENT or share < least or part.question or value in UNCOMMITTED:
            continue
        if factor == "team" and value != "none" and cues.WISHED_REPORTED_OR_PAST.search(part.text):
            continue
        if value in _denied(factor, part.text):
            continue
        if (factor, value) not in found or found[factor, value].confidence < share:
            found[factor, value] = Fact(factor, value, part.text, "said", share)
    facts: dict[str, Fact] = {}
    for fact in sorted(found.values(), key=lambda fact: fact.confidence):
        facts[fact.factor] = fact
    return facts | {fact.factor: fact for fact in _joined(heard.message, list(found.values()))}


def _joined(message: str, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Where one clause names the finding half and another the running half, the value that means both."""
    for factor, (finding, running, both) in HALVES.items():
        halves = [
            max((f for f in facts if f.factor == factor and f.value in half), key=lambda f: f.confidence, default=None)
            for half in (finding, running)
        ]
        if halves[0] and halves[1]:
            places = [(message.find(half.said), half.said) for half in halves if half]
            said = message[min(at for at, _ in places) : max(at + len(words) for at, words in places)]
            yield Fact(factor, both, said, "said", min(halves[0].confidence, halves[1].confidence))


def _counted(message: str, asked: str | None) -> Iterator[Fact]:
    for count in counts(message, asked):
        yield Fact(count.factor, count.value, message[count.start : count.end].strip(), "said", BY_RULE)


def _answer(heard: _Heard, asked: str, intents: Sequence[str], *, corrected: bool) -> Fact | None:
    """What the message answers to the question about `asked`; None when it answers something else."""
    message = heard.message.strip()
    picked = _picked(message, asked)
    if picked:
        return Fact(asked, picked, message, "said", BY_RULE)
    if asked not in COUNTED and cues.NO_WORDS.fullmatch(message):
        return None
    if corrected and cues.CORRECTION.search(message):
        return None
    shrug = _shrug(heard, intents)
    if shrug:
        return Fact(asked, shrug, message, "said", BY_RULE)
    if all(part.question for part in heard.parts) and len(message.split()) > LONGEST_TENTATIVE_WORDS:
        return None
    (kind, name), share = max(heard.whole.items(), key=lambda item: item[1])
    if kind == INTENT and name not in ("describe", "yes", "no") and share >= INTENDED:
        return None
    if max(sum(shares[asked, value] for value in FACTORS[asked]) for shares in (heard.whole, *heard.each)) < ABOUT_IT:
        return None
    shares = _given_factor(heard, asked)
    value = max(shares, key=lambda name: shares[name])
    if shares[value] < ANSWERED:
        return None
    return Fact(asked, value, _words_for(heard, asked, value), "said", min(1.0, shares[value]))


def _words_for(heard: _Heard, factor: str, value: str) -> str:
    """The clause that says most of `value`, or the whole message when that says more."""
    clause, shares = max(
        zip(heard.parts, heard.each, strict=True), key=lambda pair: pair[1][factor, value], default=(None, heard.whole)
    )
    if clause is None or heard.whole[factor, value] > shares[factor, value]:
        return heard.message.strip()
    return clause.text


def _given_factor(heard: _Heard, asked: str) -> dict[str, float]:
    """The probability of each value of `asked`, given that the message is about it.

    Clauses count by how much they are about the factor at all, and the whole message as one clause more.
    """
    weights = dict.fromkeys(allowed_values(asked), 0.0)
    said = (heard.message, *(part.text for part in heard.parts))
    for text, shares in zip(said, (heard.whole, *heard.each), strict=True):
        denied = _denied(asked, text)
        for value in weights:
            weights[value] += 0.0 if value in denied else shares[asked, value]
    if asked == "production":
        weights = {value: weight for value, weight in weights.items() if value not in _excluded(heard.message)}
    total = sum(weights.values())
    given = {value: weight / total for value, weight in weights.items()}
    if asked in HALVES:
        finding, running, both = HALVES[asked]
        if cues.BOTH.search(heard.message) or (_names(heard, asked, finding) and _names(heard, asked, running)):
            given[both] = 1.0
    return given


def _denied(factor: str, text: str) -> tuple[str, ...]:
    """The values of `factor` that `text` cannot mean, because every part of it says what is not."""
    pieces = [piece for piece in text.split(",") if piece.strip()]
    return NOT_BY_DENIAL.get(factor, ()) if all(map(cues.DENIED.search, pieces)) else ()


def _names(heard: _Heard, factor: str, values: Sequence[str]) -> bool:
    """Whether some clause is, of all that it may mean, most likely about one of `values`."""
    best = [max(shares, key=lambda meaning: shares[meaning]) for shares in heard.each]
    return any(
        meaning == (factor, value) and shares[meaning] >= VOLUNTEERED
        for meaning, shares in zip(best, heard.each, strict=True)
        for value in values
    )


def _excluded(message: str) -> tuple[str, ...]:
    """The values of `production` that a message opening with yes or no rules out."""
    return ("no",) if cues.YES.match(message) else ("now", "live") if cues.NO.match(message) else ()


def _shrug(heard: _Heard, intents: Sequence[str]) -> str | None:
    if cues.SHRUG.search(heard.message) and len(heard.message.split()) <= cues.LONGEST_SHRUG_WORDS:
        return NOT_SURE
    return next((name for name in intents[:1] if name in (NOT_SURE, NO_PREFERENCE)), None)


def _picked(message: str, asked: str) -> str | None:
    """The option that a message picks by its place in the list: "the second one", "2"."""
    values = allowed_values(asked)
    number = cues.BARE_NUMBER.fullmatch(message)
    ordinal = cues.ORDINAL.search(message) if len(message.split()) <= cues.LONGEST_PICK_WORDS else None
    if number and asked not in COUNTED:
        index = int(number[1]) - 1
    else:
        index = cues.ORDINALS[ordinal[1].casefold()] if ordinal else -1
    return values[index] if 0 <= index < len(values) else None
