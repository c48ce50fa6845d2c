"""How the engines of search grow: what holds the vectors, what a query takes, what it finds of the nearest.

    python growth.py ENGINE ROWS [PYTHON]

PYTHON is that of the environment for Postgres.

The vectors are made up: those of the bundled corpus, each moved a little at random, so that they lie as unevenly as
real ones. What is true of a million made-up vectors is true of their time and memory, not of anybody's questions.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import memory_mb, milliseconds, spread

from advisor.networks.comparing import write_comparison
from advisor.networks.packaged import WIDTH
from advisor.networks.serving import by_onnx
from advisor.networks.weights import load_weights
from advisor.retrieval.chroma import ChromaIndex
from advisor.retrieval.embed import VECTORS, cosines, untold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

NEAREST = 10
QUERIES = 100
MOVED = 0.03
"""The standard deviation by which each of the numbers of a vector is moved."""

Search = Callable[["Floats"], "NDArray[Any]"]
Told = dict[str, Any]


def made_up(rows: int, seed: int) -> "Floats":
    """Vectors of unit length, (rows, `WIDTH`)."""
    known = load_weights(VECTORS, "vectors")["vectors"]
    draw = np.random.default_rng(seed)
    vectors = np.empty((rows, WIDTH), dtype=np.float32)
    for start in range(0, rows, 50_000):
        part = vectors[start : start + 50_000]
        part[:] = known[draw.integers(len(known), size=len(part))]
        part += draw.normal(scale=MOVED, size=part.shape).astype(np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def best(similar: "Floats") -> "NDArray[Any]":
    """The rows of the greatest."""
    return np.argpartition(similar, -NEAREST)[-NEAREST:]


def floats(vectors: "Floats", folder: Path) -> Search:
    """Every vector, in floats of 32 bits."""
    np.save(folder / "vectors.npy", vectors)
    kept = np.load(folder / "vectors.npy", mmap_mode="r")
    return lambda vector: best(cosines(kept, vector))


def eight_bits(vectors: "Floats", folder: Path) -> Search:
    """Every vector, in integers of 8 bits: what the advisor does."""
    write_comparison(vectors, folder / "vectors.onnx")
    compare = by_onnx(folder / "vectors.onnx")
    return lambda vector: best(compare({"vector": vector[None]})[0][0])


def chroma(vectors: "Floats", folder: Path) -> Search:
    """Chroma in the same process."""
    index = ChromaIndex(folder / "chroma", create=True)
    index.add(vectors, untold)
    return lambda vector: index.nearest(vector, NEAREST)


ENGINES = {"floats": floats, "8 bits": eight_bits, "chroma": chroma}


def main() -> None:
    engine, rows = sys.argv[1], int(sys.argv[2])
    vectors, queries = made_up(rows, seed=1), made_up(QUERIES, seed=2)
    nearest = [set(best(cosines(vectors, query)).tolist()) for query in queries]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = (
            elsewhere(sys.argv[3], vectors, queries, folder)
            if engine == "pgvector"
            else here(ENGINES[engine], vectors, queries, folder)
        )
    found = sum(len(right & set(rows)) for right, rows in zip(nearest, told.pop("found"), strict=True))
    told |= {"query": spread(told.pop("milliseconds")), "recall@10": found / NEAREST / QUERIES}
    print(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # Chroma may not let go of its files in time


def here(engine: Callable[["Floats", Path], Search], vectors: "Floats", queries: "Floats", folder: Path) -> Told:
    """Build and search in this process."""
    before = memory_mb() - vectors.nbytes / 1e6
    started = time.perf_counter()
    search = engine(vectors, folder)
    seconds = time.perf_counter() - started
    search(queries[0])
    times = [milliseconds(partial(search, query)) for query in queries]
    found = [search(query).tolist() for query in queries]
    held = memory_mb() - before - vectors.nbytes / 1e6
    return {"seconds": seconds, "milliseconds": times, "found": found, "memory_mb": held}


def elsewhere(python: str, vectors: "Floats", queries: "Floats", folder: Path) -> Told:
    """Build and search in Postgres."""
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "queries.npy", queries)
    script = Path(__file__).parent / "peers" / "pgvector_.py"
    command = [python, str(script), str(folder), str(NEAREST)]
    told: Told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return told


if __name__ == "__main__":
    main()
