"""The network that reads messages, in torch: MiniLM as packaged, its layers trained further, a head for each factor.

Imported only to train the network or to export it, because it brings torch and transformers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from advisor.core.facts import FACTORS
from advisor.errors import KnowledgeError
from advisor.knowledge.examples import INTENTS
from advisor.language import trained
from advisor.language.trained import CLASSES, OUTPUTS
from advisor.networks.packaged import AS_PACKAGED, Tokens, keep_quiet, packaged_folder
from advisor.networks.weights import load_weights, save_weights

DROPOUT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Batch:
    """A `trained.Batch` in torch."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    message: Tensor
    offsets: Tensor


class Network(nn.Module):
    """Reads (message, question) pairs.

    For each factor and for the intents an attention of its own picks the tokens that matter; what they average to
    goes through one linear layer. When it reads, though not when it learns, `temperature` divides the factors' logits,
    to make them probabilities one can trust.
    """

    temperature: Tensor

    def __init__(self) -> None:
        super().__init__()
        keep_quiet()
        self.tokens = Tokens(cut="only_second")
        self.encoder = AutoModel.from_pretrained(str(packaged_folder()))
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
        made = trained.batch(self.tokens, pairs)
        parts = (made.ids, made.mask, made.types, made.message, made.offsets)
        return Batch(*map(torch.from_numpy, parts))

    def forward(self, batch: Batch) -> tuple[Tensor, list[Tensor], Tensor]:
        """The logarithm of each reading's attention to each token, and the logits of factors and intents."""
        encoded = self.encoder(input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types)
        return self.heed(encoded.last_hidden_state, batch.message)

    def heed(self, hidden: Tensor, message: Tensor) -> tuple[Tensor, list[Tensor], Tensor]:
        """The same, from what the encoder makes of each token and which tokens are the message's."""
        attention = self.attention(hidden).masked_fill(~message[..., None], -1e4).log_softmax(1)
        pooled = torch.einsum("btr,btd->brd", attention.exp(), hidden)
        pooled = self.dropout(functional.layer_norm(pooled, (pooled.shape[-1],)))
        logits = [self.heads[factor](pooled[:, place]) for place, factor in enumerate(FACTORS)]
        return attention, logits, self.intents(pooled[:, -1])


class Served(nn.Module):
    """The network as it is served: from word vectors to probabilities."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network.eval()
        self.network.encoder.set_attn_implementation("eager")  # the plainest to export

    def forward(self, words: Tensor, mask: Tensor, types: Tensor, message: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Each reading's attention to each token; the probabilities of the factors' values, side by side; and of the
        intents."""
        network = self.network
        encoded = network.encoder(inputs_embeds=words, attention_mask=mask, token_type_ids=types)
        attention, logits, intents = network.heed(encoded.last_hidden_state, message)
        shares = torch.cat([(logit / network.temperature).softmax(1) for logit in logits], 1)
        return attention.exp(), shares, intents.sigmoid()


def load_network() -> Network:
    """The network as it was trained. Raises `KnowledgeError` when it is damaged or of another make."""
    network = Network()
    arrays = load_weights(trained.FILE)
    found = {name: torch.from_numpy(array) for name, array in arrays.items()}
    missing, unexpected = network.load_state_dict(found, strict=False)
    if unexpected or any(not name.startswith(AS_PACKAGED) for name in missing):
        raise KnowledgeError(f"{trained.FILE} is of another make. Train it again: make learn.")
    return network.eval()


def save_network(network: Network, path: Path, about: Mapping[str, Any]) -> None:
    """Keep what was trained."""
    state = {name: tensor for name, tensor in network.state_dict().items() if not name.startswith(AS_PACKAGED)}
    kept = {name: tensor.detach().numpy() for name, tensor in state.items()}
    save_weights(kept, path, {**about, "outputs": OUTPUTS})
