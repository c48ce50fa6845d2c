"""The search as a LangChain retriever."""

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from advisor.core.evidence import Hit
from advisor.retrieval.store import to_document


class PassageRetriever(BaseRetriever):
    """The `k` best passages as documents: the exact words as content; article, section, start, end and score as
    metadata."""

    search: Callable[[str, int], Sequence[Hit]]
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [to_document(hit.passage, hit.score) for hit in self.search(query, self.k)]
