"""Arrays in a file: the large matrices as 8-bit integers, all other floats in 16 bits."""

import json
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.errors import KnowledgeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

LARGE: Final = 256
"""Rows from which a matrix is kept as 8-bit integers."""
STORED: Final = {
    "F16": "<f2", "F32": "<f4", "I8": "i1", "I32": "<i4", "I64": "<i8", "U8": "u1", "U16": "<u2", "U32": "<u4",
}  # fmt: skip
"""How the format names types of numbers, and how numpy does."""
SCALE: Final = ":scale"
"""Ends the name under which the scale of each row of an 8-bit matrix is kept."""


def save_weights(arrays: Mapping[str, "Array"], path: Path, about: Mapping[str, Any]) -> None:
    """Keep `arrays`, and `about`, which says what they are."""
    import numpy as np
    from safetensors.numpy import save_file

    kept: dict[str, Array] = {}
    for name, array in arrays.items():
        if not np.issubdtype(array.dtype, np.floating):
            kept[name] = array
        elif array.ndim == 2 and len(array) >= LARGE:
            scale = np.abs(array).max(1, keepdims=True).clip(min=1e-8) / 127
            kept[name] = (array / scale).round().astype(np.int8)
            kept[f"{name}{SCALE}"] = scale
        else:
            kept[name] = array.astype(np.float16)
    save_file({name: np.ascontiguousarray(array) for name, array in kept.items()}, path, {"about": json.dumps(about)})


def load_weights(file: Traversable, beginning: str = "") -> dict[str, "Array"]:
    """The arrays of a file, or those whose names have a certain `beginning`, floats in 32 bits. Raises `KnowledgeError`
    when it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "np") as kept:
            names = [name for name in kept.keys() if name.startswith(beginning)]  # noqa: SIM118  (not a mapping)
            arrays = {name: kept.get_tensor(name) for name in names}
    except (OSError, SafetensorError, ValueError) as error:
        raise KnowledgeError(f"{file} cannot be read ({error}). Install the advisor again.") from error
    return {
        name: _restored(array, arrays.get(f"{name}{SCALE}"))
        for name, array in arrays.items()
        if not name.endswith(SCALE)
    }


def map_arrays(file: Path) -> dict[str, "Array"]:
    """All arrays of a file in safetensors' format as they are, read from the disk only where they are looked at.

    The file begins with the length of its header, 8 bytes, and the header, which says where each array lies.
    """
    import numpy as np

    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header: dict[str, Any] = json.loads(opened.read(length))
    return {
        name: np.memmap(file, STORED[one["dtype"]], "r", 8 + length + one["data_offsets"][0], tuple(one["shape"]))
        for name, one in header.items()
        if name != "__metadata__"
    }


def _restored(array: "Array", scale: "Array | None") -> "Array":
    import numpy as np

    if scale is not None:
        return array.astype(np.float32) * scale
    return array.astype(np.float32) if np.issubdtype(array.dtype, np.floating) else array


def about_weights(file: Traversable) -> dict[str, Any]:
    """What is told of the arrays of a file. Raises `KnowledgeError` when it cannot be read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "np") as kept:
            return dict(json.loads(kept.metadata()["about"]))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(f"{file} cannot be read ({error}). Install the advisor again.") from error
