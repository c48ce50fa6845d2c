"""Which language a message is written in, where it is not English."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.knowledge import load_languages
from advisor.networks.kept import Place
from advisor.networks.weights import map_arrays
from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from py3langid.langid import LanguageIdentifier

    Array = NDArray[Any]

MOST_ENGLISH: Final = 0.02
"""Greatest probability of English at which a message is taken for another language: misspelt English stays English."""
FEWEST_WORDS: Final = 3
"""Two words may be a name, such as that of a firm."""
UNSPACED: Final = ("ja", "ko", "zh")
"""Languages written without blanks between words, or nearly: one "word" of theirs is a sentence."""


class OtherLanguage:
    """Tells languages apart: English, and those in which the advisor has something to say. Safe to share.

    What py3langid knows of these is loaded at the first message, and kept in `folder` where there is one: what it knows
    of all languages is packed tightly, takes half a second to unpack, and a hundred megabytes.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._identifier = Once(self._load)

    def __call__(self, message: str) -> str | None:
        """The ISO 639-1 code of the language of `message`, or None where it is English or cannot be told."""
        likely = dict(self._identifier().rank(message))
        code = max(likely, key=lambda name: likely[name])
        long_enough = len(message.split()) >= FEWEST_WORDS or code in UNSPACED
        return code if long_enough and code != "en" and likely["en"] < MOST_ENGLISH else None

    def load(self) -> None:
        """Load all that a message needs, so that none waits for it."""
        self._identifier()

    def _load(self) -> "LanguageIdentifier":
        from py3langid.langid import LanguageIdentifier

        kept = self._arrays()
        codes = kept["codes"].tobytes().decode().split()
        return LanguageIdentifier(
            kept["weights"], kept["priors"], codes, kept["moves"].data, kept["features"].data,
            norm_probs=True, tk_row=kept["rows"].tolist(),
        )  # fmt: skip

    def _arrays(self) -> "dict[str, Array]":
        spoken = sorted({"en", *load_languages()})
        if self._folder is None:
            return _arrays_of(spoken)
        place = Place(self._folder, "languages", ".safetensors", f"{version('py3langid')} {spoken}")
        kept = place.whole()
        if kept:
            return map_arrays(kept)
        from safetensors.numpy import save

        arrays = _arrays_of(spoken)
        place.keep(save(arrays))
        return arrays


def _arrays_of(spoken: Sequence[str]) -> "dict[str, Array]":
    """What py3langid knows of the languages that are `spoken`: the weight of each of its features, and the automaton
    that finds these in a text."""
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    weights, priors, codes, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    columns = [column for column, code in enumerate(codes) if code in spoken]
    return {
        "weights": np.ascontiguousarray(weights[:, columns]),
        "priors": np.asarray(priors, dtype=np.float32)[columns],
        "codes": np.frombuffer(" ".join(codes[column] for column in columns).encode(), dtype=np.uint8),
        "moves": np.array(moves, dtype=np.uint32),
        "rows": np.array(rows, dtype=np.uint32),
        "features": np.array(features, dtype=np.int32),
    }
