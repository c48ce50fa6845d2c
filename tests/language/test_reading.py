from pathlib import Path

import pytest

from advisor import Advisor
from advisor.api import no_progress
from advisor.knowledge import Utterances, load_utterances
from advisor.language.classifier import learn, load_classifier
from advisor.retrieval.embed import MiniLM


@pytest.mark.parametrize(
    ("message", "asked", "value"),
    [
        ("it's in a notebook and works fine", "stage", "proof_of_concept"),
        ("no idea, sorry", "data", "not_sure"),
        ("doesn't matter to us", "headcount", "no_preference"),
        ("the second one", "stage", "exploring"),
        ("3", "data", "ready"),
        ("a handful of backend developers", "team", "software_engineers"),
        ("nope, nothing has to run anywhere", "production", "no"),
        ("both: find out what matters and then put it in the app", "goal", "explore_and_ship"),
        ("about 40", "company_size", "small"),
    ],
)
def test_an_answer_is_read_in_the_light_of_the_question(advisor: Advisor, message: str, asked: str, value: str) -> None:
    reading = advisor.understand(message, asked=asked)
    assert {fact.factor: fact.value for fact in reading.facts}[asked] == value


def test_several_facts_in_one_message_keep_the_users_words(advisor: Advisor) -> None:
    message = "We are a bank with 2,000 employees, there are two openings, and the model is live and serves customers."
    reading = advisor.understand(message)
    found = {fact.factor: fact for fact in reading.facts}
    assert found["company_size"].value == "large"
    assert found["headcount"].value == "two_or_more"
    assert all(fact.said in message and 0 < fact.confidence <= 1 for fact in reading.facts)


@pytest.mark.parametrize(
    "message",
    ["my boss says we need an ML engineer", "shall we hire a data scientist?", "we used to have a data scientist"],
)
def test_wishes_hearsay_and_the_past_do_not_put_anyone_in_the_team(advisor: Advisor, message: str) -> None:
    assert "team" not in {fact.factor for fact in advisor.understand(message).facts}


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("what did you understand so far?", "understood"),
        ("why do you ask that?", "why"),
        ("let's start over from the beginning", "start_over"),
        ("thanks a lot", "thanks"),
        ("which tools does an ML engineer use?", "ask_roles"),
    ],
)
def test_intents(advisor: Advisor, message: str, intent: str) -> None:
    assert intent in advisor.understand(message).intents


def test_a_reading_is_json_ready(advisor: Advisor) -> None:
    read = advisor.understand("about 40", asked="company_size").to_dict()
    assert set(read) == {"facts", "intents"}
    assert set(read["facts"][0]) == {"factor", "value", "said", "confidence"}


def test_learning_is_deterministic_and_kept(tmp_path: Path, model: MiniLM) -> None:
    everything = load_utterances()
    utterances = Utterances(
        {meaning: examples[:2] for meaning, examples in everything.facts.items()},
        {name: examples[:2] for name, examples in everything.intents.items()},
        everything.no_fact[:2],
    )
    one, two = learn(utterances, model, no_progress), learn(utterances, model, no_progress)
    assert (one.weights == two.weights).all()
    kept = load_classifier(tmp_path, utterances, model, no_progress)
    again = load_classifier(tmp_path, utterances, model, no_progress)
    assert kept.meanings == again.meanings
    assert (kept.weights == again.weights).all()
    (file,) = tmp_path.iterdir()
    for damage in (b"damaged", b""):
        file.write_bytes(damage)
        assert (load_classifier(tmp_path, utterances, model, no_progress).weights == kept.weights).all()
