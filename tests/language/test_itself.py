"""What is asked of the advisor itself is told from what is asked about the roles, and from what is told."""

import math
from pathlib import Path

import numpy as np
import pytest

from advisor import Advisor
from advisor.knowledge.itself import CLASSES, ELSEWHERE
from advisor.language.itself import LEAST, LEAST_IF_DOUBTFUL, LEAST_IF_UNLIKELY, AboutItself
from advisor.networks.packaged import DamagedModelError
from advisor.networks.weights import save_weights
from advisor.retrieval.embed import SearchMiniLM

ASKED = {
    "are you a robot or a person?": "what_it_is",
    "How do you arrive at your advice?": "method",
    "where are these quotes from": "sources",
    "Do you keep what I type in here?": "privacy",
    "can I download that as a Word file?": "take_away",
    "what can I ask you?": "help",
    "How many more questions will there be?": "progress",
}
OTHERS = (
    "Who decides which model goes live?",
    "how long does it take to deploy a model",
    "does an ML engineer keep the data safe?",
    "we keep everything in a warehouse",
    "our chatbot answers customers by itself",
    "about forty",
    "not sure",
)


@pytest.mark.parametrize(("message", "subject"), ASKED.items())
def test_what_is_asked_of_the_advisor_itself_is_noticed(advisor: Advisor, message: str, subject: str) -> None:
    assert advisor.understand(message).subject == subject
    assert advisor.understand(message, "stage").subject == subject
    assert not advisor.understand(message, "stage").facts


@pytest.mark.parametrize("message", OTHERS)
def test_what_is_not_is_not(advisor: Advisor, message: str) -> None:
    assert not advisor.understand(message).subject


def test_what_is_told_in_the_same_breath_is_heard(advisor: Advisor) -> None:
    reading = advisor.understand("We are 40 people. Do you keep what I type in here?")
    assert [fact.factor for fact in reading.facts] == ["company_size"]
    assert reading.subject == "privacy"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Weights by which the length of a stand-in's one-hot vector is the log-odds of `help` against nothing else."""
    weight = np.zeros((len(CLASSES), 1), np.float32)
    weight[CLASSES.index("help")] = 1.0
    bias = np.full(len(CLASSES), -50.0, np.float32)
    bias[[CLASSES.index("help"), CLASSES.index(ELSEWHERE)]] = 0.0
    save_weights({"weight": weight, "bias": bias}, tmp_path / "itself.safetensors", {"model": "stand-in"})
    return tmp_path / "itself.safetensors"


@pytest.mark.parametrize(
    ("message", "doubtful", "on_roles", "least"),
    [
        ("what now?", False, True, LEAST),
        ("what now?", True, True, LEAST_IF_DOUBTFUL),
        ("what would a data scientist do?", False, True, LEAST_IF_UNLIKELY),
        ("what now?", False, False, LEAST_IF_UNLIKELY),
    ],
)
def test_what_more_likely_asks_something_else_must_be_surer(
    weights: Path, message: str, doubtful: bool, on_roles: bool, least: float
) -> None:
    for share, subject in ((least - 0.01, ""), (least + 0.01, "help")):
        vector = np.array([math.log(share / (1 - share))])
        about = AboutItself(lambda text, vector=vector: vector, "stand-in", on_roles=on_roles, weights=weights)
        assert about(message, doubtful) == subject


def test_it_serves_only_the_model_that_it_was_fitted_to(weights: Path) -> None:
    with pytest.raises(DamagedModelError, match="Install the advisor again"):
        AboutItself(SearchMiniLM().embed_query, "another", weights=weights).load()
