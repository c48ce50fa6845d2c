"""What a message says about the project, and what it wants.

A first reading: the clauses are classified one by one, numbers are read by rules, and an answer is read in the
light of the question just asked. What is uncertain is left unread, because a question costs less than a mistake.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_core.embeddings import Embeddings

from advisor.core.facts import FACTORS, NO_PREFERENCE, NOT_SURE, UNCOMMITTED, Fact, allowed_values
from advisor.core.replies import facts_to_list
from advisor.language.classifier import INTENT, Classifier, Meaning
from advisor.language.clauses import Clause, clauses
from advisor.language.numbers import counts

VOLUNTEERED: Final = 0.45
"""Least probability at which something said without being asked is taken as a fact."""
ANSWERED: Final = 0.35
"""Least probability, among the values of the factor just asked about, at which a message is taken as the answer."""
INTENDED: Final = 0.5
"""Least probability at which an intent is acted on."""

WISH_OR_HEARSAY: Final = re.compile(
    r"\b(?:need|needs|want|wants|hire|hiring|recruit\w*|look(?:ing)? for|would like|replace|offer\w*|insist\w*|says?|said|"
    r"tells?|told|thinks?|should|next hire|request\w*|approv\w*|vacanc\w+|job|advert\w*|asap|get a|buy|used to|left|"
    r"quit|gone|previous|former|request)\b",
    re.IGNORECASE,
)
DISCOVERY: Final = ("find_use_case", "insight", "prototype")
DELIVERY: Final = ("ship", "scale", "reliability")
ORDINALS: Final = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4}
ORDINAL: Final = re.compile(rf"\bthe ({'|'.join(ORDINALS)})(?: one| option)?\b", re.IGNORECASE)
BARE_NUMBER: Final = re.compile(r"\s*\(?(\d)[.)]?\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts a message states, and its intents, the strongest first."""

    facts: tuple[Fact, ...] = ()
    intents: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"facts": facts_to_list(self.facts), "intents": list(self.intents)}


Read = Callable[[str, str | None], Reading]
"""Reads a message in the light of the factor that was just asked about, if any."""


def reader(classifier: Classifier, model: Embeddings) -> Read:
    """A `Read` from a classifier of clauses and the model that makes their vectors."""

    def read(message: str, asked: str | None) -> Reading:
        parts = clauses(message)
        texts = [message.strip(), *(part.text for part in parts)]
        whole, *each = classifier.classify(model.embed_documents(texts))
        intents = _intents(whole, each)
        facts = {fact.factor: fact for fact in _goal(list(_volunteered(parts, each)))}
        facts |= {fact.factor: fact for fact in _counted(message, asked)}
        if asked and asked not in facts or asked in ("stage", "goal", "deliverable"):
            answer = _answer(message, asked, whole, each, intents)
            if answer:
                facts[asked] = answer
        return Reading(tuple(facts[factor] for factor in FACTORS if factor in facts), intents)

    return read


def _intents(whole: dict[Meaning, float], each: Sequence[dict[Meaning, float]]) -> tuple[str, ...]:
    strongest: dict[str, float] = {}
    for shares in (whole, *each):
        for (kind, name), share in shares.items():
            if kind == INTENT and share >= INTENDED:
                strongest[name] = max(share, strongest.get(name, 0.0))
    return tuple(sorted(strongest, key=lambda name: -strongest[name]))


def _volunteered(parts: Sequence[Clause], each: Sequence[dict[Meaning, float]]) -> Iterator[Fact]:
    best: dict[str, Fact] = {}
    for part, shares in zip(parts, each, strict=True):
        (factor, value), share = max(shares.items(), key=lambda item: item[1])
        if factor == INTENT or share < VOLUNTEERED or part.question or value in UNCOMMITTED:
            continue
        if factor == "team" and value != "none" and WISH_OR_HEARSAY.search(part.text):
            continue
        key = f"{factor}:{value}" if factor == "goal" else factor
        if key not in best or best[key].confidence < share:
            best[key] = Fact(factor, value, part.text, "said", share)
    yield from best.values()


def _goal(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Discovery in one clause and delivery in another are one goal: both."""
    goals = sorted((fact for fact in facts if fact.factor == "goal"), key=lambda fact: -fact.confidence)
    yield from (fact for fact in facts if fact.factor != "goal")
    discovery = next((fact for fact in goals if fact.value in DISCOVERY), None)
    delivery = next((fact for fact in goals if fact.value in DELIVERY), None)
    if discovery and delivery:
        said = f"{discovery.said} … {delivery.said}"
        yield Fact("goal", "explore_and_ship", said, "said", min(discovery.confidence, delivery.confidence))
    elif goals:
        yield goals[0]


def _counted(message: str, asked: str | None) -> Iterator[Fact]:
    for count in counts(message, asked):
        yield Fact(count.factor, count.value, message[count.start : count.end].strip(), "said", 0.95)


def _answer(
    message: str, asked: str, whole: dict[Meaning, float], each: Sequence[dict[Meaning, float]], intents: Sequence[str]
) -> Fact | None:
    picked = _picked(message, asked)
    if picked:
        return Fact(asked, picked, message.strip(), "said", 0.95)
    shares = _conditional(asked, whole)
    for clause in each:
        shares = {value: max(share, _conditional(asked, clause)[value] * 0.9) for value, share in shares.items()}
    value = max(shares, key=lambda name: shares[name])
    shrug = next((name for name in intents if name in (NOT_SURE, NO_PREFERENCE)), None)
    if shrug and whole[INTENT, shrug] >= whole.get((asked, value), 0.0):
        return Fact(asked, shrug, message.strip(), "said", whole[INTENT, shrug])
    if shares[value] < ANSWERED or _is_no_answer(whole, asked):
        return None
    return Fact(asked, value, message.strip(), "said", min(shares[value], 1.0))


def _conditional(asked: str, shares: dict[Meaning, float]) -> dict[str, float]:
    """The probabilities of the asked factor's values, given that it is about that factor."""
    raw = {value: shares[asked, value] for value in allowed_values(asked)}
    total = sum(raw.values())
    return {value: share / total for value, share in raw.items()}


def _is_no_answer(whole: dict[Meaning, float], asked: str) -> bool:
    """Whether the message is far more likely to want something else than to answer."""
    (kind, name), share = max(whole.items(), key=lambda item: item[1])
    return kind == INTENT and name not in ("describe", "yes", "no") and share >= INTENDED


def _picked(message: str, asked: str) -> str | None:
    """The option that a message picks by its place in the list: "the second one", "2"."""
    values = allowed_values(asked)
    number = BARE_NUMBER.fullmatch(message)
    if number and asked not in ("company_size", "headcount"):
        index = int(number[1]) - 1
    else:
        ordinal = ORDINAL.search(message)
        index = ORDINALS[ordinal[1].casefold()] if ordinal and len(message.split()) <= 5 else -1
    return values[index] if 0 <= index < len(values) else None
