"""Comparing a vector to many, in 8-bit integers: a quarter of the memory, and several times as fast as in floats.

Each vector is rounded by a scale of its own, as is the one that is compared. That moves a cosine similarity by a few
thousandths at most, and by less than one as a rule.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

GREATEST: Final = 63
"""The greatest integer that a vector is rounded to. Processors without instructions for this add two products in 16
bits, into which 2 · 255 · 63 still fits; with 127 it would be cut off, and answers would depend on the processor."""
OPSET: Final = 18
IR_VERSION: Final = 10


def write_comparison(vectors: "Floats", path: Path) -> None:
    """Write what compares a `vector`, (1, width), to each of `vectors`, (rows, width), as an ONNX file."""
    import numpy as np
    from onnx import TensorProto, numpy_helper, save
    from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info

    scales = (np.abs(vectors).max(1, initial=1e-8) / GREATEST).astype(np.float32)
    rounded = np.ascontiguousarray((vectors / scales[:, None]).round().astype(np.int8).T)
    graph = make_graph(
        [
            make_node("DynamicQuantizeLinear", ["vector"], ["whole", "step", "zero"]),
            make_node("MatMulInteger", ["whole", "rounded", "zero"], ["sums"]),
            make_node("Cast", ["sums"], ["products"], to=TensorProto.FLOAT),
            make_node("Mul", ["scales", "step"], ["steps"]),
            make_node("Mul", ["products", "steps"], ["similar"]),
        ],
        "comparison",
        [make_tensor_value_info("vector", TensorProto.FLOAT, [1, vectors.shape[1]])],
        [make_tensor_value_info("similar", TensorProto.FLOAT, [1, len(vectors)])],
        [numpy_helper.from_array(rounded, "rounded"), numpy_helper.from_array(scales, "scales")],
    )
    model = make_model(graph, opset_imports=[make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    save(model, path)
