"""The search network that travels with the package was trained from the questions that do, and is repeatable."""

from pathlib import Path

import pytest
import torch

from advisor.knowledge.missing import MISSING, load_unanswered
from advisor.learning.search import SearchNetwork, bundled_entries, fingerprint, learn
from advisor.networks.weights import about_weights, load_weights
from advisor.retrieval.embed import SEARCH, UNANSWERED_VECTORS, VECTORS, SearchMiniLM

ASKED = ["who is on call?", "what does a data scientist earn?"]


def test_the_network_was_trained_from_the_present_questions() -> None:
    assert about_weights(SEARCH)["fingerprint"] == fingerprint(), "run make learn-search"
    for vectors in (VECTORS, UNANSWERED_VECTORS):
        assert about_weights(vectors)["model"] == SearchMiniLM().name, "run make learn-search"


def test_every_piece_of_the_corpus_has_questions_and_all_that_may_be_missing_is_shown() -> None:
    shown = bundled_entries()
    asked = {entry.piece for entry in shown if entry.kind == "question"}
    assert len({entry.piece for entry in shown} - asked) <= 12
    assert {one.missing for one in load_unanswered()} == set(MISSING) - {"nothing"}


def train() -> SearchNetwork:
    shown = [entry for entry in bundled_entries() if entry.kind == "words"]
    questions = [entry for entry in bundled_entries() if entry.kind == "question"][::200]
    ((_, _, network),) = learn([*shown, *questions], load_unanswered()[::100], epochs=1)
    return network


def test_the_same_questions_give_the_same_network_and_what_is_kept_is_what_was_learned(tmp_path: Path) -> None:
    network, again = train(), train()
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name]), name
    network.save(tmp_path / "search.safetensors")
    kept = load_weights(tmp_path / "search.safetensors")
    for name, tensor in kept.items():
        learned = network.state_dict()[name].numpy()
        assert abs(tensor - learned).max() <= abs(learned).max() / 100, name


def test_the_trained_model_serves_what_was_trained() -> None:
    model, network = SearchMiniLM(), SearchNetwork()
    arrays = load_weights(SEARCH)
    network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()}, strict=False)
    with torch.inference_mode():
        vectors = network.eval()(ASKED)
        shares = network.missing(vectors).softmax(1)
    for text, vector, missing in zip(ASKED, vectors, shares, strict=True):
        served = model.embed_query(text)
        assert served == pytest.approx(vector.tolist(), abs=1e-4)
        assert list(model.missing(served).values()) == pytest.approx(missing.tolist(), abs=1e-3)


def test_a_question_known_to_have_no_answer_is_like_itself_and_others_less(networks: Path) -> None:
    model = SearchMiniLM(networks)
    known = load_unanswered()[100].question
    alike, on_call = (model.unanswered(model.embed_query(text)) for text in (known, ASKED[0]))
    assert on_call < alike <= 1
