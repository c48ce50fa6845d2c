from hypothesis import given
from hypothesis import strategies as st

from advisor.language.clauses import clauses


def test_a_message_is_cut_where_thoughts_end() -> None:
    found = clauses("We have a model in a notebook, but nobody can run it. Who do we need?")
    assert [clause.text for clause in found] == [
        "We have a model in a notebook",
        "nobody can run it.",
        "Who do we need?",
    ]
    assert [clause.question for clause in found] == [False, False, True]


def test_scraps_stay_with_what_follows() -> None:
    assert [clause.text for clause in clauses("hi, we sell flowers online")] == ["hi, we sell flowers online"]


@given(st.text())
def test_clauses_are_slices_of_the_message(message: str) -> None:
    for clause in clauses(message):
        assert message[clause.start : clause.end] == clause.text
