"""The network that reads messages, at work. `language.network` is the same in torch, to train it and to export it.

What was trained travels with the package as `knowledge/reader.safetensors`; `advisor.learning.reading` makes it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.core.facts import FACTORS, allowed_values
from advisor.errors import KnowledgeError
from advisor.knowledge.examples import INTENTS
from advisor.language.clauses import Clause, clauses
from advisor.language.sense import ABSENT, Sense
from advisor.networks.packaged import WIDTH, Tokens, packaged_name, padded, word_vectors
from advisor.networks.serving import Network, Run, serve
from advisor.networks.weights import about_weights
from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    Array = NDArray[Any]

NO_QUESTION: Final = "Tell me about your project."
"""Stands for the question where none was asked."""
FILE: Final = files("advisor.knowledge").joinpath("reader.safetensors")

CLASSES: Final = {factor: (ABSENT, *allowed_values(factor)) for factor in FACTORS}
OUTPUTS: Final = [[factor, *names] for factor, names in CLASSES.items()] + [["intents", *INTENTS]]
"""What the network's outputs stand for, in their order."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages as tokens, each array (messages, tokens): their `ids`; the `mask` of those that are no padding; `types`,
    0 for the question's and 1 for the message's; `message`, which marks the latter; and `offsets`, (…, 2), their places
    in the messages."""

    ids: "Array"
    mask: "Array"
    types: "Array"
    message: "Array"
    offsets: "Array"


def batch(tokens: Tokens, pairs: Sequence[tuple[str, str | None]]) -> Batch:
    """Tokens of messages with the question each of them answers."""
    import numpy as np

    encoded = tokens([(question or NO_QUESTION, message) for message, question in pairs])
    ids, mask = padded(encoded)
    message = np.array([[part == 1 for part in one.sequence_ids] for one in encoded])
    message[:, 0] |= ~message.any(1)  # a message of no known tokens is read off the opening token
    return Batch(
        ids,
        mask,
        np.array([one.type_ids for one in encoded], dtype=np.int64),
        message,
        np.array([one.offsets for one in encoded], dtype=np.int64),
    )


class Reader:
    """Reads messages, each with the question it answers. Safe to share between threads.

    The network is loaded at the first message: as it is kept in `folder`, or in torch where there is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._run = Once(lambda: serve(self.network(), folder))
        self._tokens = Once(lambda: Tokens(cut="only_second"))

    def network(self) -> Network:
        """The network to serve. Raises `KnowledgeError` when it is damaged or of another make."""
        if trained_from().get("outputs") != OUTPUTS:
            raise KnowledgeError(f"{FILE} was trained for other facts or intents. Train it again: make learn.")
        made_from = f"{packaged_name()} {hashlib.sha256(FILE.read_bytes()).hexdigest()}"
        return Network("reader", made_from, _in_torch, _inputs, eight_bit=True)

    def load(self) -> None:
        """Load all that a message needs, so that none waits for it."""
        self.read([("Hello.", None)])

    def read(self, pairs: Sequence[tuple[str, str | None]]) -> list[Sense]:
        """The sense of each message, given its question."""
        read = batch(self._tokens(), pairs)
        return senses(self._run(), read, [message for message, _ in pairs])


def senses(run: Run, read: Batch, messages: Sequence[str]) -> list[Sense]:
    """The senses of messages that were tokenised."""
    inputs = {"words": word_vectors()[read.ids], "mask": read.mask, "types": read.types, "message": read.message}
    attention, shares, intents = run(inputs)
    return [
        Sense(
            _by_class(shares[row].tolist()),
            dict(zip(FACTORS, _places(attention[row], read.offsets[row], clauses(message)), strict=True)),
            dict(zip(INTENTS, intents[row].tolist(), strict=True)),
        )
        for row, message in enumerate(messages)
    ]


def trained_from() -> dict[str, Any]:
    """What is told of the training of the network that travels with the package."""
    return about_weights(FILE)


def _in_torch() -> "nn.Module":
    from advisor.language.network import Served, load_network

    return Served(load_network())


def _inputs() -> "Mapping[str, Array]":
    import numpy as np

    texts, tokens = 2, 12
    return {
        "words": np.zeros((texts, tokens, WIDTH), dtype=np.float32),
        "mask": np.ones((texts, tokens), dtype=np.int64),
        "types": np.ones((texts, tokens), dtype=np.int64),
        "message": np.ones((texts, tokens), dtype=bool),
    }


def _by_class(shares: Sequence[float]) -> dict[str, dict[str, float]]:
    parted, start = {}, 0
    for factor, names in CLASSES.items():
        parted[factor] = dict(zip(names, shares[start : start + len(names)], strict=True))
        start += len(names)
    return parted


def _places(attention: "Array", offsets: "Array", parts: Sequence[Clause]) -> list[tuple[int, int]]:
    """For each factor the clause that was attended to most."""
    import numpy as np

    if not parts:
        return [(0, 0)] * len(FACTORS)
    middles = offsets.sum(1) / 2
    starts, ends = np.array([[part.start, part.end] for part in parts]).T[..., None]
    within = ((middles >= starts) & (middles < ends)).astype(np.float32)
    most = (within @ attention[:, : len(FACTORS)]).argmax(0).tolist()
    return [(parts[place].start, parts[place].end) for place in most]
