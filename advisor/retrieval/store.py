"""Entries and their vectors in Chroma, through langchain-chroma."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from advisor.core.evidence import Article, Passage, fingerprint, quote
from advisor.retrieval.embed import Progress
from advisor.retrieval.entries import Entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLLECTION: Final = "entries"
BATCH: Final = 256


class EntryStore:
    """The entries of one index in a folder of its own."""

    def __init__(self, folder: Path, embeddings: Embeddings, *, create: bool = False) -> None:
        import chromadb
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        self._vectors = Chroma(
            collection_name=COLLECTION,
            embedding_function=embeddings,
            client=self._client,
            collection_configuration={"hnsw": {"space": "cosine"}},
            create_collection_if_not_exists=create,
        )
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def close(self) -> None:
        """Let go of the files. The store cannot be used afterwards."""
        self._client.close()  # type: ignore[attr-defined]  # the declared protocol leaves it out

    def add(self, entries: Sequence[Entry], progress: Progress) -> None:
        """Embed and keep all entries, telling `progress` after each batch."""
        for at in range(0, len(entries), BATCH):
            batch = entries[at : at + BATCH]
            self._vectors.add_texts(
                [entry.text for entry in batch],
                metadatas=[_metadata(entry) for entry in batch],
                ids=[f"{at + offset:08d}" for offset in range(len(batch))],
            )
            progress("texts", at + len(batch), len(entries))

    def nearest(self, vector: "NDArray[Any]", n: int) -> list[tuple[int, float]]:
        """The places, in the order of adding, of the `n` entries nearest to a vector, with cosine similarities."""
        found = self._collection.query(query_embeddings=[vector], n_results=n, include=["distances"])
        ids, distances = found["ids"][0], found["distances"] or [[]]
        return [(int(name), 1 - distance) for name, distance in zip(ids, distances[0], strict=True)]

    def contents(self) -> "Contents":
        """What was embedded, its metadata and its vector, in the order in which entries were added."""
        kept = self._vectors.get(include=["documents", "metadatas", "embeddings"])
        rows = zip(kept["ids"], kept["documents"], kept["metadatas"], kept["embeddings"], strict=True)
        return [(text, metadata, vector) for _, text, metadata, vector in sorted(rows, key=lambda row: str(row[0]))]


Contents = Sequence[tuple[str, Mapping[str, Any], Any]]


def digest(contents: Contents) -> str:
    """The SHA-256 of all that a store holds, vectors included: any damage to it changes this."""
    total = hashlib.sha256()
    for text, metadata, vector in contents:
        total.update(fingerprint(text).encode())
        total.update(repr(sorted(metadata.items())).encode())
        total.update(vector.tobytes())
    return total.hexdigest()


def to_document(passage: Passage, score: float) -> Document:
    """A passage as a LangChain document: the exact words as content, their place as metadata."""
    return Document(page_content=passage.text, metadata={**_place(passage), "score": score})


def to_entry(text: str, metadata: Mapping[str, Any], articles: Mapping[str, Article]) -> Entry:
    """The entry that was kept, the words of its passage taken from the article itself."""
    article = articles[metadata["article"]]
    start, end = int(metadata["start"]), int(metadata["end"])
    context = tuple(line for line in str(metadata["context"]).split("\n") if line)
    passage = Passage(article.id, article.title, str(metadata["section"]), start, end, article.text[start:end], context)
    piece = quote(passage, int(metadata["piece_start"]), int(metadata["piece_end"]))
    return Entry("question" if metadata["kind"] == "question" else "words", text, passage, piece)


def _metadata(entry: Entry) -> dict[str, str | int]:
    return {
        **_place(entry.passage),
        "kind": entry.kind,
        "piece_start": entry.piece.start,
        "piece_end": entry.piece.end,
    }


def _place(passage: Passage) -> dict[str, str | int]:
    return {
        "article": passage.article,
        "title": passage.title,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "context": "\n".join(passage.context),
    }
