from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from advisor.core.abstention import Evidence, Sought, Weights, evidence, recognised, support, what_is_missing
from advisor.core.answers import CLOSE_TO_BEST, MOST_QUOTES, compose
from advisor.core.evidence import Candidate, Passage, quote

ARTICLE = (
    "An ML engineer is on call. A data scientist presents findings. Python, R. Scala, C++. "
    "The chief difference is that an ML engineer deploys what a data scientist explores. They share statistics."
)
SENTENCES = [sentence + "." for sentence in ARTICLE[:-1].split(". ")]
WEIGHTS = Weights(intercept=-3.0, meaning=2.0, asked=4.0, unanswered=-4.0, answer_from=0.5)


def candidate(words: str, score: float, *context: str) -> Candidate:
    start = ARTICLE.index(words)
    passage = Passage("roles", "Roles", "Tools", start, start + len(words), words, context)
    return Candidate(quote(passage), passage, meaning=score, asked=score, words=0.0, score=score)


ON_CALL = candidate("An ML engineer is on call.", 0.9)
PRESENTS = candidate("A data scientist presents findings.", 0.88)
DIFFERENCE = candidate(SENTENCES[4], 0.87)
OF_ENGINEER = candidate("Scala, C++.", 0.86, "Tools of each role", "ML engineer")
OF_SCIENTIST = candidate("Python, R.", 0.7, "Tools of each role", "Data scientist")

candidates = st.lists(
    st.builds(
        candidate,
        st.sampled_from(SENTENCES),
        st.floats(0, 1),
        st.sampled_from(["ML engineer", "Data scientist", "Tools"]),
    ),
    max_size=12,
    unique_by=lambda one: one.piece.start,
).map(lambda some: sorted(some, key=lambda one: -one.score))


def test_what_is_close_to_the_best_is_the_answer_and_no_more() -> None:
    assert compose("who is on call?", [ON_CALL, OF_SCIENTIST]).quotes == (ON_CALL.piece,)
    assert compose("who is on call?", [ON_CALL, PRESENTS]).quotes == (ON_CALL.piece, PRESENTS.piece)
    assert compose("who is on call?", []).quotes == ()


def test_the_one_role_that_it_speaks_of_is_named() -> None:
    assert compose("who is on call?", [ON_CALL, OF_ENGINEER]).side == "ml_engineer"
    assert compose("who is on call?", [ON_CALL, PRESENTS]).side is None
    assert compose("who is who?", [DIFFERENCE]).side is None


def test_a_comparison_sets_the_roles_side_by_side() -> None:
    answer = compose("how do their tools differ?", [DIFFERENCE, OF_ENGINEER, OF_SCIENTIST])
    scientist, engineer = answer.columns
    assert [finding.quote for finding in scientist] == [OF_SCIENTIST.piece]
    assert [finding.quote for finding in engineer] == [OF_ENGINEER.piece]
    assert answer.quotes == (DIFFERENCE.piece, OF_SCIENTIST.piece, OF_ENGINEER.piece)
    assert compose("how do their tools differ?", [OF_ENGINEER]).columns == ()
    far = candidate("Python, R.", 0.5, "Tools of each role", "Data scientist")
    assert compose("how do their tools differ?", [OF_ENGINEER, far]).columns == ()
    assert compose("who shares findings with the board?", [OF_ENGINEER, OF_SCIENTIST]).columns == ()


def test_the_same_words_are_quoted_once() -> None:
    assert compose("who is on call?", [ON_CALL, ON_CALL]).quotes == (ON_CALL.piece,)


@given(st.sampled_from(["who does it?", "how do they differ?"]), candidates)
def test_an_answer_holds_only_what_was_found(question: str, found: list[Candidate]) -> None:
    answer = compose(question, found)
    assert set(answer.quotes) <= {one.piece for one in found}
    assert len(set(answer.quotes)) == len(answer.quotes)
    assert bool(answer.quotes) == bool(found)
    if not answer.columns:
        assert len(answer.quotes) <= MOST_QUOTES
        scores = {one.piece: one.score for one in reversed(found)}
        assert all(scores[words] >= found[0].score - CLOSE_TO_BEST for words in answer.quotes)


@given(candidates, st.floats(0, 1), st.floats(0, 1))
def test_support_is_a_probability_and_grows_with_the_evidence(found: list[Candidate], one: float, other: float) -> None:
    small, large = sorted((one, other))
    pieces = tuple(found)
    less, more = (
        support(Sought(tuple(replace(piece, meaning=share) for piece in pieces)), WEIGHTS) for share in (small, large)
    )
    assert 0 <= less <= more <= 1
    assert less > 0 or not found
    like, unlike = (support(Sought(pieces, unanswered=share), WEIGHTS) for share in (large, small))
    assert 0 <= like <= unlike <= 1


def test_where_the_very_question_is_known_support_is_whole() -> None:
    far = (replace(PRESENTS, meaning=0.2, asked=0.2),)
    assert support(Sought(far, known=1), WEIGHTS) == 1 > support(Sought(far), WEIGHTS)


def test_what_is_not_recognised_is_no_evidence_unless_it_is_known() -> None:
    elsewhere = replace(PRESENTS, piece=replace(PRESENTS.piece, article="handbook"))
    found = Sought((elsewhere, ON_CALL))
    assert recognised(found, {ON_CALL.piece.article}).candidates == (ON_CALL,)
    assert recognised(replace(found, known=1), {ON_CALL.piece.article}) == replace(found, known=1)
    assert support(recognised(found, set()), WEIGHTS) == 0


def test_evidence_can_be_read_off() -> None:
    sought = Sought((ON_CALL, OF_SCIENTIST), {"nothing": 0.2, "pay": 0.7, "law": 0.1}, unanswered=0.6)
    assert evidence(sought) == Evidence(0.9, 0.9, 0.6)
    assert what_is_missing(sought) == "pay"
    assert what_is_missing(Sought((ON_CALL,))) == ""
    assert what_is_missing(Sought((ON_CALL,), {"nothing": 0.6, "pay": 0.4})) == ""
    assert what_is_missing(Sought((ON_CALL,), {"nothing": 0.1, "pay": 0.5, "law": 0.4})) == ""
    assert support(Sought(), WEIGHTS) == 0
