"""MiniLM with its pooling, through sentence-transformers. Imported only to export it, or where that cannot be done,
because it brings torch."""

from importlib.resources.abc import Traversable

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from advisor.networks.packaged import AS_PACKAGED, DamagedModelError, keep_quiet, packaged_folder, packaged_name
from advisor.networks.weights import load_weights


class Pooled(nn.Module):
    """A sentence-transformers model from the word vectors on: its encoder, then its own pooling and normalising."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.encoder = model[0].get_submodule("auto_model")
        self.after = nn.ModuleList(list(model)[1:])

    def forward(self, words: Tensor, mask: Tensor) -> tuple[Tensor]:
        """One vector of unit length a text, (texts, width), from (texts, tokens, width)."""
        hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        features = {"token_embeddings": hidden, "attention_mask": mask}
        for module in self.after:
            features = module.forward(features)
        return (features["sentence_embedding"],)


def load_model(trained: Traversable | None) -> SentenceTransformer:
    """The model as packaged, or with the layers that were `trained` further. Raises `DamagedModelError`."""
    keep_quiet()
    plainest = {"attn_implementation": "eager"}  # to export
    model = SentenceTransformer(str(packaged_folder()), device="cpu", local_files_only=True, model_kwargs=plainest)
    if trained is not None:
        arrays = load_weights(trained)
        kept = {
            name.removeprefix("encoder."): torch.from_numpy(array)
            for name, array in arrays.items()
            if name.startswith("encoder.")
        }
        lacking, unexpected = model[0].get_submodule("auto_model").load_state_dict(kept, strict=False)
        if unexpected or any(not f"encoder.{name}".startswith(AS_PACKAGED) for name in lacking):
            raise DamagedModelError(f"{trained} does not fit {packaged_name()}. Install the advisor again.")
    return model.eval()
