"""txtai: its embeddings database, with the passages in it."""

from pathlib import Path

from peer import NEAREST, Search, main, model_folder


def build(passages: list[dict[str, str]], place: Path) -> None:
    from txtai import Embeddings

    embeddings = Embeddings(path=model_folder(), content=True, gpu=False)
    embeddings.index((one["id"], one["text"], None) for one in passages)
    embeddings.save(str(place))


def open_index(place: Path) -> Search:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(place))
    return lambda question: [found["text"] for found in embeddings.search(question, NEAREST)]


if __name__ == "__main__":
    main(build, open_index)
