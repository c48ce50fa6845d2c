"""LangChain with Chroma and sentence-transformers, as their documentation shows it."""

from pathlib import Path

from peer import NEAREST, Search, main, model_folder


def store(place: Path):  # type: ignore[no-untyped-def]
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    class MiniLM(Embeddings):
        def __init__(self) -> None:
            self.model = SentenceTransformer(model_folder(), device="cpu")

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self.model.encode(texts, normalize_embeddings=True).tolist()

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return Chroma("passages", MiniLM(), persist_directory=str(place))


def build(passages: list[dict[str, str]], place: Path) -> None:
    chroma = store(place)
    for start in range(0, len(passages), 5000):
        batch = passages[start : start + 5000]
        chroma.add_texts([one["text"] for one in batch], ids=[one["id"] for one in batch])


def open_index(place: Path) -> Search:
    chroma = store(place)
    return lambda question: [found.page_content for found in chroma.similarity_search(question, k=NEAREST)]


if __name__ == "__main__":
    main(build, open_index)
