"""Search over the pieces of passages: nearness in meaning and words in common, fused.

A piece is as near as its own words in their context and the questions that it is known to answer; the score is the
convex combination of that and its share of the best BM25 score (Bruch et al. 2023, arXiv:2210.11934).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from advisor.core.abstention import Sought
from advisor.core.answers import CLOSE_TO_BEST
from advisor.core.evidence import Candidate, Hit
from advisor.core.stance import roles_named
from advisor.once import Once
from advisor.retrieval.embed import MiniLM, cosines
from advisor.retrieval.store import Contents
from advisor.text import bare_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Nearest = Callable[[Floats], NDArray[Any] | None]
    """For a question's vector, the rows of the entries that lie near; None where it is to be compared to all."""

OTHER_ROLE: Final = CLOSE_TO_BEST + 0.02
"""What a piece loses whose labels say that it is of one role, where the question names the other: meaning hardly hears
the label of a table's column. More than lets the same words in the other column stand beside it in an answer."""
MOST_CANDIDATES: Final = 200
"""More than any answer looks at, and few enough to cost nothing."""
QUOTES_AT_HAND: Final = 10_000
WORDS_WEIGHT: Final = 0.15
"""The part of the score that words in common make up beside a model trained further; chosen on development data."""


class Searcher:
    """Finds the pieces that answer a question. Safe to share between threads."""

    def __init__(
        self,
        contents: Contents,
        model: MiniLM,
        nearest: "Nearest" = lambda vector: None,
        *,
        knows_gaps: bool = False,
        words_weight: float = WORDS_WEIGHT,
    ) -> None:
        import numpy as np

        self._contents = contents
        self._model = model
        self._nearest = nearest
        self._knows_gaps = knows_gaps
        self._words_weight = words_weight
        self._roles = np.array(contents.roles)
        self._known = Once(self._known_questions)
        self._quote = lru_cache(maxsize=QUOTES_AT_HAND)(contents.quote)

    def load(self) -> None:
        """Read all that is compared to a question, so that none waits for it."""
        self._scores("Hello.", self._model.embed_query("Hello."))

    def seek(self, question: str, most: int = MOST_CANDIDATES) -> Sought:
        """The pieces that lie near a question, the best first, and what may be missing. Nothing for a blank one."""
        if not question.strip() or not len(self._contents.pieces):
            return Sought()
        vector = self._model.embed_query(question)
        scores = self._scores(question, vector)
        candidates = tuple(self._candidate(piece, scores) for piece in scores.best(most))
        if not self._knows_gaps:
            return Sought(candidates, known=len(scores.known))
        return Sought(candidates, self._model.missing(vector), self._model.unanswered(vector), len(scores.known))

    def passages(self, question: str, k: int) -> list[Hit]:
        """The `k` best passages, each with the score of its best piece; of those that say the same, the first."""
        if not question.strip() or not len(self._contents.pieces) or k < 1:
            return []
        scores = self._scores(question, self._model.embed_query(question))
        best: dict[str, Hit] = {}
        for piece in scores.in_order():
            passage = self._contents.passage(piece)
            best.setdefault(passage.contextual_text.casefold(), Hit(passage, float(scores.score[piece])))
            if len(best) == k:
                break
        return list(best.values())

    def _known_questions(self) -> Mapping[str, Sequence[int]]:
        """The pieces that are known to answer each question, by the question's bare words."""
        known: dict[str, list[int]] = defaultdict(list)
        asked_of = self._contents.piece_of[len(self._contents.pieces) :].tolist()
        for question, piece in zip(self._contents.questions, asked_of, strict=True):
            known[bare_words(question)].append(piece)
        return known

    def _scores(self, question: str, vector: "Floats") -> "_Scores":
        import numpy as np

        meaning, asked = self._similarities(vector)
        meaning = np.where(np.isnan(meaning), asked, meaning)
        asked = np.where(np.isnan(asked), meaning, asked)
        words = self._contents.words.shares(question)
        score = (1 - self._words_weight) * (meaning + asked) / 2 + self._words_weight * words
        named = roles_named(question)
        if len(named) == 1:
            score -= OTHER_ROLE * ((self._roles != "") & (self._roles != next(iter(named))))
        known = [piece for piece in self._known().get(bare_words(question), ()) if not np.isnan(score[piece])]
        if known:
            score[known] = np.nanmax(score)  # nothing may push aside what is known to answer it
        return _Scores(meaning, asked, words, score, frozenset(known))

    def _similarities(self, vector: "Floats") -> "tuple[Floats, Floats]":
        """For each piece the cosine similarity of its own words, and the greatest of those of its questions; NaN where
        none was compared."""
        import numpy as np

        pieces, of_entries = len(self._contents.pieces), self._contents.piece_of
        meaning, asked = np.full(pieces, np.nan, np.float32), np.full(pieces, -np.inf, np.float32)
        rows = self._nearest(vector)
        if rows is None:
            similar = self._contents.compare(vector)
            meaning[:] = similar[:pieces]
            np.maximum.at(asked, of_entries[pieces:], similar[pieces:])
        else:
            similar = cosines(self._contents.vectors[rows], vector)
            own = rows < pieces
            meaning[rows[own]] = similar[own]
            np.maximum.at(asked, of_entries[rows[~own]], similar[~own])
        asked[np.isinf(asked)] = np.nan
        return meaning, asked

    def _candidate(self, piece: int, scores: "_Scores") -> Candidate:
        return Candidate(
            self._quote(piece),
            self._contents.passage(piece),
            meaning=float(scores.meaning[piece]),
            asked=float(scores.asked[piece]),
            words=float(scores.words[piece]),
            score=float(scores.score[piece]),
        )


@dataclass(frozen=True, slots=True)
class _Scores:
    """By piece what a candidate tells of itself (NaN where a piece was not compared), and the pieces that are known to
    answer the very question.

    Where only a question near a piece was compared, and not its own words, `meaning` is that question's similarity.
    """

    meaning: "Floats"
    asked: "Floats"
    words: "Floats"
    score: "Floats"
    known: frozenset[int]

    def best(self, most: int) -> list[int]:
        """The `most` best pieces, those that are known first; of equally good ones the earlier first."""
        import numpy as np

        found = np.flatnonzero(~np.isnan(self.score))
        rounded = self.score[found].round(6)
        if most < len(found):
            least = np.partition(rounded, -most)[-most]
            near = rounded >= least
            found, rounded = found[near], rounded[near]
        unknown = ~np.isin(found, list(self.known))
        return [int(piece) for piece in found[np.lexsort((-rounded, unknown))][:most]]

    def in_order(self) -> Iterator[int]:
        """All pieces, the best first. The first few are sorted out by themselves: seldom is more looked at."""
        first = self.best(MOST_CANDIDATES)
        yield from first
        if len(first) == MOST_CANDIDATES:
            yield from self.best(len(self.score))[MOST_CANDIDATES:]
