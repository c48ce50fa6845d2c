from advisor import Advisor
from advisor.core.decision import NO_POINTS
from advisor.core.evidence import verify
from advisor.core.facts import FACTORS, allowed_values
from advisor.core.roles import RECOMMENDATIONS
from advisor.knowledge import Knowledge


def test_every_claim_has_its_words_in_the_bundled_corpus(advisor: Advisor, knowledge: Knowledge) -> None:
    """Rows, questions and disagreements alike; and all of the words that each of them names."""
    for claim in knowledge.claims:
        quotes = advisor.wording.bindings[claim.id]
        assert [words.text for words in quotes] == [support.quote for support in claim.support], claim.id
        assert [words.article for words in quotes] == [support.article for support in claim.support], claim.id
        assert all(verify(words, advisor.article(words.article).text) for words in quotes), claim.id


def test_every_row_moves_something(knowledge: Knowledge) -> None:
    assert all(row.points != NO_POINTS for row in knowledge.scorecard.rows)


def test_every_recommendation_has_rows_for_it_and_a_standing_argument_against_it(knowledge: Knowledge) -> None:
    rows = knowledge.scorecard.rows
    for index, recommendation in enumerate(RECOMMENDATIONS):
        assert any(row.points[index] > 1 for row in rows), recommendation
        assert any(row.points[index] < 0 for row in rows if row.factor is None), recommendation


def test_every_factor_is_asked_about_with_all_its_values(knowledge: Knowledge) -> None:
    for factor in FACTORS:
        assert [option.value for option in knowledge.questions[factor].options] == list(allowed_values(factor))


def test_a_disagreement_quotes_two_articles(knowledge: Knowledge) -> None:
    for topic in knowledge.disagreements:
        assert len({side.support[0].article for side in topic.sides}) == 2, topic.id


def test_every_recommendation_is_worded(knowledge: Knowledge) -> None:
    assert all(knowledge.wordings[name].advice.endswith(".") for name in RECOMMENDATIONS)


def test_every_factor_is_known_by_words_that_no_other_has(knowledge: Knowledge) -> None:
    names = [name for question in knowledge.questions.values() for name in question.names]
    assert all(question.names for question in knowledge.questions.values())
    assert len(names) == len(set(names))
    assert all(name == name.casefold() for name in names)


def test_what_is_told_of_the_advisor_itself_names_its_documents_where_that_is_asked(knowledge: Knowledge) -> None:
    for subject, text in knowledge.about_itself.items():
        told = text.format(articles="“One” and “Two”")
        assert ("“One” and “Two”" in told) == (subject == "sources")
        assert not set(told) & set("{}")
