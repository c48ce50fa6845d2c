"""Words in common: BM25 (bm25s, Lucene's variant, stemmed) over each piece's own words, its context and questions."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


class Words:
    """Compares questions to pieces by the words that both use. Safe to share between threads."""

    def __init__(self, index: Callable[[], Any], pieces: int) -> None:
        self._index = index
        self._pieces = pieces

    def shares(self, question: str) -> "Floats":
        """The score of each piece as a share of the best one's, 0 to 1; all 0 where no word is shared."""
        import numpy as np

        index = self._index()
        known = [term for term in _terms([question])[0] if index and term in index.vocab_dict]
        scores = np.asarray(index.get_scores(known), dtype=float) if known else np.zeros(self._pieces)
        return scores / scores.max() if scores.any() else scores

    def save(self, folder: Path) -> None:
        """Keep the index in a folder. Nothing is kept where no text holds a word worth counting."""
        folder.mkdir()
        index = self._index()
        if index:
            index.save(folder, show_progress=False)


def count_words(pieces: Sequence[str]) -> Words:
    """Index the texts of pieces, when they are first compared to something."""

    def count() -> Any:
        import bm25s

        terms = _terms(pieces)
        index = bm25s.BM25() if any(terms) else None
        if index:
            index.index(terms, show_progress=False)
        return index

    return Words(Once(count), len(pieces))


def load_words(folder: Path, pieces: int) -> Words:
    """What `Words.save` has kept, to be read when something is first compared to it."""

    def load() -> Any:
        import bm25s

        return bm25s.BM25.load(folder) if any(folder.iterdir()) else None

    return Words(Once(load), pieces)


def _terms(texts: Sequence[str]) -> list[list[str]]:
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")  # not to be shared between threads
    return list(bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False))
