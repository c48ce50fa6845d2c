from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.decision import Scorecard, recommend, settled
from advisor.core.facts import FACTORS, Fact, Situation, allowed_values
from advisor.core.inquiry import MOST_QUESTIONS, Ask, Stop, expected_gain, next_step, outlook
from advisor.knowledge import load_knowledge
from tests import strategies

SHIPPED = load_knowledge().scorecard
any_scorecard = strategies.scorecards() | st.just(SHIPPED)


@settings(max_examples=60, deadline=None)
@given(any_scorecard, strategies.situations, st.data())
def test_asking_ends_and_never_asks_twice(scorecard: Scorecard, situation: Situation, data: st.DataObject) -> None:
    asked: list[str] = []
    while isinstance(step := next_step(scorecard, situation, asked), Ask):
        assert step.factor not in asked
        assert situation.fact(step.factor) is None
        asked.append(step.factor)
        if data.draw(st.booleans()):
            value = data.draw(st.sampled_from(allowed_values(step.factor)))
            situation = situation.learn([Fact(step.factor, value)])
    assert len(asked) <= MOST_QUESTIONS
    if step.because == "settled":
        assert settled(scorecard, situation)


@settings(deadline=None)
@given(any_scorecard, strategies.situations, strategies.factors)
def test_information_is_never_negative(scorecard: Scorecard, situation: Situation, factor: str) -> None:
    assert expected_gain(scorecard, situation.forget(factor), factor) >= 0


def test_a_factor_that_cannot_matter_is_worth_nothing() -> None:
    only_stage = Scorecard(tuple(row for row in SHIPPED.rows if row.factor in (None, "stage")))
    assert expected_gain(only_stage, Situation(), "team") == 0
    assert expected_gain(only_stage, Situation(), "stage") > 0


def test_the_question_with_the_greatest_gain_comes_first() -> None:
    step = next_step(SHIPPED, Situation(), ())
    assert isinstance(step, Ask)
    assert step.gain == max(expected_gain(SHIPPED, Situation(), factor) for factor in FACTORS)


def test_it_says_why_it_stops() -> None:
    everything = Situation.of(**{factor: values[0] for factor, values in FACTORS.items()})
    assert next_step(SHIPPED, everything, ()) == Stop("settled")
    assert next_step(SHIPPED, Situation(), list(FACTORS)[:MOST_QUESTIONS]) == Stop("asked_enough")
    indifferent = Situation.of(**dict.fromkeys(list(FACTORS)[:-1], "no_preference"))
    assert next_step(SHIPPED, indifferent, ("headcount",)) == Stop("not_worth_asking")


@settings(max_examples=60, deadline=None)
@given(any_scorecard, strategies.situations, st.data())
def test_no_more_questions_come_than_were_announced(
    scorecard: Scorecard, situation: Situation, data: st.DataObject
) -> None:
    asked: list[str] = []
    announced = outlook(scorecard, situation, asked).most_questions
    while isinstance(step := next_step(scorecard, situation, asked), Ask):
        assert outlook(scorecard, situation, asked).most_questions > 0
        asked.append(step.factor)
        value = data.draw(st.sampled_from(allowed_values(step.factor)))
        situation = situation.learn([Fact(step.factor, value)])
    assert len(asked) <= announced
    assert outlook(scorecard, situation, asked).most_questions == 0


@settings(max_examples=60, deadline=None)
@given(any_scorecard, strategies.situations)
def test_what_could_change_the_lead_does(scorecard: Scorecard, situation: Situation) -> None:
    told = outlook(scorecard, situation, ())
    leading = recommend(scorecard, situation)
    assert told.ranking[0].recommendation == leading
    for factor in FACTORS:
        answers = (recommend(scorecard, situation.learn([Fact(factor, value)])) for value in FACTORS[factor])
        could = situation.fact(factor) is None and any(other != leading for other in answers)
        assert could == (factor in told.could_change)
    if settled(scorecard, situation):
        assert told.could_change == ()
