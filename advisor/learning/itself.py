"""Fits what tells that a message asks something of the advisor itself: `make learn-itself`, after `make learn-search`.

Takes some minutes on two cores, most of them to embed what people type besides.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.knowledge.itself import CLASSES, ELSEWHERE, EXAMPLES, SubjectExample, read_subject_examples
from advisor.knowledge.missing import load_unanswered
from advisor.language.itself import FILE
from advisor.learning.reading import load_examples
from advisor.learning.search import bundled_entries
from advisor.networks.weights import save_weights
from advisor.retrieval.embed import ReusedVectors, SearchMiniLM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

LEFT_OUT: Final = frozenset({"greeting", "thanks", "change", "skip", "start_over"})
"""Intents of messages that speak of the conversation, and may ask something of the advisor itself."""
OTHER_WEIGHT: Final = 0.2
"""What another message weighs beside an example; there are many, and few come near."""
LONGEST_WORDS: Final = 40
STRENGTH: Final = 30.0
"""The inverse of the regularisation."""


def others() -> tuple[str, ...]:
    """What people type besides: what they tell and want, and what they ask about the roles, answered or not."""
    typed = (
        example.text
        for example in load_examples()
        if not example.language and LEFT_OUT.isdisjoint(example.intents) and len(example.text.split()) <= LONGEST_WORDS
    )
    asked = (entry.text for entry in bundled_entries() if entry.kind == "question")
    return tuple(dict.fromkeys((*typed, *asked, *(one.question for one in load_unanswered()))))


def fingerprint() -> str:
    """Tells whether two fits would start from the same: the examples, the recipe and what makes their vectors."""
    recipe = (CLASSES, sorted(LEFT_OUT), OTHER_WEIGHT, LONGEST_WORDS, STRENGTH, SearchMiniLM().name)
    examples = [(one.subject, one.text) for one in read_subject_examples(EXAMPLES)]
    return hashlib.sha256(repr((recipe, examples, others())).encode()).hexdigest()


def fit(examples: Sequence[SubjectExample], vectors: "Floats", other_vectors: "Floats") -> "tuple[Floats, Floats]":
    """The weights, (classes, width), and biases, (classes,), from the vectors of examples and of other messages."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    classes = [CLASSES.index(example.subject) for example in examples]
    classes += [CLASSES.index(ELSEWHERE)] * len(other_vectors)
    weights = [1.0] * len(examples) + [OTHER_WEIGHT] * len(other_vectors)
    model = LogisticRegression(C=STRENGTH, max_iter=1_000)
    model.fit(np.vstack([vectors, other_vectors]), np.array(classes), sample_weight=weights)
    return model.coef_, model.intercept_


def main() -> None:
    parser = argparse.ArgumentParser(prog="make learn-itself", description=__doc__)
    parser.parse_args()
    model = SearchMiniLM()
    known = ReusedVectors(model, model.known_vectors())
    examples, besides = read_subject_examples(EXAMPLES), others()
    print(f"{len(examples)} examples, {len(besides)} other messages.", flush=True)
    weight, bias = fit(examples, model.embed([one.text for one in examples]), known.embed(besides))
    about = {"fingerprint": fingerprint(), "model": model.name}
    save_weights({"weight": weight, "bias": bias}, Path(str(FILE)), about)
    print(f"kept in {FILE}")


if __name__ == "__main__":
    main()
