"""The advisor's turns: how long they take, beside the least that they could take, and how many fit into a second.

    python ours.py turns WORK
    python ours.py ingest WORK

The index is in WORK/home, of the documents in WORK/documents.
"""

import itertools
import json
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from measure import memory_mb, milliseconds, spread
from parts import Watch
from texts import conversations, questions

from advisor import Advisor
from advisor.api import Conversation, ingest
from advisor.language.trained import Reader, batch
from advisor.networks.packaged import Tokens, padded, word_vectors
from advisor.networks.serving import by_onnx, serve
from advisor.retrieval import store
from advisor.retrieval.chroma import ChromaIndex
from advisor.retrieval.embed import SearchMiniLM
from advisor.retrieval.index import CHROMA
from advisor.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

HELD = 60
"""Conversations that are held."""
EMBEDDED = 5000
"""Texts that are embedded to compare how fast."""
ASKED = 300
"""Questions that are asked."""
MOST_TURNS = 40
WORKERS = 2


def main() -> None:
    command, work = sys.argv[1], Path(sys.argv[2])
    settings = Settings(work / "home", (work / "documents",))
    print(json.dumps({"turns": turns, "ingest": ingesting}[command](settings)))


def turns(settings: Settings) -> dict[str, Any]:
    """Times of a turn by kind, in milliseconds, and of the least that it could take; memory in MB; turns a second."""
    advisor = Advisor.open(settings)
    advisor.ask("Which role is on call?")
    floor = Floor(settings)
    asked, least_asked = [], []
    for question in questions(ASKED):
        asked.append(milliseconds(partial(advisor.ask, question)))
        least_asked.append(milliseconds(partial(floor.question, question)))
    not_remembered = questions(ASKED + 200)[ASKED:]
    searched = [milliseconds(partial(advisor.search, question, 4)) for question in not_remembered]
    typed: list[float] = []
    clicked: list[float] = []
    least_typed = []
    for case in conversations()[:HELD]:
        for message, took in hold(advisor.start(), case):
            (typed if message else clicked).append(took)
            if message:
                least_typed.append(milliseconds(partial(floor.message, message)))
    return {
        "passages": len(advisor.search("models", k=10**6)),
        "a question": spread(asked),
        "a question, at least": spread(least_asked),
        "what is typed": spread(typed),
        "what is typed, at least": spread(least_typed),
        "a click": spread(clicked),
        "search": spread(searched),
        "memory_mb": memory_mb(),
        "turns a second": throughput(advisor, WORKERS),
        "turns a second, one at a time": throughput(advisor, 1),
        "parts": profile(advisor),
    }


def profile(advisor: Advisor) -> dict[str, dict[str, float]]:
    """Milliseconds of each part of a turn, on average: of what is typed in conversations, and of questions alone."""
    typed, asked = Watch(), Watch()
    with typed.on():
        for case in conversations()[3 * HELD :]:
            hold(advisor.start(), case)
    with asked.on():
        for question in questions(ASKED):
            advisor.ask(f"Tell me, {question}")  # not one that was asked before, whose vector is remembered
    return {"what is typed": typed.parts(), "a question": asked.parts()}


def hold(conversation: Conversation, case: dict[str, Any]) -> list[tuple[str, float]]:
    """Hold a conversation, every other answer typed, the rest clicked; what was typed at each turn, or nothing, and how
    many milliseconds it took."""
    reply = conversation.greet()
    taken = []
    for row in range(MOST_TURNS):
        factor = reply.question.factor if reply.question else ""
        said = case["answers"].get(factor, "") if row % 2 else ""
        value = case["facts"].get(factor, "not_sure")
        started = time.perf_counter()
        if row == 0:
            said = case["opening"]
        reply = conversation.send(said) if said else conversation.choose(factor, value)
        taken.append((said, (time.perf_counter() - started) * 1e3))
        if reply.question is None:
            break
    return taken


class Floor:
    """The least that a turn takes: its tokens, the networks' forward passes, and the comparison to all vectors."""

    def __init__(self, settings: Settings) -> None:
        self._tokens, self._pairs = Tokens(), Tokens(cut="only_second")
        self._read = serve(Reader(settings.networks).network(), settings.networks)
        self._embed = serve(SearchMiniLM(settings.networks).network(), settings.networks)
        self._nearest = nearest(generation(settings))

    def message(self, message: str) -> None:
        """Read a message."""
        read = batch(self._pairs, [(message, None)])
        words = word_vectors()[read.ids]
        self._read({"words": words, "mask": read.mask, "types": read.types, "message": read.message})

    def question(self, question: str) -> None:
        """Read a question, and find what is nearest."""
        self.message(question)
        ids, mask = padded(self._tokens([question]))
        (vectors,) = self._embed({"words": word_vectors()[ids], "mask": mask})
        self._nearest(vectors[0])


def nearest(folder: Path) -> "Callable[[NDArray[Any]], object]":
    """How the index finds what is nearest to a vector: by comparing it to all, or by Chroma where they are many."""
    if not (folder / store.COMPARISON).exists():
        index = ChromaIndex(folder / CHROMA)
        return lambda vector: index.nearest(vector, 4)
    compare = by_onnx(folder / store.COMPARISON)
    return lambda vector: np.argpartition(compare({"vector": vector[None]})[0][0], -4)


def throughput(advisor: Advisor, workers: int) -> float:
    """Turns a second of conversations that are held side by side, typed, clicked and asked."""
    cases = conversations()[HELD : 3 * HELD]
    asked = itertools.cycle(questions(654)[ASKED:])
    done: list[int] = []

    def work(mine: Sequence[dict[str, Any]]) -> None:
        for case in mine:
            conversation = advisor.start()
            done.append(len(hold(conversation, case)) + 1)
            conversation.send(next(asked))

    threads = [threading.Thread(target=work, args=(cases[row::workers],)) for row in range(workers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - started)


def ingesting(settings: Settings) -> dict[str, Any]:
    """Seconds to index documents and to do so again; texts embedded a second, beside what the model does alone."""
    shutil.rmtree(settings.home / "index", ignore_errors=True)
    model = SearchMiniLM(settings.networks)
    model.load()
    first = milliseconds(lambda: ingest(settings, settings.corpus)) / 1e3
    again = [milliseconds(lambda: ingest(settings, settings.corpus)) / 1e3 for _ in range(3)]
    texts = _texts(settings)[:EMBEDDED]
    embedding = milliseconds(lambda: model.embed(texts)) / 1e3
    alone = milliseconds(lambda: _alone(settings, texts)) / 1e3
    return {
        "seconds": first,
        "seconds again": sorted(again)[1],
        "texts": len(texts),
        "texts a second": len(texts) / embedding,
        "texts a second, the model alone": len(texts) / alone,
    }


def _texts(settings: Settings) -> list[str]:
    articles = {one.id: one for one in Advisor.open(settings).articles}
    return list(store.read(generation(settings), articles).texts())


def generation(settings: Settings) -> Path:
    """The folder of the index that is served."""
    (current,) = (settings.home / "index").glob("*/CURRENT")
    return current.parent / current.read_text()


def _alone(settings: Settings, texts: Sequence[str], at_once: int = 32) -> None:
    """The model by itself: texts in the order of their lengths, so many at once."""
    run = serve(SearchMiniLM(settings.networks).network(), settings.networks)
    encoded = sorted(Tokens()(texts), key=len)
    for start in range(0, len(encoded), at_once):
        ids, mask = padded(encoded[start : start + at_once])
        run({"words": word_vectors()[ids], "mask": mask})


if __name__ == "__main__":
    main()
