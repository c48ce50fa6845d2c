"""Tells when a message asks something of the advisor itself: how it decides, what it keeps, what can be taken away.

A logistic regression on the vector by which the search would look the message up; `advisor.learning.itself` fits it.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from advisor.core.stance import roles_named
from advisor.knowledge.itself import CLASSES, ELSEWHERE
from advisor.networks.packaged import DamagedModelError
from advisor.networks.weights import about_weights, load_weights
from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    EmbedQuery = Callable[[str], Floats]

FILE: Final = files("advisor.knowledge").joinpath("itself.safetensors")
LEAST: Final = 0.6
"""Least probability at which a message is taken to ask something of the advisor itself; chosen on development messages
so that of a hundred others hardly one is."""
LEAST_ON_A_ROLE: Final = 0.95
"""The same where it names a role, which is then more likely what it asks about."""


class OfItself:
    """Called with a message, tells the subject on which it asks something of the advisor itself, or nothing. `model`
    names what `embed_query` makes vectors with."""

    def __init__(self, embed_query: "EmbedQuery", model: str) -> None:
        self._embed_query = embed_query
        self._model = model
        self._fitted = Once(self._load)

    def __call__(self, message: str) -> str:
        shares = self.shares(message)
        likeliest = max(shares, key=lambda subject: shares[subject] if subject != ELSEWHERE else 0.0)
        least = LEAST_ON_A_ROLE if roles_named(message) else LEAST
        return likeliest if 1 - shares[ELSEWHERE] >= least else ""

    def shares(self, message: str) -> dict[str, float]:
        """The probability of each of `CLASSES`."""
        import numpy as np

        weight, bias = self._fitted()
        logits = weight @ self._embed_query(message) + bias
        shares = np.exp(logits - logits.max())
        return dict(zip(CLASSES, (shares / shares.sum()).tolist(), strict=True))

    def _load(self) -> "tuple[Floats, Floats]":
        if about_weights(FILE).get("model") != self._model:
            raise DamagedModelError(f"{FILE} does not fit {self._model}. Install the advisor again.")
        arrays = load_weights(FILE)
        return arrays["weight"], arrays["bias"]
