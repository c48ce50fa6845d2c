"""The network that travels with the package was trained from the examples that do, and training is repeatable."""

import random
from collections import Counter
from pathlib import Path

import pytest
import torch

from advisor.core.facts import FACTORS, allowed_values
from advisor.knowledge.examples import INTENTS
from advisor.language import trained as serving
from advisor.language.network import Network, Served, load_network, save_network
from advisor.language.sense import Sense
from advisor.language.trained import batch, senses, trained_from
from advisor.learning.reading import JOINED_PART, Lesson, _batches, calibrate, fingerprint, learn, load_examples
from advisor.networks.serving import by_torch

SAID = [("it has been live since May and forty people work here", None), ("yes", "Is it live?"), ("", None)]


def test_the_network_was_trained_from_the_present_examples() -> None:
    assert trained_from()["fingerprint"] == fingerprint(), "the examples or the recipe changed: run make learn"


def test_there_are_examples_of_everything_and_none_that_means_two_things() -> None:
    examples = load_examples()
    values = Counter((fact.factor, fact.value) for example in examples for fact in example.facts)
    assert all(values[factor, value] >= 8 for factor in FACTORS for value in allowed_values(factor))
    intents = Counter(intent for example in examples for intent in example.intents)
    assert all(intents[name] >= 20 for name in INTENTS)
    meanings: dict[tuple[str, str | None], set[object]] = {}
    for example in examples:
        stated = tuple(sorted((fact.factor, fact.value) for fact in example.facts))
        meanings.setdefault((example.text.casefold(), example.asked), set()).add(stated)
    assert [key for key, stated in meanings.items() if len(stated) > 1] == []
    assert len({example.id for example in examples}) == len(examples)


def test_what_nobody_noted_is_shown_in_conversation_but_not_joined_to_what_was() -> None:
    noted = Lesson("We have no data yet", None, (("data", "none", 8, 15),), frozenset(), ("describe",))
    also = Lesson("The team is one analyst.", None, (("team", "analyst", 16, 23),), frozenset(), ("describe",))
    unnoted = Lesson("Only young men, please", None, (), frozenset(FACTORS), ("protected_characteristic",))
    batches = _batches([noted, also, *[unnoted] * 98], random.Random(1))
    shown = [lesson for batch in batches for lesson in batch]
    assert len(shown) == 100 + int(JOINED_PART * 100)
    joined = [lesson for lesson in shown if len(lesson.facts) == 2]
    assert len(joined) >= 5, "messages of two facts are made of the two that state one each"
    for lesson in joined:
        assert {factor for factor, *_ in lesson.facts} == {"data", "team"}
        if "have no data yet" in lesson.text.lower():  # not misspelt
            ((start, end),) = ((start, end) for factor, _, start, end in lesson.facts if factor == "data")
            assert lesson.text[start:end].lower() == "no data"
    refused = [lesson for lesson in shown if lesson.intents == ("protected_characteristic",)]
    assert len(refused) == 98
    assert 0.3 < sum(lesson.question is not None for lesson in refused) / 98 < 0.7


@pytest.fixture(scope="module")
def trained() -> Network:
    return train()


def train() -> Network:
    ((_, _, made),) = learn(load_examples()[::200], epochs=1)
    calibrate(made, load_examples()[::400])
    return made


def read(network: Network) -> list[Sense]:
    return senses(by_torch(Served(network)), batch(network.tokens, SAID), [message for message, _ in SAID])


def test_the_same_examples_give_the_same_network(trained: Network) -> None:
    again = train()
    for name, tensor in trained.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name]), name


def test_what_is_kept_reads_as_what_was_trained(
    trained: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "FILE", tmp_path / "reader.safetensors")
    save_network(trained, tmp_path / "reader.safetensors", {"fingerprint": "mine"})
    assert trained_from()["fingerprint"] == "mine"
    for one, other in zip(read(trained), read(load_network()), strict=True):
        for factor in FACTORS:
            assert sum(one.shares[factor].values()) == pytest.approx(1, abs=1e-5)
            assert one.shares[factor] == pytest.approx(other.shares[factor], abs=0.05), "kept as 8-bit integers"
