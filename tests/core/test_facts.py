import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.facts import FACTORS, Fact, Situation, corrections
from tests import strategies


@given(
    st.lists(strategies.facts, max_size=9, unique_by=lambda fact: fact.factor).flatmap(
        lambda facts: st.tuples(st.just(facts), st.permutations(facts))
    )
)
def test_the_order_of_answers_does_not_matter(orders: tuple[list[Fact], list[Fact]]) -> None:
    one, other = orders
    assert Situation().learn(one) == Situation().learn(other)


def test_a_later_statement_replaces_an_earlier_one_and_says_so() -> None:
    before = Situation.of(stage="exploring", data="ready")
    after = before.learn([Fact("stage", "live", "it has been running since May", "said", 0.8)])
    assert after.value("stage") == "live"
    (change,) = corrections(before, after)
    assert (change.before.value, change.after.value) == ("exploring", "live")
    assert change.after.said == "it has been running since May"


def test_repeating_an_answer_is_no_correction() -> None:
    situation = Situation.of(stage="live")
    assert corrections(situation, situation.learn([Fact("stage", "live")])) == ()


def test_open_factors_are_those_nobody_spoke_of() -> None:
    situation = Situation.of(stage="not_sure", goal="no_preference")
    assert set(situation.open_factors()) == set(FACTORS) - {"stage", "goal"}
    assert situation.forget("stage").open_factors()[0] == "stage"


@pytest.mark.parametrize(("factor", "value"), [("stage", "done"), ("budget", "one")])
def test_what_does_not_exist_is_refused_by_name(factor: str, value: str) -> None:
    with pytest.raises(ValueError, match=factor):
        Fact(factor, value)
