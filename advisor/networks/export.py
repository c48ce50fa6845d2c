"""A torch module as an ONNX file.

    python -m advisor.networks.export FILE < a pickled `serving.Network`

Never imported where networks are served: it brings torch, which would stay in the process.
"""

import pickle
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK: Final = 128
IN_EIGHT_BITS: Final = 4
"""The runtime's name for multiplying 8-bit integers, by which it rounds what comes in, too, block by block."""


def export(module: nn.Module, inputs: Mapping[str, "NDArray[Any]"], *, eight_bit: bool) -> bytes:
    """The module, which gives a tuple, as an ONNX file. It takes arrays like `inputs`, of any number of texts and
    tokens. With `eight_bit` its matrices are rounded to 8-bit integers: a quarter of the memory, and so faster."""
    axes = {0: torch.export.Dim("texts", min=1, max=4096), 1: torch.export.Dim("tokens", min=1, max=512)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        torch.onnx.export(
            module,
            tuple(torch.from_numpy(array) for array in inputs.values()),
            str(path),
            dynamo=True,
            input_names=list(inputs),
            dynamic_shapes=tuple(axes for _ in inputs),
            external_data=False,
            verbose=False,
        )
        if eight_bit:
            _round(path)
        return path.read_bytes()


def _round(path: Path) -> None:
    """Keep the matrices of an ONNX file in 8-bit integers, a scale to each `BLOCK` of them, and multiply by them so."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    model = onnx.load(path)
    del model.graph.value_info[:]  # of the shapes noted there some are of matrices before they were transposed
    rounding = MatMulNBitsQuantizer(
        model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=IN_EIGHT_BITS, algo_config=None
    )
    rounding.process()
    rounding.model.save_model_to_file(str(path))


if __name__ == "__main__":
    network = pickle.load(sys.stdin.buffer)  # noqa: S301, it comes from the process that started this one
    Path(sys.argv[1]).write_bytes(export(network.load(), network.inputs(), eight_bit=network.eight_bit))
