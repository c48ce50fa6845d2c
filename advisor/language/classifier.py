"""What a clause means: a linear classifier over sentence vectors, learned from the example utterances.

One class for each value of each factor and one for each intent; multinomial logistic regression, so that its
outputs are probabilities. It is learned once, in about a second, and kept beside the index.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langchain_core.embeddings import Embeddings

from advisor.files import replace_file
from advisor.knowledge import Utterances
from advisor.retrieval.embed import MiniLM, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INVERSE_REGULARISATION: Final = 10.0
BATCH: Final = 256
INTENT: Final = "intent"
NO_FACT: Final = (INTENT, "describe")

Meaning = tuple[str, str]
"""(factor, value), or ("intent", name)."""


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """`weights` has a row for each meaning and a column for each of a vector's dimensions; `bias` one number each."""

    meanings: tuple[Meaning, ...]
    weights: "NDArray[np.float32]"
    bias: "NDArray[np.float32]"

    def classify(self, vectors: Sequence[Sequence[float]]) -> list[dict[Meaning, float]]:
        """The probability of every meaning, for each vector."""
        import numpy as np

        if not len(vectors):
            return []
        scores = np.asarray(vectors, dtype=np.float32) @ self.weights.T + self.bias
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return [dict(zip(self.meanings, map(float, row), strict=True)) for row in shares]


def load_classifier(folder: Path, utterances: Utterances, model: MiniLM, progress: Progress) -> Classifier:
    """The classifier kept in `folder`, learned anew when the utterances or the model are other ones."""
    path = folder / f"classifier-{_fingerprint(utterances, model.name)}.npz"
    kept = _load(path)
    if kept is None:
        kept = learn(utterances, model, progress)
        _save(kept, path)
    return kept


def learn(utterances: Utterances, model: Embeddings, progress: Progress) -> Classifier:
    """Learn from the utterances. Deterministic: the same utterances give the same weights."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    examples = list(_examples(utterances))
    texts = [text for text, _ in examples]
    meanings = sorted({meaning for _, meaning in examples})
    labels = [meanings.index(meaning) for _, meaning in examples]
    vectors: list[list[float]] = []
    for at in range(0, len(texts), BATCH):
        vectors += model.embed_documents(texts[at : at + BATCH])
        progress("examples", len(vectors), len(texts))
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1000).fit(
        np.asarray(vectors, dtype=np.float32), labels
    )
    return Classifier(tuple(meanings), fitted.coef_.astype(np.float32), fitted.intercept_.astype(np.float32))


def _examples(utterances: Utterances) -> "list[tuple[str, Meaning]]":
    groups: Mapping[Meaning, tuple[str, ...]] = {
        **utterances.facts,
        **{(INTENT, name): examples for name, examples in utterances.intents.items()},
    }
    pairs = [(text, meaning) for meaning, examples in groups.items() for text in examples]
    return pairs + [(text, NO_FACT) for text in utterances.no_fact]


def _fingerprint(utterances: Utterances, model_name: str) -> str:
    content = repr((INVERSE_REGULARISATION, model_name, _examples(utterances)))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _save(classifier: Classifier, path: Path) -> None:
    import numpy as np

    content = io.BytesIO()
    names = np.asarray(["=".join(meaning) for meaning in classifier.meanings])
    np.savez(content, meanings=names, weights=classifier.weights, bias=classifier.bias)
    with suppress(OSError):  # a full or read-only disk costs a second at the next start, no more
        replace_file(path, content.getvalue())


def _load(path: Path) -> Classifier | None:
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            names = [str(name).partition("=") for name in kept["meanings"]]
            meanings = tuple((factor, value) for factor, _, value in names)
            return Classifier(meanings, kept["weights"], kept["bias"])
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
