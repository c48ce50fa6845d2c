"""Fitting when to answer: from which evidence, and where the threshold comes to stand."""

import random
import tomllib
from collections.abc import Set

import pytest

from advisor.core.abstention import Sought, Weights, support
from advisor.core.evidence import Candidate, Passage, quote
from advisor.evaluation.question_cases import QuestionCase
from advisor.learning.abstention import ALL_EVIDENCE, TOLERATED, section

PASSAGE = Passage("roles", "Roles", "", 0, 8, "On call.", ())


def sought(meaning: float, unanswered: float) -> Sought:
    found = Candidate(quote(PASSAGE), PASSAGE, meaning=meaning, asked=meaning, words=0.0, score=meaning)
    return Sought((found,), unanswered=unanswered)


@pytest.mark.parametrize(("name", "known"), [("bundled", ALL_EVIDENCE), ("others", {"meaning"})])
def test_the_threshold_lets_pass_what_is_tolerated_and_only_what_is_known_weighs(name: str, known: Set[str]) -> None:
    draw = random.Random(0)
    cases = [QuestionCase(str(row), "who?", said=row % 2 == 0) for row in range(400)]
    found = [
        sought(draw.gauss(0.65 if case.answerable else 0.4, 0.1), draw.gauss(0.4 if case.answerable else 0.6, 0.2))
        for case in cases
    ]
    values = tomllib.loads(section(name, cases, found, known))[name]
    assert {part for part in ALL_EVIDENCE if values[part] == 0} == ALL_EVIDENCE - known
    weights = Weights(**values)
    answered = [support(one, weights) >= weights.answer_from for one in found]
    wrongly, rightly = (
        sum(answer for answer, case in zip(answered, cases, strict=True) if case.answerable is wanted) / 200
        for wanted in (False, True)
    )
    assert abs(wrongly - TOLERATED[name]) <= 0.03
    assert rightly > 0.7
