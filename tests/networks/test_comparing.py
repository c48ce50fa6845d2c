from pathlib import Path

import numpy as np
import pytest

from advisor.networks.comparing import write_comparison
from advisor.networks.packaged import WIDTH
from advisor.networks.serving import by_onnx


@pytest.mark.parametrize("rows", [1, 7, 3000])
def test_similarities_are_those_of_floats_but_for_their_rounding(tmp_path: Path, rows: int) -> None:
    draw = np.random.default_rng(rows)
    vectors = draw.normal(size=(rows, WIDTH)).astype(np.float32)
    vectors[0, :300] = 0  # some are far from even
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_comparison(vectors, tmp_path / "vectors.onnx")
    compare = by_onnx(tmp_path / "vectors.onnx")
    for vector in (vectors[0], vectors[-1], -vectors[0]):
        (similar,) = compare({"vector": vector[None]})
        assert similar[0] == pytest.approx(vectors @ vector, abs=0.004)
        assert similar[0].argmax() == (vectors @ vector).argmax()
