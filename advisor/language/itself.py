"""Tells when a message asks something of the advisor itself: how it decides, what it keeps, what can be taken away.

A logistic regression on the vector by which the search would look the message up; `advisor.learning.itself` fits it.
"""

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

from advisor.core.stance import roles_named
from advisor.knowledge.itself import CLASSES, ELSEWHERE
from advisor.networks.packaged import DamagedModelError
from advisor.networks.weights import about_weights, load_weights
from advisor.once import Once
from advisor.retrieval.embed import told_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    EmbedQuery = Callable[[str], Floats]

FILE: Final = files("advisor.knowledge").joinpath("itself.safetensors")
LEAST: Final = 0.5
"""Least probability at which a message is taken to ask something of the advisor itself; chosen on development messages
so that of a hundred others hardly one is."""
LEAST_IF_DOUBTFUL: Final = 0.8
"""The same where it may want something else, or is a part of a message that tells of the project."""
LEAST_IF_UNLIKELY: Final = 0.95
"""The same where it more likely asks about something else: it names a role, or the documents are on other subjects."""


class AboutItself:
    """Called with a message, tells the subject on which it asks something of the advisor itself, if it does. `model`
    names what `embed_query` makes vectors with; `on_roles` tells whether the documents are all on the roles."""

    def __init__(
        self, embed_query: "EmbedQuery", model: str, *, on_roles: bool = True, weights: Traversable = FILE
    ) -> None:
        self._embed_query = embed_query
        self._model = model
        self._on_roles = on_roles
        self._weights = weights
        self._fitted = Once(self._load)

    def __call__(self, message: str, doubtful: bool = False) -> str:
        """The subject. A message is `doubtful` that may want something else, or tells of the project as well."""
        shares = self.shares(message)
        likeliest = max(shares, key=lambda subject: shares[subject] if subject != ELSEWHERE else 0.0)
        least = LEAST_IF_DOUBTFUL if doubtful else LEAST
        if roles_named(message) or not self._on_roles:
            least = LEAST_IF_UNLIKELY
        return likeliest if 1 - shares[ELSEWHERE] >= least else ""

    def load(self) -> None:
        """Load what tells subjects apart, as the first message does. Raises `DamagedModelError`."""
        self._fitted()

    def shares(self, message: str) -> dict[str, float]:
        """The probability of each of `CLASSES`."""
        weight, bias = self._fitted()
        return told_apart(CLASSES, weight, bias, self._embed_query(message))

    def _load(self) -> "tuple[Floats, Floats]":
        if about_weights(self._weights).get("model") != self._model:
            raise DamagedModelError(f"{self._weights} does not fit {self._model}. Install the advisor again.")
        arrays = load_weights(self._weights)
        return arrays["weight"], arrays["bias"]
