"""What is only supposed is told apart from what is so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.language.suppositions import statement


@pytest.mark.parametrize(
    ("message", "stated"),
    [
        ("What if we had no data?", "We have no data."),
        ("and if we could hire two people?", "We can hire two people."),
        ("Suppose it were already live", "It is already live."),
        ("ok, let’s say the data weren’t clean...", "The data aren’t clean."),
        ("Would you still say so if there was no data at all?", "There is no data at all."),
        ("if it were only an idea?", "It is only an idea."),
        ("If we could hire two, what then?", "We can hire two."),
        ("would that change if our team had an analyst, what would you say then?", "Our team have an analyst."),
    ],
)
def test_what_is_supposed_becomes_a_statement(message: str, stated: str) -> None:
    assert statement(message) == stated


@pytest.mark.parametrize(
    "message",
    [
        "We had no data",
        "What happens if a model fails?",
        "Is it live?",
        "what if",
        "",
        "Say, who is on call?",
        "If it helps, we are 40 people",
        "If I remember right, we have two backend engineers",
        "If we are honest, the data is a mess",
        "If a model breaks in production, who repairs it?",
        "What if we had no data? And by the way we are 40 people.",
        "If you ask me, we need a data scientist",
    ],
)
def test_what_is_not_supposed_is_left_alone(message: str) -> None:
    assert statement(message) is None


@given(st.text())
def test_any_text_is_taken(message: str) -> None:
    stated = statement(message)
    assert stated is None or stated.endswith(".")
