"""LlamaIndex: a VectorStoreIndex, kept in its storage context."""

from pathlib import Path

from peer import NEAREST, Search, main, model_folder


def model():  # type: ignore[no-untyped-def]
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=model_folder(), device="cpu", embed_batch_size=32)


def build(passages: list[dict[str, str]], place: Path) -> None:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    nodes = [TextNode(id_=one["id"], text=one["text"]) for one in passages]
    VectorStoreIndex(nodes, embed_model=model()).storage_context.persist(str(place))


def open_index(place: Path) -> Search:
    from llama_index.core import StorageContext, load_index_from_storage

    context = StorageContext.from_defaults(persist_dir=str(place))
    retriever = load_index_from_storage(context, embed_model=model()).as_retriever(similarity_top_k=NEAREST)
    return lambda question: [found.node.get_content() for found in retriever.retrieve(question)]


if __name__ == "__main__":
    main(build, open_index)
