"""Tensors in a file: the large matrices as 8-bit integers, all other floats in 16 bits."""

import json
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.errors import KnowledgeError

if TYPE_CHECKING:
    from torch import Tensor

LARGE: Final = 256
"""Rows from which a matrix is kept as 8-bit integers."""
SCALE: Final = ":scale"
"""Ends the name under which the scale of each row of an 8-bit matrix is kept."""


def save_weights(tensors: Mapping[str, "Tensor"], path: Path, about: Mapping[str, Any]) -> None:
    """Keep `tensors`, and `about`, which says what they are."""
    import torch
    from safetensors.torch import save_file

    kept: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            kept[name] = tensor
        elif tensor.ndim == 2 and len(tensor) >= LARGE:
            scale = tensor.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
            kept[name] = (tensor / scale).round().to(torch.int8)
            kept[f"{name}{SCALE}"] = scale
        else:
            kept[name] = tensor.half()
    save_file({name: tensor.contiguous() for name, tensor in kept.items()}, path, {"about": json.dumps(about)})


def load_weights(file: Traversable) -> dict[str, "Tensor"]:
    """The tensors of a file, floats in 32 bits. Raises `KnowledgeError` when it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "pt") as kept:
            tensors = {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118  (not a mapping)
        return {
            name: _restored(tensor, tensors.get(f"{name}{SCALE}"))
            for name, tensor in tensors.items()
            if not name.endswith(SCALE)
        }
    except (OSError, SafetensorError, ValueError) as error:
        raise KnowledgeError(f"{file} cannot be read ({error}). Install the advisor again.") from error


def _restored(tensor: "Tensor", scale: "Tensor | None") -> "Tensor":
    if scale is not None:
        return tensor.float() * scale
    return tensor.float() if tensor.is_floating_point() else tensor


def about_weights(file: Traversable) -> dict[str, Any]:
    """What is told of the tensors of a file. Raises `KnowledgeError` when it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "pt") as kept:
            return dict(json.loads(kept.metadata()["about"]))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"{file} cannot be read ({error}). Install the advisor again.") from error
