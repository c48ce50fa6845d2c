"""Texts to vectors, with the packaged MiniLM or the same trained further."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.core.evidence import fingerprint
from advisor.networks.packaged import WIDTH, DamagedModelError, Tokens, packaged_name, padded, word_vectors
from advisor.networks.serving import Network, serve
from advisor.networks.weights import about_weights, load_weights
from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding
    from torch import nn

    Floats = NDArray[Any]

SEARCH: Final = files("advisor.knowledge").joinpath("search.safetensors")
VECTORS: Final = files("advisor.knowledge").joinpath("vectors.safetensors")
UNANSWERED_VECTORS: Final = files("advisor.knowledge").joinpath("unanswered.safetensors")
BATCH_TOKENS: Final = 512
"""Tokens, padding included, that are embedded at once: what fits into the processor's cache."""
WINDOW: Final = 2048
"""Texts that are sorted by their length together, so that little time goes into padding."""
NEAREST_UNANSWERED: Final = 3
"""Questions without an answer to which a question is compared."""
REMEMBERED: Final = 1024
"""Questions whose vectors are kept at hand."""

Tell = Callable[[int, int], None]
"""Called with how many are done, and how many there are."""


def untold(done: int, of: int) -> None:
    """Tell nobody."""


class MiniLM:
    """all-MiniLM-L6-v2: texts to vectors of unit length, `WIDTH` floats of 32 bits, of at most 256 tokens a text.

    The network is loaded at the first text, as it is kept in `folder`, or in torch where there is none. Safe to share
    between threads. `MiniLM` itself is the model as packaged; `SearchMiniLM` is the same trained further.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._run = Once(lambda: serve(self.network(), folder))
        self._tokens = Once(Tokens)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._embed_query)

    @property
    def name(self) -> str:
        """Package and version: two models with the same name give the same vectors."""
        return packaged_name()

    def network(self) -> Network:
        """The network to serve."""
        return Network("packaged", self.name, partial(_in_torch, None), _inputs)

    def load(self) -> None:
        """Load all that a question needs, so that none waits for it."""
        vector = self.embed_query("Hello.")
        self.missing(vector)
        self.unanswered(vector)

    def embed(self, texts: Sequence[str], tell: Tell = untold) -> "Floats":
        """The vectors of texts, (texts, `WIDTH`), in the texts' order."""
        import numpy as np

        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        done = 0
        for start in range(0, len(texts), WINDOW):
            encoded = self._tokens()([_readable(text) for text in texts[start : start + WINDOW]])
            for rows in _batches([len(one) for one in encoded]):
                vectors[[start + row for row in rows]] = self._vectors([encoded[row] for row in rows])
                done += len(rows)
                tell(done, len(texts))
        return vectors

    def embed_query(self, text: str) -> "Floats":
        """The vector of one text, (`WIDTH`,); it is read-only."""
        return self._remembered(text)

    def known_vectors(self) -> "Mapping[str, Floats]":
        """The vectors that travel with the package, by the key of their text: none."""
        return {}

    def missing(self, vector: "Floats") -> dict[str, float]:
        """The probability of each thing that the question with this vector may ask for in vain: none is known."""
        return {}

    def unanswered(self, vector: "Floats") -> float:
        """How like the question with this vector is to questions that are known to have no answer: none is known."""
        return 0.0

    def _embed_query(self, text: str) -> "Floats":
        vector: Floats = self._vectors(self._tokens()([_readable(text)]))[0]
        vector.flags.writeable = False
        return vector

    def _vectors(self, encoded: "Sequence[Encoding]") -> "Floats":
        ids, mask = padded(encoded)
        return self._run()({"words": word_vectors()[ids], "mask": mask})[0]


class SearchMiniLM(MiniLM):
    """MiniLM trained further to bring together questions on the roles and the words that answer them."""

    def __init__(self, folder: Path | None = None, weights: Traversable = SEARCH) -> None:
        super().__init__(folder)
        self._weights = weights
        self._digest = Once(lambda: hashlib.sha256(weights.read_bytes()).hexdigest())
        self._head = Once(self._load_head)
        self._unanswered = Once(self._load_unanswered)

    @property
    def name(self) -> str:
        return f"{super().name} trained {self._digest()[:16]}"

    def network(self) -> Network:
        return Network("search", self.name, partial(_in_torch, self._weights), _inputs, eight_bit=True)

    def known_vectors(self) -> "Mapping[str, Floats]":
        """The vectors of the bundled corpus, by the key of their text, so that nobody has to wait for them."""
        if about_weights(VECTORS).get("model") != self.name:
            return {}
        kept = load_weights(VECTORS)
        return dict(zip((bytes(name).hex() for name in kept["keys"]), kept["vectors"], strict=True))

    def missing(self, vector: "Floats") -> dict[str, float]:
        """The probability of each thing that the question with this vector may ask for in vain, `nothing` included."""
        names, weight, bias = self._head()
        return told_apart(names, weight, bias, vector)

    def unanswered(self, vector: "Floats") -> float:
        """The mean cosine similarity of the `NEAREST_UNANSWERED` questions nearest to the one with this vector, of
        those that the bundled corpus is known not to answer."""
        import numpy as np

        similar = cosines(self._unanswered(), vector)
        return float(np.partition(similar, -NEAREST_UNANSWERED)[-NEAREST_UNANSWERED:].mean())

    def _load_head(self) -> "tuple[Sequence[str], Floats, Floats]":
        arrays, about = load_weights(self._weights, "missing."), about_weights(self._weights)
        if not {"missing.weight", "missing.bias"} <= set(arrays) or "missing" not in about:
            raise DamagedModelError(f"{self._weights} does not fit {super().name}. Install the advisor again.")
        return about["missing"], arrays["missing.weight"], arrays["missing.bias"]

    def _load_unanswered(self) -> "Floats":
        if about_weights(UNANSWERED_VECTORS).get("model") != self.name:
            raise DamagedModelError(f"{UNANSWERED_VECTORS} does not fit {self.name}. Install the advisor again.")
        return load_weights(UNANSWERED_VECTORS, "vectors")["vectors"]


class ReusedVectors:
    """Embeds only texts whose vectors are not known yet, and counts them."""

    def __init__(self, model: MiniLM, known: "Mapping[str, Floats]") -> None:
        self._model = model
        self._known = dict(known)
        self.embedded = 0

    def embed(self, texts: Sequence[str], tell: Tell = untold) -> "Floats":
        """The vectors of texts, (texts, `WIDTH`), in the texts' order; `tell` hears of those that are new."""
        import numpy as np

        keys = [key(text) for text in texts]
        new = {name: text for name, text in zip(keys, texts, strict=True) if name not in self._known}
        self.embedded += len(new)
        self._known.update(zip(new, self._model.embed(list(new.values()), tell), strict=True))
        return np.array([self._known[name] for name in keys], dtype=np.float32).reshape(len(texts), WIDTH)


def cosines(vectors: "Floats", vector: "Floats") -> "Floats":
    """The cosine similarity of each of `vectors` to `vector`, all of unit length.

    Not by `@`, which hands large matrices to threads of its own; while these wait, they keep the networks' from the
    processor, and a turn takes twice as long.
    """
    import numpy as np

    similar: Floats = np.einsum("ij,j->i", vectors, vector)
    return similar


def told_apart(names: Sequence[str], weight: "Floats", bias: "Floats", vector: "Floats") -> dict[str, float]:
    """The probability of each of `names` for what has this `vector`, (`WIDTH`,), by a linear layer and a softmax:
    `weight` is (names, `WIDTH`), `bias` (names,)."""
    import numpy as np

    logits = weight @ vector + bias
    shares = np.exp(logits - logits.max())
    return dict(zip(names, (shares / shares.sum()).tolist(), strict=True))


def key(text: str) -> str:
    """What a text's vector is kept under: the first 16 hexadecimal digits of its SHA-256."""
    return fingerprint(text)[:16]


def _batches(lengths: Sequence[int]) -> "list[list[int]]":
    """The rows of texts, those of like length together, at most `BATCH_TOKENS` with their padding in a batch."""
    made: list[list[int]] = [[]]
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if made[-1] and (len(made[-1]) + 1) * lengths[row] > BATCH_TOKENS:
            made.append([])
        made[-1].append(row)
    return made


def _readable(text: str) -> str:
    """The text without lone surrogates, which the tokenizer does not take."""
    return text.encode("utf-8", "replace").decode()


def _in_torch(trained: Traversable | None) -> "nn.Module":
    from advisor.retrieval.sentence_model import Pooled, load_model

    return Pooled(load_model(trained))


def _inputs() -> "Mapping[str, Floats]":
    import numpy as np

    texts, tokens = 2, 12
    words = np.zeros((texts, tokens, WIDTH), dtype=np.float32)
    return {"words": words, "mask": np.ones((texts, tokens), dtype=np.int64)}
