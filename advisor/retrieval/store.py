"""What an index holds, in files: the entries, their vectors, the words they share.

    entries.json    the passages, the pieces of each, and the questions that each piece answers
    vectors.npy     the vector of each entry, in their order
    vectors.onnx    the same rounded, to compare a question's vector to all of them, while they are not too many
    words/          BM25 over the pieces

Each of these is known by its SHA-256, so that any damage is noticed when they are read.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.core.evidence import Article, Passage, Quote, quote
from advisor.files import file_sha256
from advisor.networks.comparing import write_comparison
from advisor.networks.serving import by_onnx
from advisor.once import Once
from advisor.retrieval.embed import cosines
from advisor.retrieval.entries import Entry
from advisor.retrieval.words import Words, count_words, load_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Ints = NDArray[Any]

ENTRIES: Final = "entries.json"
VECTORS: Final = "vectors.npy"
COMPARISON: Final = "vectors.onnx"
MOST_COMPARED: Final = 200_000
"""Entries up to which a question is compared to every one; of more, Chroma's index names the nearest, and words in
common only order these. Measured: evals/benchmarks."""
WORDS: Final = "words"


@dataclass(frozen=True, slots=True)
class Contents:
    """What is searched. An index may hold hundreds of thousands of pieces, so they are kept as numbers.

    `pieces` are (pieces, 3): the number of the passage, and where in its article the piece starts and ends. `vectors`
    are (entries, width), first of the pieces' own words, then of the `questions`; `piece_of` gives for each the number
    of the piece that it stands for.
    """

    passages: Sequence[Passage]
    pieces: "Ints"
    roles: Sequence[str]
    questions: Sequence[str]
    piece_of: "Ints"
    vectors: "Floats"
    words: Words
    compare: Callable[["Floats"], "Floats"]
    """For a question's vector the cosine similarity of every entry's."""

    def passage(self, piece: int) -> Passage:
        """The passage that a piece is of."""
        return self.passages[int(self.pieces[piece, 0])]

    def quote(self, piece: int) -> Quote:
        """The words of a piece, in their place."""
        _, start, end = self.pieces[piece].tolist()
        return quote(self.passage(piece), start, end)

    def texts(self) -> Iterator[str]:
        """What each vector is of."""
        for number, start, end in self.pieces.tolist():
            passage = self.passages[number]
            yield passage.in_context(passage.text[start - passage.start : end - passage.start])
        yield from self.questions


def contents(entries: Sequence[Entry], vectors: "Floats") -> Contents:
    """What is to be searched: entries with their vectors, the words in them counted."""
    import numpy as np

    words = [entry for entry in entries if entry.kind == "words"]
    asked = [entry for entry in entries if entry.kind == "question"]
    passages = {passage: number for number, passage in enumerate(dict.fromkeys(entry.passage for entry in words))}
    rows = {(entry.piece.article, entry.piece.start): row for row, entry in enumerate(words)}
    places = [[passages[entry.passage], entry.piece.start, entry.piece.end] for entry in words]
    piece_of = [*range(len(words)), *(rows[entry.piece.article, entry.piece.start] for entry in asked)]
    texts = [entry.text for entry in (*words, *asked)]
    return Contents(
        tuple(passages),
        np.array(places, dtype=np.int64).reshape(-1, 3),
        tuple(entry.role for entry in words),
        tuple(entry.text for entry in asked),
        np.array(piece_of, dtype=np.int64),
        vectors,
        count_words(_by_piece(texts, piece_of)),
        partial(cosines, vectors),
    )


def write(folder: Path, kept: Contents) -> None:
    """Write all that is kept into `folder`."""
    import numpy as np

    listed = {
        "passages": [[p.article, p.section, p.start, p.end, p.context] for p in kept.passages],
        "pieces": kept.pieces.tolist(),
        "roles": kept.roles,
        "questions": kept.questions,
        "question_of": kept.piece_of[len(kept.pieces) :].tolist(),
    }
    (folder / ENTRIES).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    np.save(folder / VECTORS, kept.vectors)
    if 0 < len(kept.vectors) <= MOST_COMPARED:
        write_comparison(kept.vectors, folder / COMPARISON)
    kept.words.save(folder / WORDS)


def read(folder: Path, articles: Mapping[str, Article]) -> Contents:
    """What was written into `folder`, the words taken from the articles themselves. Vectors are read as needed."""
    import numpy as np

    listed = json.loads((folder / ENTRIES).read_text(encoding="utf-8"))
    pieces = np.array(listed["pieces"], dtype=np.int64).reshape(-1, 3)
    vectors = np.load(folder / VECTORS, mmap_mode="r")
    return Contents(
        tuple(_passage(articles[article], *place) for article, *place in listed["passages"]),
        pieces,
        tuple(listed["roles"]),
        tuple(listed["questions"]),
        np.array([*range(len(pieces)), *listed["question_of"]], dtype=np.int64),
        vectors,
        load_words(folder / WORDS, len(pieces)),
        _load_comparison(folder / COMPARISON) if (folder / COMPARISON).exists() else partial(cosines, vectors),
    )


def _load_comparison(path: Path) -> Callable[["Floats"], "Floats"]:
    run = Once(lambda: by_onnx(path))

    def compare(vector: "Floats") -> "Floats":
        similar: Floats = run()({"vector": vector[None]})[0][0]
        return similar

    return compare


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that `write` has written."""
    written = [folder / ENTRIES, *sorted(folder.glob("vectors.*")), *sorted((folder / WORDS).iterdir())]
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in written}


def _passage(article: Article, section: str, start: int, end: int, context: Sequence[str]) -> Passage:
    return Passage(article.id, article.title, section, start, end, article.text[start:end], tuple(context))


def _by_piece(texts: Sequence[str], piece_of: Sequence[int]) -> list[str]:
    """All words of each piece: its own, its context's, and those of its questions."""
    gathered: dict[int, list[str]] = defaultdict(list)
    for text, piece in zip(texts, piece_of, strict=True):
        gathered[piece].append(text)
    return ["\n".join(gathered[piece]) for piece in range(len(gathered))]
