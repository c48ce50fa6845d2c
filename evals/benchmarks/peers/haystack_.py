"""Haystack: its store in memory, kept in a file, with its sentence-transformers embedders."""

from pathlib import Path

from peer import NEAREST, Search, main, model_folder


def build(passages: list[dict[str, str]], place: Path) -> None:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    embedder = SentenceTransformersDocumentEmbedder(
        model=model_folder(), device=ComponentDevice.from_str("cpu"), normalize_embeddings=True, progress_bar=False
    )
    embedder.warm_up()
    documents = [Document(id=one["id"], content=one["text"]) for one in passages]
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(str(place))


def open_index(place: Path) -> Search:
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    embedder = SentenceTransformersTextEmbedder(
        model=model_folder(), device=ComponentDevice.from_str("cpu"), normalize_embeddings=True, progress_bar=False
    )
    embedder.warm_up()
    retriever = InMemoryEmbeddingRetriever(InMemoryDocumentStore.load_from_disk(str(place)), top_k=NEAREST)

    def search(question: str) -> list[str]:
        embedding = embedder.run(question)["embedding"]
        return [str(found.content) for found in retriever.run(query_embedding=embedding)["documents"]]

    return search


if __name__ == "__main__":
    main(build, open_index)
