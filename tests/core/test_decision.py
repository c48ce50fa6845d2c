import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.decision import NO_POINTS, Row, Scorecard, decide, flips, probabilities, recommend, settled
from advisor.core.facts import FACTORS, NO_PREFERENCE, NOT_SURE, Fact, Situation, allowed_values
from advisor.core.roles import RECOMMENDATIONS
from advisor.knowledge import Knowledge, load_knowledge
from tests import strategies

SHIPPED = load_knowledge().scorecard
any_scorecard = strategies.scorecards() | st.just(SHIPPED)


@given(st.tuples(*[st.floats(-50, 50)] * len(RECOMMENDATIONS)))
def test_probabilities_sum_to_one(scores: tuple[float, ...]) -> None:
    shares = probabilities(scores)
    assert math.isclose(sum(shares), 1.0)
    assert all(0 <= share <= 1 for share in shares)


@given(any_scorecard, strategies.situations)
def test_every_situation_has_a_verdict(scorecard: Scorecard, situation: Situation) -> None:
    verdict = decide(scorecard, situation)
    assert verdict.recommendation == recommend(scorecard, situation)
    assert [ranked.probability for ranked in verdict.ranking] == sorted(
        (ranked.probability for ranked in verdict.ranking), reverse=True
    )
    assert {ranked.recommendation for ranked in verdict.ranking} == set(RECOMMENDATIONS)


@given(strategies.situations, strategies.factors)
def test_no_preference_never_changes_the_verdict(situation: Situation, factor: str) -> None:
    open_situation = situation.forget(factor)
    answered = open_situation.learn([Fact(factor, NO_PREFERENCE)])
    assert decide(SHIPPED, answered).ranking == decide(SHIPPED, open_situation).ranking


@given(strategies.situations)
def test_a_fact_without_points_never_changes_the_verdict(situation: Situation) -> None:
    pointless = [
        (factor, value)
        for factor in FACTORS
        for value in allowed_values(factor)
        if SHIPPED.points(factor, value) == NO_POINTS
    ]
    assert pointless
    for factor, value in pointless:
        open_situation = situation.forget(factor)
        assert recommend(SHIPPED, open_situation.learn([Fact(factor, value)])) == recommend(SHIPPED, open_situation)


@settings(max_examples=60)
@given(any_scorecard, strategies.situations)
def test_each_flip_flips_and_none_smaller_would(scorecard: Scorecard, situation: Situation) -> None:
    found = flips(scorecard, situation)
    winner = recommend(scorecard, situation)
    for flip in found:
        changed = situation.learn(Fact(factor, value) for factor, value in flip.changes)
        assert recommend(scorecard, changed) == flip.becomes != winner
        assert all(situation.value(factor) != value for factor, value in flip.changes)
    sizes = {len(flip.changes) for flip in found}
    assert len(sizes) <= 1
    if sizes == {2}:
        singles = (Fact(factor, value) for factor in FACTORS for value in FACTORS[factor])
        assert all(recommend(scorecard, situation.learn([fact])) == winner for fact in singles)


@settings(max_examples=200)
@given(any_scorecard, strategies.situations, st.data())
def test_settled_means_that_no_completion_changes_the_verdict(
    scorecard: Scorecard, situation: Situation, data: st.DataObject
) -> None:
    if not settled(scorecard, situation):
        return
    winner = recommend(scorecard, situation)
    for _ in range(20):
        answers = [data.draw(st.sampled_from(allowed_values(factor))) for factor in situation.open_factors()]
        completed = situation.learn(map(Fact, situation.open_factors(), answers))
        assert recommend(scorecard, completed) == winner


@settings(max_examples=200)
@given(any_scorecard, strategies.situations, st.data())
def test_what_was_left_unsure_cannot_change_the_verdict_unless_it_is_named(
    scorecard: Scorecard, situation: Situation, data: st.DataObject
) -> None:
    verdict = decide(scorecard, situation)
    left = [factor for factor in FACTORS if situation.value(factor) in (None, NOT_SURE)]
    assert set(verdict.unsure) <= set(left)
    if not verdict.settled or verdict.unsure:
        return
    for _ in range(20):
        answers = [data.draw(st.sampled_from(allowed_values(factor))) for factor in left]
        assert recommend(scorecard, situation.learn(map(Fact, left, answers))) == verdict.recommendation


@settings(max_examples=25)
@given(any_scorecard, st.lists(strategies.factors, unique=True, min_size=2, max_size=3), st.data())
def test_settled_is_exact_over_all_completions(
    scorecard: Scorecard, open_factors: list[str], data: st.DataObject
) -> None:
    known = {
        factor: data.draw(st.sampled_from(allowed_values(factor))) for factor in FACTORS if factor not in open_factors
    }
    situation = Situation.of(**known)
    winner = recommend(scorecard, situation)
    completions = product(*((*FACTORS[factor], NOT_SURE) for factor in open_factors))
    outcomes = {recommend(scorecard, situation.learn(map(Fact, open_factors, values))) for values in completions}
    assert settled(scorecard, situation) == (outcomes <= {winner})


def test_reasons_are_weighed_by_what_they_do_in_this_situation() -> None:
    loud = Row("loud", "Loud.", (3.0, 0, 0, 0, 0, 0), "stage", "live")
    quiet = Row("quiet", "Quiet.", (1.0, 0, 0, 0, 0, 0), "goal", "ship")
    against = Row("against", "Against.", (-1.0, 0, 0, 0, 0, 0), "data", "messy")
    verdict = decide(Scorecard((quiet, against, loud)), Situation.of(stage="live", goal="ship", data="messy"))
    assert [reason.row.id for reason in verdict.reasons] == ["loud", "quiet"]
    assert [reason.row.id for reason in verdict.counter_reasons] == ["against"]
    assert verdict.counter_reasons[0].weight < 0 < verdict.reasons[1].weight < verdict.reasons[0].weight


@pytest.mark.parametrize("points", [(), (1.0,), (math.nan,) * 6, (math.inf,) * 6])
def test_a_row_needs_a_finite_number_for_each_recommendation(points: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Row("row", "Claim.", points)


def test_a_row_for_a_value_that_nobody_gave_is_no_reason() -> None:
    row = Row("row", "Claim.", (3.0, 0, 0, 0, 0, 0), "stage", "live")
    assert decide(Scorecard((row,)), Situation.of(stage="idea")).reasons == ()


def test_open_unsure_and_indifferent_are_told_apart() -> None:
    situation = Situation.of(stage="proof_of_concept", goal="ship", headcount="not_sure", data="no_preference")
    because = {assumed.factor: assumed.because for assumed in decide(SHIPPED, situation).assumptions}
    assert because["data"] == "no_preference"
    assert because["team"] == "not_asked"
    assert because.get("headcount", "not_sure") == "not_sure"


@given(strategies.situations)
def test_what_is_assumed_would_not_change_the_verdict(situation: Situation) -> None:
    verdict = decide(SHIPPED, situation)
    for assumed in verdict.assumptions:
        if assumed.because != "no_preference" and assumed.value != NOT_SURE:
            told = situation.learn([Fact(assumed.factor, assumed.value)])
            assert recommend(SHIPPED, told) == verdict.recommendation


@settings(max_examples=200)
@given(strategies.situations)
def test_the_other_side_and_a_flip_are_always_there(situation: Situation) -> None:
    verdict = decide(SHIPPED, situation)
    assert verdict.counter_reasons
    assert verdict.flips


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"stage": "exploring", "goal": "insight"}, "data_scientist"),
        ({"goal": "scale"}, "ml_engineer"),
        ({"stage": "proof_of_concept", "goal": "ship", "production": "now"}, "ml_engineer"),
        ({"deliverable": "report", "goal": "insight"}, "data_scientist"),
        ({"data": "none", "goal": "prototype", "stage": "idea"}, "not_yet"),
        ({"stage": "live", "goal": "reliability"}, "ml_engineer"),
        ({"goal": "find_use_case", "data": "messy"}, "data_scientist"),
        ({"goal": "explore_and_ship", "headcount": "two_or_more", "stage": "idea"}, "both_data_scientist_first"),
        ({"goal": "explore_and_ship", "headcount": "two_or_more", "stage": "live"}, "both_ml_engineer_first"),
        ({"goal": "explore_and_ship", "headcount": "one", "company_size": "startup"}, "full_stack_data_scientist"),
        ({"team": "data_scientist_and_ml_engineer", "goal": "prototype"}, "not_yet"),
        ({"team": "data_scientist", "goal": "ship", "stage": "proof_of_concept"}, "ml_engineer"),
        ({"team": "analyst", "goal": "insight", "deliverable": "dashboard", "production": "no"}, "not_yet"),
        ({}, "not_yet"),
    ],
)
def test_the_rules_of_the_articles(known: dict[str, str], expected: str, knowledge: Knowledge) -> None:
    assert recommend(knowledge.scorecard, Situation.of(**known)) == expected
