"""The plain pipeline that everybody builds first, to measure the search beside it: chunks of 1,000 characters,
MiniLM as packaged, Chroma, the nearest four."""

import uuid
from collections.abc import Callable, Sequence
from typing import Final

from advisor.core.evidence import Article, Hit, Passage
from advisor.retrieval.embed import MiniLM

CHUNK: Final = 1_000
OVERLAP: Final = 200
NEAREST: Final = 4


def plain_search(articles: Sequence[Article], model: MiniLM) -> Callable[[str], list[Hit]]:
    """A search over `articles` as LangChain's documentation shows it, with `model` as packaged."""
    import chromadb
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from advisor.retrieval.langchain import MiniLMEmbeddings

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    documents = splitter.split_documents(
        [Document(page_content=article.text, metadata={"article": article.id}) for article in articles]
    )
    titles = {article.id: article.title for article in articles}
    store = Chroma.from_documents(
        documents,
        MiniLMEmbeddings(model),
        collection_name=uuid.uuid4().hex,  # all clients in memory share one database
        client=chromadb.EphemeralClient(),
        collection_configuration={"hnsw": {"space": "cosine"}},
    )

    def search(question: str) -> list[Hit]:
        found = store.similarity_search_with_score(question, k=NEAREST)
        return [Hit(_passage(document, titles), 1 - distance) for document, distance in found]

    def _passage(document: Document, titles: dict[str, str]) -> Passage:
        article, start = str(document.metadata["article"]), int(document.metadata["start_index"])
        text = document.page_content
        return Passage(article, titles[article], "", start, start + len(text), text)

    return search
