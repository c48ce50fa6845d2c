"""The network that reads messages: MiniLM as packaged, its layers trained further, and a head for each factor.

Imported only where it is used, because it brings torch and transformers. What was trained travels with the package
as `knowledge/reader.safetensors`; `advisor.learning.reading` makes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from advisor.core.facts import FACTORS, allowed_values
from advisor.errors import KnowledgeError
from advisor.knowledge.examples import INTENTS
from advisor.language.clauses import Clause, clauses
from advisor.language.sense import ABSENT, Sense
from advisor.retrieval.embed import AS_PACKAGED, keep_quiet, model_folder
from advisor.retrieval.weights import about_weights, load_weights, save_weights

NO_QUESTION: Final = "Tell me about your project."
"""Stands for the question where none was asked."""
MOST_TOKENS: Final = 256
DROPOUT: Final = 0.1
FILE: Final = files("advisor.knowledge").joinpath("reader.safetensors")

CLASSES: Final = {factor: (ABSENT, *allowed_values(factor)) for factor in FACTORS}
OUTPUTS: Final = [[factor, *names] for factor, names in CLASSES.items()] + [["intents", *INTENTS]]
"""What the network's outputs stand for, in their order."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages as tokens. `offsets` are places in the messages; `message` marks the tokens of the message itself, as
    against the question before it."""

    tokens: Mapping[str, Tensor]
    offsets: Tensor
    message: Tensor


class Network(nn.Module):
    """Reads (message, question) pairs.

    For each factor and for the intents an attention of its own picks the tokens that matter; what they average to
    goes through one linear layer. When it reads, though not when it learns, `temperature` divides the factors'
    logits, to make them probabilities one can trust.
    """

    temperature: Tensor

    def __init__(self) -> None:
        super().__init__()
        keep_quiet()
        folder = str(model_folder())
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.encoder = AutoModel.from_pretrained(folder)
        self.encoder.embeddings.requires_grad_(False)
        self.encoder.pooler.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.attention = nn.Linear(width, len(FACTORS) + 1)
        self.heads = nn.ModuleDict({factor: nn.Linear(width, len(CLASSES[factor])) for factor in FACTORS})
        self.intents = nn.Linear(width, len(INTENTS))
        self.dropout = nn.Dropout(DROPOUT)
        self.register_buffer("temperature", torch.ones(1))

    def batch(self, pairs: Sequence[tuple[str, str | None]]) -> Batch:
        """Tokens of messages with the question each of them answers."""
        encoded = self.tokenizer(
            [question or NO_QUESTION for _, question in pairs],
            [message for message, _ in pairs],
            padding=True, truncation="only_second", max_length=MOST_TOKENS, return_offsets_mapping=True,
            return_tensors="pt",
        )  # fmt: skip
        offsets = encoded.pop("offset_mapping")
        of_message = torch.tensor([[part == 1 for part in encoded.sequence_ids(row)] for row in range(len(pairs))])
        of_message[:, 0] |= ~of_message.any(1)  # a message of no known tokens is read off the opening token
        return Batch(dict(encoded), offsets, of_message)

    def forward(self, batch: Batch) -> tuple[Tensor, list[Tensor], Tensor]:
        """The logarithm of each reading's attention to each token, and the logits of factors and intents."""
        hidden = self.encoder(**batch.tokens).last_hidden_state
        attention = self.attention(hidden).masked_fill(~batch.message[..., None], -1e4).log_softmax(1)
        pooled = torch.einsum("btr,btd->brd", attention.exp(), hidden)
        pooled = self.dropout(functional.layer_norm(pooled, (pooled.shape[-1],)))
        logits = [self.heads[factor](pooled[:, place]) for place, factor in enumerate(FACTORS)]
        return attention, logits, self.intents(pooled[:, -1])

    def read(self, pairs: Sequence[tuple[str, str | None]]) -> list[Sense]:
        """The sense of each message, given its question."""
        self.eval()
        batch = self.batch(pairs)
        with torch.inference_mode():
            attention, logits, intents = self(batch)
        shares = [(logit / self.temperature).softmax(1).tolist() for logit in logits]
        wanted = intents.sigmoid().tolist()
        return [
            Sense(
                {
                    factor: dict(zip(CLASSES[factor], shares[place][row], strict=True))
                    for place, factor in enumerate(FACTORS)
                },
                dict(zip(FACTORS, _places(attention[row], batch.offsets[row], clauses(message)), strict=True)),
                dict(zip(INTENTS, wanted[row], strict=True)),
            )
            for row, (message, _) in enumerate(pairs)
        ]


def load_network() -> Network:
    """The network as it was trained. Raises `KnowledgeError` when it is damaged or of another make."""
    of_another_make = KnowledgeError(f"{FILE} was trained for other facts or intents. Train it again: make learn.")
    if trained_from().get("outputs") != OUTPUTS:
        raise of_another_make
    network = Network()
    missing, unexpected = network.load_state_dict(load_weights(FILE), strict=False)
    if unexpected or any(not name.startswith(AS_PACKAGED) for name in missing):
        raise of_another_make
    return network.eval()


def save_network(network: Network, path: Path, about: Mapping[str, Any]) -> None:
    """Keep what was trained."""
    trained = {name: tensor for name, tensor in network.state_dict().items() if not name.startswith(AS_PACKAGED)}
    save_weights(trained, path, {**about, "outputs": OUTPUTS})


def trained_from() -> dict[str, Any]:
    """What is told of the training of the network that travels with the package."""
    return about_weights(FILE)


def _places(attention: Tensor, offsets: Tensor, parts: Sequence[Clause]) -> list[tuple[int, int]]:
    """For each factor the clause that was attended to most."""
    if not parts:
        return [(0, 0)] * len(FACTORS)
    middles = (offsets[:, 0] + offsets[:, 1]) / 2
    starts, ends = torch.tensor([[part.start, part.end] for part in parts]).T[..., None]
    within = ((middles >= starts) & (middles < ends)).float()
    most = (within @ attention[:, : len(FACTORS)].exp()).argmax(0).tolist()
    return [(parts[place].start, parts[place].end) for place in most]
