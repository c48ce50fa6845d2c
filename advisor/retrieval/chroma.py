"""The entries of a large index in Chroma, whose index names those that lie near a question without looking at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.retrieval.embed import Tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

COLLECTION: Final = "entries"
BATCH: Final = 1000
SEARCH_BREADTH: Final = 400
"""How many entries its graph is searched for (HNSW's ef): more than are asked for, or some that are near are missed."""


class ChromaIndex:
    """Vectors in a folder of their own, named by their rows."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        import chromadb
        from chromadb.config import Settings

        if create:
            folder.mkdir(parents=True)
        self._client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        self._collection = (
            self._client.create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": {"space": "ip", "ef_search": SEARCH_BREADTH}},
            )
            if create
            else self._client.get_collection(COLLECTION, embedding_function=None)
        )

    def close(self) -> None:
        """Let go of the files. The index cannot be used afterwards."""
        self._client.close()  # type: ignore[attr-defined]  # the declared protocol leaves it out

    def __len__(self) -> int:
        return self._collection.count()

    def add(self, vectors: "Floats", tell: Tell) -> None:
        """Keep vectors of unit length, telling how many there are after each batch."""
        for start in range(0, len(vectors), BATCH):
            batch = vectors[start : start + BATCH]
            self._collection.add([str(row) for row in range(start, start + len(batch))], embeddings=batch)
            tell(start + len(batch), len(vectors))

    def nearest(self, vector: "Floats", n: int) -> "NDArray[Any]":
        """The rows of about the `n` vectors nearest to one."""
        import numpy as np

        found = self._collection.query(query_embeddings=[vector], n_results=n, include=[])
        return np.array([int(row) for row in found["ids"][0]], dtype=np.int64)
