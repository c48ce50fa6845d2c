"""Passages and their vectors in Chroma, through langchain-chroma."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from advisor.core.evidence import Article, Hit, Passage, fingerprint
from advisor.retrieval.embed import Progress

COLLECTION: Final = "passages"
BATCH: Final = 256


class PassageStore:
    """The passages of one index in a folder of its own. What is embedded is a passage with its context."""

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

    def close(self) -> None:
        """Let go of the files. The store cannot be used afterwards."""
        self._client.close()  # type: ignore[attr-defined]  # the declared protocol leaves it out

    def add(self, passages: Sequence[Passage], progress: Progress) -> None:
        """Embed and keep all passages, telling `progress` after each batch."""
        for at in range(0, len(passages), BATCH):
            documents = [to_document(passage) for passage in passages[at : at + BATCH]]
            self._vectors.add_texts(
                [passage.contextual_text for passage in passages[at : at + BATCH]],
                metadatas=[document.metadata for document in documents],
                ids=[f"{at + offset:08d}" for offset in range(len(documents))],
            )
            progress("passages", min(at + BATCH, len(passages)), len(passages))

    def search(self, query: str, k: int, articles: Mapping[str, Article]) -> list[Hit]:
        """The `k` passages nearest to `query` by cosine similarity, the nearest first."""
        found = self._vectors.similarity_search_with_score(query, k=k)
        hits = [Hit(to_passage(document.metadata, articles), 1 - distance) for document, distance in found]
        return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.passage.article, hit.passage.start))

    def contents(self) -> "Contents":
        """What was embedded, its metadata and its vector, in the order in which passages were added."""
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


def to_document(passage: Passage, score: float | None = None) -> Document:
    """A passage as a LangChain document: the exact words as content, their place as metadata."""
    metadata: dict[str, Any] = {
        "article": passage.article,
        "title": passage.title,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "context": "\n".join(passage.context),
    }
    if score is not None:
        metadata["score"] = score
    return Document(page_content=passage.text, metadata=metadata)


def to_passage(metadata: Mapping[str, Any], articles: Mapping[str, Article]) -> Passage:
    """The passage at the place that a document's metadata names, its words taken from the article itself."""
    article = articles[metadata["article"]]
    start, end = int(metadata["start"]), int(metadata["end"])
    context = tuple(line for line in str(metadata["context"]).split("\n") if line)
    return Passage(article.id, article.title, str(metadata["section"]), start, end, article.text[start:end], context)
