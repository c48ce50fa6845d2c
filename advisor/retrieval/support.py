"""Which words of a corpus support a claim.

In the bundled corpus every claim names its words, which are found exactly. In any other corpus a sentence must
be found that says the same, and a wrong one is worse than none. So a sentence counts only if its meaning is very
close, it speaks of the same roles, and it denies as much as the words for which it stands in.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Final

from advisor.core.evidence import Bindings, Passage, Quote, find_quote, sentences, verify
from advisor.core.stance import denials, order_of_roles, roles_named, subject, without_roles
from advisor.knowledge import Claim
from advisor.retrieval.embed import MiniLM, ReusedVectors
from advisor.retrieval.index import Index

SAME_MEANING: Final = 0.7
"""Least cosine similarity of a sentence to the words for which it stands in."""
CANDIDATES: Final = 8
VERSION: Final = "1"
"""Change it whenever other sentences would be found, so that what was remembered is searched for again."""
SHORTEST_QUOTE: Final = 20
"""Characters; less than this says nothing on its own."""


def bind(claims: Sequence[Claim], index: Index, model: MiniLM) -> Bindings:
    """The supporting quotes of every claim in the corpus of `index`. What had to be searched for is remembered."""
    bound = {claim.id: tuple(_exact(claim, index.passages)) for claim in claims}
    missing = [claim for claim in claims if not bound[claim.id]]
    if missing:
        name = f"support-{_fingerprint(missing, model)}.json"
        found = _recall(index, name, missing)
        if found is None:
            once = ReusedVectors(model, {})  # the same sentences come near to many claims
            found = {claim.id: tuple(_similar(claim, index, once)) for claim in missing}
            index.remember(name, json.dumps(_as_lists(found)))
        bound |= found
    return bound


def _exact(claim: Claim, passages: Sequence[Passage]) -> Iterator[Quote]:
    for support in claim.support:
        places = (find_quote(support.quote, passage) for passage in passages if passage.article == support.article)
        found = next((place for place in places if place), None)
        if found:
            yield found


def _similar(claim: Claim, index: Index, model: ReusedVectors) -> Iterator[Quote]:
    """For each of the claim's quotes the sentence of this corpus that says the same, if there is one."""
    taken = set()
    for support in claim.support:
        candidates = {
            (sentence.article, sentence.start): sentence
            for query in (support.quote, without_roles(support.quote))
            for hit in index.search(query, CANDIDATES)
            for sentence in _admissible(hit.passage, support.quote, roles_named(claim.text))
        }
        found = _nearest(support.quote, list(candidates.values()), model)
        if found and (found.article, found.start) not in taken:
            taken.add((found.article, found.start))
            yield found


def _admissible(passage: Passage, words: str, claimed: frozenset[str]) -> Iterator[Quote]:
    """The sentences of `passage` that speak of the same roles as `words`, in the same order, and deny as much."""
    order = order_of_roles(words)
    denied_around = sum(map(denials, passage.context))
    for sentence in sentences(passage):
        before = passage.text[: sentence.start - passage.start]
        same_roles = subject(sentence.text, before, passage.context) == (frozenset(order) or claimed)
        same_order = len(set(order)) < 2 or _firsts(order_of_roles(sentence.text)) == _firsts(order)
        if (
            len(sentence.text) >= SHORTEST_QUOTE
            and same_roles
            and same_order
            and denials(sentence.text) + denied_around == denials(words)
            and not sentence.text.endswith("?")
        ):
            yield sentence


def _firsts(order: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(order))


def _nearest(words: str, candidates: Sequence[Quote], model: ReusedVectors) -> Quote | None:
    if not candidates:
        return None
    compared = [without_roles(text) for text in (words, *(candidate.text for candidate in candidates))]
    target, *vectors = model.embed(compared)
    nearness = [float(vector @ target) for vector in vectors]
    return candidates[nearness.index(max(nearness))] if max(nearness) >= SAME_MEANING else None


def _recall(index: Index, name: str, missing: Sequence[Claim]) -> dict[str, tuple[Quote, ...]] | None:
    try:
        kept = json.loads(index.recall(name))
        found = {claim: tuple(Quote(**values) for values in quotes) for claim, quotes in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return None
    sound = all(
        words.article in index.articles and verify(words, index.articles[words.article].text)
        for quotes in found.values()
        for words in quotes
    )
    return found if sound and set(found) == {claim.id for claim in missing} else None


def _as_lists(found: Bindings) -> dict[str, list[dict[str, object]]]:
    return {claim: [dataclasses.asdict(words) for words in quotes] for claim, quotes in found.items()}


def _fingerprint(claims: Sequence[Claim], model: MiniLM) -> str:
    return hashlib.sha256(repr((VERSION, SAME_MEANING, CANDIDATES, model.name, *claims)).encode()).hexdigest()[:16]
