"""The search as a LangChain retriever, and the model as LangChain's embeddings."""

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from advisor.core.evidence import Hit
from advisor.retrieval.embed import MiniLM


class PassageRetriever(BaseRetriever):
    """The `k` best passages as documents: the exact words as content; article, section, start, end and score as
    metadata."""

    search: Callable[[str, int], Sequence[Hit]]
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [to_document(hit) for hit in self.search(query, self.k)]


class MiniLMEmbeddings(Embeddings):
    """A `MiniLM` for anything of LangChain's that embeds."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self._model.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self._model.embed_query(text)]


def to_document(hit: Hit) -> Document:
    """A passage as a LangChain document: the exact words as content, their place and score as metadata."""
    passage = hit.passage
    place = {
        "article": passage.article,
        "title": passage.title,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "context": "\n".join(passage.context),
    }
    return Document(page_content=passage.text, metadata={**place, "score": hit.score})
