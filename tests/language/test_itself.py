"""What is asked of the advisor itself is told from what is asked about the roles, and from what is told."""

from pathlib import Path

import pytest

from advisor import Advisor
from advisor.language import itself
from advisor.language.itself import AboutItself
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
    reading = advisor.understand("A model works in our notebook. Do you keep what I type in here?")
    assert [fact.factor for fact in reading.facts] == ["stage"]
    assert reading.subject == "privacy"


def test_it_serves_only_the_model_that_it_was_fitted_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_weights({}, tmp_path / "itself.safetensors", {"model": "another"})
    monkeypatch.setattr(itself, "FILE", tmp_path / "itself.safetensors")
    with pytest.raises(DamagedModelError, match="Install the advisor again"):
        AboutItself(SearchMiniLM().embed_query, SearchMiniLM().name)("who are you?")
