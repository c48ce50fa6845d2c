"""Search over the pieces of passages: nearness in meaning and words in common, fused.

A piece is as near as its own words in their context and the questions that it is known to answer; the score is the
convex combination of that and its share of the best BM25 score (Bruch et al. 2023, arXiv:2210.11934).
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from advisor.core.abstention import Sought
from advisor.core.answers import CLOSE_TO_BEST
from advisor.core.evidence import Candidate, Hit
from advisor.core.stance import roles_named, subject
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.entries import Entry
from advisor.text import bare_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Nearest = Callable[[Floats], tuple[NDArray[Any], Floats]]
    """For a question's vector, the rows of the entries that lie near, and their cosine similarities."""

OTHER_ROLE: Final = CLOSE_TO_BEST + 0.02
"""What a piece loses whose labels say that it is of one role, where the question names the other: meaning hardly hears
the label of a table's column. More than lets the same words in the other column stand beside it in an answer."""
MOST_CANDIDATES: Final = 200
"""More than any answer looks at, and few enough to cost nothing."""
WORDS_WEIGHT: Final = 0.15
"""The part of the score that words in common make up beside a model trained further; chosen on development data."""


def compare_all(vectors: "Floats") -> "Nearest":
    """Compares a question's vector to every row of `vectors`, all of unit length."""
    import numpy as np

    rows = np.arange(len(vectors))
    return lambda vector: (rows, vectors @ vector)


class Searcher:
    """Finds the pieces that answer a question. Safe to share between threads."""

    def __init__(
        self,
        entries: Sequence[Entry],
        model: MiniLM,
        nearest: "Nearest",
        *,
        knows_gaps: bool,
        words_weight: float = WORDS_WEIGHT,
    ) -> None:
        import numpy as np

        self._pieces = [entry for entry in entries if entry.kind == "words"]
        rows = {(entry.piece.article, entry.piece.start): row for row, entry in enumerate(self._pieces)}
        self._piece_of = np.array([rows[entry.piece.article, entry.piece.start] for entry in entries], dtype=int)
        self._model = model
        self._nearest = nearest
        self._knows_gaps = knows_gaps
        self._words_weight = words_weight
        self._words = _Words(entries, self._piece_of)
        self._questions = [(row, entry.text) for row, entry in enumerate(entries) if entry.kind == "question"]
        self._labelled = np.array([_role_of_labels(entry) for entry in self._pieces])

    def seek(self, question: str, most: int = MOST_CANDIDATES) -> Sought:
        """The pieces that lie near a question, the best first, and what may be missing. Nothing for a blank one."""
        if not question.strip() or not self._pieces:
            return Sought()
        vector = self._model.embed_query(question)
        scores = self._scores(question, vector)
        candidates = tuple(self._candidate(piece, scores) for piece in scores.order[:most])
        if not self._knows_gaps:
            return Sought(candidates, known=scores.known)
        return Sought(candidates, self._model.missing(vector), self._model.unanswered(vector), scores.known)

    @cached_property
    def _known(self) -> Mapping[str, Sequence[int]]:
        """The pieces that are known to answer each question, by the question's bare words."""
        known: dict[str, list[int]] = defaultdict(list)
        for row, question in self._questions:
            known[bare_words(question)].append(int(self._piece_of[row]))
        return known

    def passages(self, question: str, k: int) -> list[Hit]:
        """The `k` best passages, each with the score of its best piece; of those that say the same, the first."""
        if not question.strip() or not self._pieces or k < 1:
            return []
        scores = self._scores(question, self._model.embed_query(question))
        best: dict[str, Hit] = {}
        for piece in scores.order:
            passage = self._pieces[piece].passage
            best.setdefault(passage.contextual_text.casefold(), Hit(passage, float(scores.score[piece])))
            if len(best) == k:
                break
        return list(best.values())

    def _scores(self, question: str, vector: Sequence[float]) -> "_Scores":
        import numpy as np

        rows, similarities = self._nearest(np.asarray(vector, dtype=np.float32))
        of_words = rows < len(self._pieces)
        meaning = self._most(rows[of_words], similarities[of_words])
        asked = self._most(rows[~of_words], similarities[~of_words])
        meaning = np.where(np.isnan(meaning), asked, meaning)
        asked = np.where(np.isnan(asked), meaning, asked)
        words = self._words.shares(question)
        score = (1 - self._words_weight) * (meaning + asked) / 2 + self._words_weight * words
        named = roles_named(question)
        if len(named) == 1:
            score = score - OTHER_ROLE * ((self._labelled != "") & (self._labelled != next(iter(named))))
        found = np.flatnonzero(~np.isnan(score))
        known = np.isin(found, self._known.get(bare_words(question), []))
        score[found[known]] = score[found].max(initial=0.0)  # nothing may push aside what is known to answer it
        order = found[np.lexsort((-score[found].round(6), ~known))]
        return _Scores(meaning, asked, words, score, [int(piece) for piece in order], int(known.sum()))

    def _most(self, rows: "NDArray[Any]", similarities: "Floats") -> "Floats":
        """For each piece the greatest of the similarities of its rows, or NaN where it has none."""
        import numpy as np

        most = np.full(len(self._pieces), -np.inf)
        np.maximum.at(most, self._piece_of[rows], similarities)
        return np.where(np.isinf(most), np.nan, most)

    def _candidate(self, piece: int, scores: "_Scores") -> Candidate:
        entry = self._pieces[piece]
        return Candidate(
            entry.piece,
            entry.passage,
            meaning=float(scores.meaning[piece]),
            asked=float(scores.asked[piece]),
            words=float(scores.words[piece]),
            score=float(scores.score[piece]),
        )


def _role_of_labels(entry: Entry) -> str:
    """The one role that a piece is said to be of by its labels alone, or an empty text."""
    roles = frozenset() if roles_named(entry.passage.text) else subject("", "", entry.passage.context)
    return next(iter(roles)) if len(roles) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Scores:
    """By piece what a candidate tells of itself (NaN where a piece was not compared); the pieces, best first; and how
    many of them, the first ones, are known to answer the very question.

    Where only a question near a piece was compared, and not its own words, `meaning` is that question's similarity.
    """

    meaning: "Floats"
    asked: "Floats"
    words: "Floats"
    score: "Floats"
    order: Sequence[int]
    known: int


class _Words:
    """BM25 (bm25s, Lucene's variant, stemmed) over each piece's own words, its context and its questions."""

    def __init__(self, entries: Sequence[Entry], piece_of: "NDArray[Any]") -> None:
        self._texts = [entry.text for entry in entries if entry.kind == "words"]
        for row, entry in enumerate(entries):
            if entry.kind == "question":
                self._texts[piece_of[row]] += f"\n{entry.text}"
        self._building = threading.Lock()
        self._built: Any = None

    def shares(self, question: str) -> "Floats":
        """The score of each piece as a share of the best one's, 0 to 1."""
        import numpy as np

        index = self._index()
        known = [term for term in self._terms([question])[0] if index and term in index.vocab_dict]
        scores = np.asarray(index.get_scores(known), dtype=float) if known else np.zeros(len(self._texts))
        return scores / scores.max() if scores.any() else scores

    def _index(self) -> Any:
        """The index, built at the first question, or None where no text holds a word worth counting."""
        import bm25s

        with self._building:
            if self._built is None:
                terms = self._terms(self._texts)
                self._built = bm25s.BM25() if any(terms) else False
                if self._built:
                    self._built.index(terms, show_progress=False)
            return self._built or None

    def _terms(self, texts: Sequence[str]) -> list[list[str]]:
        import bm25s
        import Stemmer

        stemmer = Stemmer.Stemmer("english")
        return list(bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False))
