"""The network that reads messages: MiniLM as packaged, its layers trained further, and a head for each factor.

Imported only where it is used, because it brings torch and transformers. What was trained travels with the package
as `knowledge/reader.safetensors`, with matrices as 8-bit integers; `advisor.language.learning` makes it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from advisor.core.facts import FACTORS, allowed_values
from advisor.errors import KnowledgeError
from advisor.knowledge.examples import INTENTS
from advisor.language.clauses import Clause, clauses
from advisor.language.sense import ABSENT, Sense
from advisor.retrieval.embed import keep_quiet, model_folder

AS_PACKAGED: Final = ("encoder.embeddings.", "encoder.pooler.")
"""Parts of MiniLM that are not trained further, and not kept: its word vectors, and a layer that is not used."""
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
    network = Network()
    try:
        about = trained_from()
        with safe_open(str(FILE), "pt") as kept:
            tensors = {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118  (not a mapping)
        restored = {
            name: tensor.float() * tensors[f"{name}:scale"] if f"{name}:scale" in tensors else tensor.float()
            for name, tensor in tensors.items()
            if not name.endswith(":scale")
        }
        missing, unexpected = network.load_state_dict(restored, strict=False)
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError) as error:
        raise KnowledgeError(f"{FILE} cannot be read ({error}). Install the advisor again.") from error
    untrained = [name for name in missing if not name.startswith(AS_PACKAGED)]
    if untrained or unexpected or about.get("outputs") != OUTPUTS:
        raise KnowledgeError(f"{FILE} was trained for other facts or intents. Train it again: make learn.")
    return network.eval()


def save_network(network: Network, path: Path, about: Mapping[str, Any]) -> None:
    """Keep what was trained: matrices as 8-bit integers with a scale for each row, the rest as 16-bit floats."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        if name.startswith(AS_PACKAGED):
            continue
        if tensor.ndim == 2 and name.startswith("encoder."):
            scale = tensor.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
            tensors[name] = (tensor / scale).round().to(torch.int8)
            tensors[f"{name}:scale"] = scale
        else:
            tensors[name] = tensor.half()
    described = json.dumps({**about, "outputs": OUTPUTS})
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, {"about": described})


def trained_from() -> dict[str, Any]:
    """What is told of the training of the network that travels with the package."""
    with safe_open(str(FILE), "pt") as kept:
        return dict(json.loads(kept.metadata()["about"]))


def _places(attention: Tensor, offsets: Tensor, parts: Sequence[Clause]) -> list[tuple[int, int]]:
    """For each factor the clause that was attended to most."""
    if not parts:
        return [(0, 0)] * len(FACTORS)
    middles = (offsets[:, 0] + offsets[:, 1]) / 2
    starts, ends = torch.tensor([[part.start, part.end] for part in parts]).T[..., None]
    within = ((middles >= starts) & (middles < ends)).float()
    most = (within @ attention[:, : len(FACTORS)].exp()).argmax(0).tolist()
    return [(parts[place].start, parts[place].end) for place in most]
