"""Where the time of a turn goes: its parts, each without those that it calls."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from advisor import conversation
from advisor.language import trained
from advisor.language.languages import OtherLanguage
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.search import Searcher
from advisor.retrieval.words import Words

PARTS = (
    (conversation, "_hear", "rules, quotes, wording"),
    (trained, "batch", "reading the message: its tokens, the network"),
    (trained, "senses", "reading the message: its tokens, the network"),
    (MiniLM, "_vectors", "the vector of a question: its tokens, the network"),
    (Searcher, "seek", "comparing it to all vectors, ranking"),
    (Words, "shares", "the words it shares with each piece"),
    (OtherLanguage, "__call__", "telling the language"),
    (conversation, "next_step", "choosing what to ask next"),
    (conversation, "decide", "deciding"),
)
"""Where each part is found, and what is told of it. The first is the turn, in which the others lie."""


class Watch:
    """Counts the parts of turns. Of one thread at a time."""

    def __init__(self) -> None:
        self._turns = 0
        self._own: Counter[str] = Counter()
        self._of_others: list[float] = []

    def parts(self) -> dict[str, float]:
        """Milliseconds of each part in a turn, on average."""
        return {part: self._own[part] / self._turns for _, _, part in PARTS}

    @contextmanager
    def on(self) -> Iterator[None]:
        """With all parts watched."""
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in PARTS]
        for owner, name, part in PARTS:
            setattr(owner, name, self._watched(part, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, act in before:
                setattr(owner, name, act)

    def _watched(self, part: str, act: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(act)
        def watched(*args: Any, **named: Any) -> Any:
            if part == PARTS[0][2]:
                self._turns += 1
            elif not self._of_others:
                return act(*args, **named)  # not in a turn that was typed
            self._of_others.append(0.0)
            started = time.perf_counter()
            try:
                return act(*args, **named)
            finally:
                took = (time.perf_counter() - started) * 1e3
                self._own[part] += took - self._of_others.pop()
                if self._of_others:
                    self._of_others[-1] += took

        return watched
