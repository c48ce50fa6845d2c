"""Trains the search, until questions lie near the words that answer them and far from all others: `make learn-search`.

A question's vector is drawn to that of a piece it is known to answer, against the other pieces of the batch (InfoNCE,
van den Oord et al. 2018, arXiv:1807.03748) and against a threshold that questions without an answer must stay below.
Takes about half an hour on two cores and needs nothing but what is installed.
"""

import argparse
import hashlib
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from advisor.core.stance import subject
from advisor.corpora import bundled_corpus
from advisor.knowledge.missing import MISSING, Unanswered, load_unanswered
from advisor.learning.descent import descend, pace
from advisor.learning.slips import NEIGHBOURS, SLIPS, misspelt
from advisor.networks.packaged import AS_PACKAGED, keep_quiet, packaged_folder
from advisor.networks.weights import save_weights
from advisor.retrieval.embed import (
    SEARCH,
    UNANSWERED_VECTORS,
    VECTORS,
    MiniLM,
    SearchMiniLM,
    key,
)
from advisor.retrieval.entries import Entry, entries
from advisor.retrieval.questions import holds_questions, read_questions
from advisor.retrieval.read import find_files, read_sources
from advisor.retrieval.split import split_source

EPOCHS: Final = 2
BATCH: Final = 48
WINDOW: Final = 8
"""Batches that are drawn together and sorted by length, so that little time goes into padding."""
LAYERS_RATE: Final = 1e-4
HEAD_RATE: Final = 1e-2
WARM_UP: Final = 0.08
WEIGHT_DECAY: Final = 0.01
SHARPNESS: Final = 20.0
"""What cosine similarities are multiplied by to make logits."""
THRESHOLD: Final = 0.35
"""Where the similarity that a question without an answer must stay below starts from; it is learned too."""
MISSING_WEIGHT: Final = 1.0
ALIKE: Final = 0.75
"""Similarity, as packaged, from which two pieces on the same role may both answer a question: neither is wrong."""
MISSPELT: Final = 0.15
LOWER_CASE: Final = 0.15
MOST_TOKENS: Final = 128
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, with the rows of the pieces that answer it, or with what is missing (a place in `MISSING`)."""

    question: str
    pieces: tuple[int, ...]
    missing: int


class SearchNetwork(nn.Module):
    """MiniLM with mean pooling; a threshold; and a layer that tells what a question asks for in vain."""

    def __init__(self) -> None:
        super().__init__()
        keep_quiet()
        folder = str(packaged_folder())
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.encoder = AutoModel.from_pretrained(folder)
        self.encoder.embeddings.requires_grad_(False)
        self.encoder.pooler.requires_grad_(False)
        self.threshold = nn.Parameter(torch.tensor(THRESHOLD))
        self.missing = nn.Linear(self.encoder.config.hidden_size, len(MISSING))

    def forward(self, texts: Sequence[str]) -> Tensor:
        """One vector of unit length a text."""
        encoded = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt"
        )
        hidden = self.encoder(**encoded).last_hidden_state
        mask = encoded["attention_mask"].unsqueeze(-1)
        return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)

    def save(self, path: Path) -> None:
        """Keep what serves: the encoder's layers and what tells of gaps. The threshold serves training alone."""
        aside = (*AS_PACKAGED, "threshold")
        kept = {name: part.numpy() for name, part in self.state_dict().items() if not name.startswith(aside)}
        save_weights(kept, path, {"fingerprint": fingerprint(), "missing": list(MISSING)})


@cache
def bundled_entries() -> tuple[Entry, ...]:
    """The entries of the bundled corpus."""
    files = find_files([bundled_corpus()])
    sources = read_sources([path for path in files if not holds_questions(path)])
    passages = [passage for source in sources for passage in split_source(source).passages]
    answered = read_questions([path for path in files if holds_questions(path)])
    return tuple(entries(passages, answered, [source.article for source in sources]))


def fingerprint() -> str:
    """Tells whether two trainings would start from the same: the corpus, the questions and the recipe."""
    recipe = (
        EPOCHS, BATCH, WINDOW, LAYERS_RATE, HEAD_RATE, WARM_UP, WEIGHT_DECAY, SHARPNESS, THRESHOLD, MISSING_WEIGHT,
        ALIKE, MISSPELT, LOWER_CASE, MOST_TOKENS, SLIPS, NEIGHBOURS, SEED, tuple(MISSING),
    )  # fmt: skip
    shown = [(entry.kind, entry.text, entry.piece.text) for entry in bundled_entries()]
    return hashlib.sha256(repr((recipe, shown, load_unanswered())).encode()).hexdigest()


def learn(
    known: Sequence[Entry], unanswered: Sequence[Unanswered], *, epochs: int = EPOCHS
) -> Iterator[tuple[int, float, SearchNetwork]]:
    """Train a network, yielding it after each epoch with the epoch's number and mean loss."""
    torch.manual_seed(SEED)
    draw = random.Random(SEED)  # noqa: S311  (no secret hangs on it)
    pieces = [entry for entry in known if entry.kind == "words"]
    alike = _alike(pieces)
    lessons = _lessons(known, pieces, unanswered)
    network = SearchNetwork()
    head = [network.threshold, *network.missing.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": LAYERS_RATE},
            {"params": head, "lr": HEAD_RATE, "weight_decay": 0.0},
        ],
        weight_decay=WEIGHT_DECAY,
    )
    steps = epochs * math.ceil(len(lessons) / BATCH)
    schedule = pace(optimiser, steps, WARM_UP)
    for epoch in range(1, epochs + 1):
        losses = (_loss(network, batch, pieces, alike, draw) for batch in _batches(lessons, draw))
        yield epoch, descend(network, losses, optimiser, schedule), network.eval()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make learn-search", description=__doc__)
    parser.parse_args()
    known, unanswered = bundled_entries(), load_unanswered()
    print(f"{len(known)} entries, {len(unanswered)} questions without an answer, {EPOCHS} rounds.", flush=True)
    started = time.monotonic()
    out = Path(str(SEARCH))
    aside = out.with_suffix(".part")
    for epoch, loss, network in learn(known, unanswered):
        network.save(aside)
        print(f"round {epoch} of {EPOCHS}: loss {loss:.3f}, {time.monotonic() - started:.0f} s", flush=True)
    print("now the vectors of all that it knows", flush=True)
    model = SearchMiniLM(weights=aside)
    kept = {aside: out}
    for file, texts in (
        (VECTORS, [entry.text for entry in known]),
        (UNANSWERED_VECTORS, [q.question for q in unanswered]),
    ):
        path = Path(str(file))
        keep_vectors(model, texts, path.with_suffix(".part"))
        kept[path.with_suffix(".part")] = path
    for made, place in kept.items():
        made.replace(place)
    print(f"kept in {', '.join(map(str, kept.values()))}")


def keep_vectors(model: MiniLM, texts: Sequence[str], path: Path) -> None:
    """Keep the vectors of `texts` as `model` makes them, each under the key of its text."""
    unique = list(dict.fromkeys(texts))
    keys = np.array([list(bytes.fromhex(key(text))) for text in unique], dtype=np.uint8)
    save_weights({"keys": keys, "vectors": model.embed(unique)}, path, {"model": model.name})


def _lessons(known: Sequence[Entry], pieces: Sequence[Entry], unanswered: Sequence[Unanswered]) -> list[Lesson]:
    rows = {entry.piece: row for row, entry in enumerate(pieces)}
    answered: dict[str, set[int]] = {}
    for entry in known:
        if entry.kind == "question":
            answered.setdefault(entry.text, set()).add(rows[entry.piece])
    names = list(MISSING)
    return [
        *(Lesson(question, tuple(sorted(found)), 0) for question, found in answered.items()),
        *(Lesson(one.question, (), names.index(one.missing)) for one in unanswered),
    ]


def _batches(lessons: Sequence[Lesson], draw: random.Random) -> Iterator[list[Lesson]]:
    """Every lesson once, in another order each time, questions of like length together."""
    shuffled = draw.sample(lessons, len(lessons))
    windows = [shuffled[start : start + WINDOW * BATCH] for start in range(0, len(shuffled), WINDOW * BATCH)]
    ordered = [lesson for window in windows for lesson in sorted(window, key=lambda one: len(one.question))]
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    yield from draw.sample(batches, len(batches))


def _alike(pieces: Sequence[Entry]) -> Tensor:
    """Which two pieces say much the same of the same roles."""
    vectors = torch.from_numpy(MiniLM().embed([entry.piece.text for entry in pieces]))
    roles = [subject(entry.piece.text, "", entry.passage.context) for entry in pieces]
    same_roles = torch.tensor([[one == other for other in roles] for one in roles])
    return (vectors @ vectors.T > ALIKE) & same_roles


def _loss(
    network: SearchNetwork, lessons: Sequence[Lesson], pieces: Sequence[Entry], alike: Tensor, draw: random.Random
) -> Tensor:
    shown = sorted({draw.choice(lesson.pieces) for lesson in lessons if lesson.pieces})
    questions = network([_disturbed(lesson.question, draw) for lesson in lessons])
    answers = network([pieces[row].text for row in shown])
    logits = SHARPNESS * torch.cat([questions @ answers.T, network.threshold.expand(len(lessons), 1)], 1)
    right = torch.tensor([[row in lesson.pieces for row in shown] + [not lesson.pieces] for lesson in lessons])
    doubtful = torch.stack([_any_alike(lesson, shown, alike) for lesson in lessons]) & ~right
    logits = logits.masked_fill(doubtful, -1e4)
    found = torch.logsumexp(logits.masked_fill(~right, -1e4), 1) - torch.logsumexp(logits, 1)
    missing = torch.tensor([lesson.missing for lesson in lessons])
    named = functional.cross_entropy(network.missing(questions), missing)
    return -found.mean() + MISSING_WEIGHT * named


def _any_alike(lesson: Lesson, shown: Sequence[int], alike: Tensor) -> Tensor:
    """For each piece shown, and for the threshold, whether it says much the same as one that is right."""
    if not lesson.pieces:
        return torch.zeros(len(shown) + 1, dtype=torch.bool)
    return functional.pad(alike[list(lesson.pieces)][:, list(shown)].any(0), (0, 1))


def _disturbed(question: str, draw: random.Random) -> str:
    question = question.lower() if draw.random() < LOWER_CASE else question
    return misspelt(question, draw)[0] if draw.random() < MISSPELT else question


if __name__ == "__main__":
    main()
