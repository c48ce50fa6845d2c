"""What tells that somebody asks about the advisor itself was fitted to the examples that travel with the package."""

import random
from pathlib import Path

import numpy as np

from advisor.knowledge.itself import CLASSES, ELSEWHERE, EXAMPLES, SubjectExample, read_subject_examples
from advisor.language.itself import FILE
from advisor.learning.itself import fingerprint, fit
from advisor.networks.weights import about_weights
from advisor.retrieval.embed import SearchMiniLM
from advisor.text import bare_words

EVALS = Path(__file__).parent.parent.parent / "evals" / "itself"


def test_it_was_fitted_to_the_present_examples() -> None:
    about = about_weights(FILE)
    assert about == {"fingerprint": fingerprint(), "model": SearchMiniLM().name}, "run make learn-itself"


def test_no_message_to_measure_with_is_among_the_examples_or_in_both_splits() -> None:
    seen = {bare_words(one.text) for one in read_subject_examples(EXAMPLES)}
    for split in ("development", "test"):
        texts = {bare_words(one.text) for one in read_subject_examples(EVALS / f"{split}.jsonl")}
        assert not texts & seen
        seen |= texts


def test_the_fit_tells_classes_apart_and_repeats_itself() -> None:
    draw = random.Random(0)
    examples = [SubjectExample(str(row), name, "") for row, name in enumerate(CLASSES * 10)]
    vectors = np.array(
        [[10.0 * (CLASSES.index(one.subject) == place) + draw.random() for place in range(8)] for one in examples]
    )
    others = np.array([[draw.random() for _ in range(8)] for _ in range(20)])
    weight, bias = fit(examples, vectors, others)
    again = fit(examples, vectors, others)
    assert np.array_equal(weight, again[0])
    assert [CLASSES[row] for row in (vectors @ weight.T + bias).argmax(1)] == [one.subject for one in examples]
    assert {CLASSES[row] for row in (others @ weight.T + bias).argmax(1)} == {ELSEWHERE}
