import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.follow_up import in_full, of_the_hire

LANGUAGES = "what languages does a data scientist need?"
CALLED = "who gets called at 3am?"


@pytest.mark.parametrize(
    ("question", "before", "side", "expected"),
    [
        ("and the other one?", LANGUAGES, None, "what languages does the ML engineer need?"),
        ("what about the ML engineer?", LANGUAGES, None, "what languages does the ML engineer need?"),
        ("same for the data scientist?", "which skills does the engineer need?", None,
         "which skills does the data scientist need?"),
        ("and the scientist?", "What does a software engineer need?", "ml_engineer",
         "What does a software engineer need – for the data scientist?"),
        ("and the scientist?", CALLED, "ml_engineer", "who gets called at 3am – for the data scientist?"),
        ("and the other?", CALLED, "ml_engineer", "who gets called at 3am – for the data scientist?"),
        ("what about tools?", "what does an ML engineer do all day?", None, "what about tools? (the ML engineer)"),
        ("and the ML engineer?", "what does the data scientist do?", None, "what does the ML engineer do?"),
        ("and what does the other one study?", LANGUAGES, None, "and what does the other one study? (the ML engineer)"),
    ],
)  # fmt: skip
def test_a_question_that_leans_on_the_last_is_said_in_full(
    question: str, before: str, side: str | None, expected: str
) -> None:
    assert in_full(question, before, side) == expected


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("who presents to the board?", LANGUAGES),
        ("and the other one?", ""),
        ("and would the person who builds the pipelines also have to talk to the board?", LANGUAGES),
        ("and what does a data scientist earn?", LANGUAGES),
        ("but is the budget fixed?", "what does an ML engineer do?"),
        ("what about tools?", "which of the two presents to the board?"),
    ],
)
def test_any_other_question_is_left_as_it_is(question: str, before: str) -> None:
    assert in_full(question, before, None) == question


def test_this_person_is_the_one_who_was_advised() -> None:
    day = "what would this person do all day?"
    assert of_the_hire(day, "ml_engineer") == "what would the ML engineer do all day?"
    assert of_the_hire(day, None) == of_the_hire(day, "full_stack_data_scientist") == day
    assert of_the_hire("does this person help the data scientist?", "ml_engineer").endswith("scientist?")


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([None, "ml_engineer", "data_scientist"]))
def test_it_never_fails(question: str, before: str, side: str | None) -> None:
    assert isinstance(in_full(question, before, side), str)
