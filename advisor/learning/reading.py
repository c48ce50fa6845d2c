"""Trains the network that reads messages, from the examples in `knowledge/examples`: `make learn`.

Takes more than an hour on two cores and needs nothing but what is installed. The same examples, on the same machine,
give the same network.
"""

import argparse
import hashlib
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from advisor.core.facts import FACTORS
from advisor.knowledge import load_knowledge
from advisor.knowledge.examples import INTENTS, Example, read_examples
from advisor.language.network import DROPOUT, Batch, Network, save_network
from advisor.language.trained import CLASSES, FILE, NO_QUESTION, OUTPUTS
from advisor.learning.descent import descend, pace
from advisor.learning.slips import NEIGHBOURS, SLIPS, misspelt
from advisor.networks.packaged import MOST_TOKENS

EXAMPLES: Final = files("advisor.knowledge").joinpath("examples")
EPOCHS: Final = 5
BATCH: Final = 32
LAYERS_RATE: Final = 3e-4
HEADS_RATE: Final = 2e-3
WARM_UP: Final = 0.06
WEIGHT_DECAY: Final = 0.01
LABEL_SMOOTHING: Final = 0.02
INTENTS_WEIGHT: Final = 6.5
PLACES_WEIGHT: Final = 0.15
JOINED_PART: Final = 0.2
"""For every example, how many messages made of several of them are shown besides."""
MISSPELT: Final = 0.15
LOWER_CASE: Final = 0.15
MOST_JOINED: Final = 4
LONGEST_TO_JOIN: Final = 300
"""Characters from which nothing more is joined to a message."""
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from. `facts` are (factor, value, start, end); of the factors in `unsettled` nothing is
    said here, neither that they are stated nor that they are not. `intents` is None where they were not noted."""

    text: str
    question: str | None
    facts: tuple[tuple[str, str, int, int], ...]
    unsettled: frozenset[str]
    intents: tuple[str, ...] | None

    @property
    def noted(self) -> bool:
        """Whether anyone noted what it states."""
        return self.unsettled != FACTORS.keys()


def load_examples() -> tuple[Example, ...]:
    """All examples that travel with the package, in a fixed order. Raises `RowsError`."""
    paths = sorted((path for path in EXAMPLES.iterdir() if path.name.endswith(".jsonl")), key=lambda path: path.name)
    return tuple(example for path in paths for example in read_examples(path))


def fingerprint() -> str:
    """Tells whether two trainings would start from the same: the examples, the questions and the recipe."""
    recipe = (
        EPOCHS, BATCH, LAYERS_RATE, HEADS_RATE, WARM_UP, WEIGHT_DECAY, LABEL_SMOOTHING,
        INTENTS_WEIGHT, PLACES_WEIGHT, JOINED_PART, MISSPELT, LOWER_CASE, SLIPS, MOST_JOINED, LONGEST_TO_JOIN, SEED,
        NO_QUESTION, MOST_TOKENS, DROPOUT, NEIGHBOURS,
    )  # fmt: skip
    content = repr((recipe, OUTPUTS, sorted(_questions().items()), load_examples()))
    return hashlib.sha256(content.encode()).hexdigest()


def learn(examples: Sequence[Example], *, epochs: int = EPOCHS) -> Iterator[tuple[int, float, Network]]:
    """Train a network, yielding it after each epoch with the epoch's number and mean loss."""
    torch.manual_seed(SEED)
    draw = random.Random(SEED)  # noqa: S311  (no secret hangs on it)
    lessons = [_lesson(example) for example in examples]
    network = Network()
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": LAYERS_RATE},
            {"params": [p for part in _heads(network) for p in part.parameters()], "lr": HEADS_RATE},
        ],
        weight_decay=WEIGHT_DECAY,
    )
    shown = len(lessons) + int(JOINED_PART * len(lessons))
    steps = epochs * math.ceil(shown / BATCH)
    schedule = pace(optimiser, steps, WARM_UP)
    for epoch in range(1, epochs + 1):
        losses = (_loss(network, batch) for batch in _batches(lessons, draw))
        yield epoch, descend(network, losses, optimiser, schedule), network


def calibrate(network: Network, examples: Sequence[Example]) -> float:
    """Set and return the temperature at which the probabilities fit `examples`, by which nothing was trained."""
    network.eval()
    logits: list[list[Tensor]] = [[] for _ in FACTORS]
    targets: list[list[Tensor]] = [[] for _ in FACTORS]
    for start in range(0, len(examples), BATCH):
        lessons = [_lesson(example) for example in examples[start : start + BATCH]]
        with torch.inference_mode():
            _, found, _ = network(network.batch([(lesson.text, lesson.question) for lesson in lessons]))
        wanted, settled = _targets(lessons)
        for place in range(len(FACTORS)):
            logits[place].append(found[place][settled[:, place]])
            targets[place].append(wanted[settled[:, place], place])

    def surprise(temperature: float) -> float:
        return sum(
            functional.cross_entropy(torch.cat(found) / temperature, torch.cat(wanted), reduction="sum").item()
            for found, wanted in zip(logits, targets, strict=True)
        )

    best = min((0.5 + step / 20 for step in range(60)), key=surprise)
    network.temperature.fill_(best)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(prog="make learn", description=__doc__)
    parser.add_argument("--development", type=Path, required=True, help="examples to set the temperature by")
    parser.add_argument("--out", type=Path, default=Path(str(FILE)), help="where the network is kept")
    options = parser.parse_args()
    examples, development = load_examples(), read_examples(options.development)
    print(f"{len(examples)} examples, {EPOCHS} rounds; this takes a while.", flush=True)
    started = time.monotonic()
    aside = options.out.with_suffix(".part")
    about = {"fingerprint": fingerprint(), "examples": len(examples)}
    for epoch, loss, network in learn(examples):
        temperature = calibrate(network, development)
        save_network(network, aside, about)
        print(
            f"round {epoch} of {EPOCHS}: loss {loss:.3f}, temperature {temperature:.2f}, "
            f"{time.monotonic() - started:.0f} s",
            flush=True,
        )
    aside.replace(options.out)
    print(f"kept in {options.out}")


@cache
def _questions() -> dict[str, str]:
    return load_knowledge().question_texts


def _lesson(example: Example) -> Lesson:
    places = [(fact, example.text.index(fact.said)) for fact in example.facts]
    facts = tuple((fact.factor, fact.value, start, start + len(fact.said)) for fact, start in places)
    question = _questions()[example.asked] if example.asked else None
    return Lesson(example.text, question, facts, frozenset(example.may), example.intents or None)


def _heads(network: Network) -> Sequence[torch.nn.Module]:
    return (network.attention, network.heads, network.intents)


def _batches(lessons: Sequence[Lesson], draw: random.Random) -> Iterator[list[Lesson]]:
    """Every lesson once, some misspelt, and some joined to longer messages; like lengths together."""
    openings = [lesson for lesson in lessons if lesson.question is None and lesson.noted]
    joined = [_join(openings, draw) for _ in range(int(JOINED_PART * len(lessons)))]
    shown = sorted(
        (_disturbed(_interrupting(lesson, draw), draw) for lesson in (*lessons, *joined)),
        key=lambda one: len(one.text) + 30 * draw.random(),
    )
    batches = [shown[start : start + BATCH] for start in range(0, len(shown), BATCH)]
    draw.shuffle(batches)
    yield from batches


def _join(lessons: Sequence[Lesson], draw: random.Random) -> Lesson:
    """A message made of up to `MOST_JOINED` others that speak of different factors."""
    joined = draw.choice(lessons)
    for _ in range(draw.randint(1, MOST_JOINED - 1)):
        joined = _with(joined, draw.choice(lessons), draw)
    return joined


def _with(one: Lesson, other: Lesson, draw: random.Random) -> Lesson:
    """One lesson followed by another, or the one alone where both speak of the same factor or it gets too long."""
    stated, also = ({fact[0] for fact in lesson.facts} for lesson in (one, other))
    if also & (stated | one.unsettled) or other.unsettled & stated or len(one.text) > LONGEST_TO_JOIN:
        return one
    text = one.text if one.text.endswith((".", "!", "?")) else one.text + draw.choice((".", ".", ",", ""))
    text += draw.choice((" ", " ", "\n", " - "))
    moved = tuple((factor, value, start + len(text), end + len(text)) for factor, value, start, end in other.facts)
    unsettled = one.unsettled | other.unsettled
    return Lesson(text + other.text, None, one.facts + moved, unsettled, None)


def _interrupting(lesson: Lesson, draw: random.Random) -> Lesson:
    """The lesson as it is; one of which only intents were noted, as often as not in the middle of a conversation: after
    some question, whatever that asks, where it wants the same."""
    if lesson.noted or lesson.question or draw.random() < 0.5:
        return lesson
    return replace(lesson, question=draw.choice(list(_questions().values())))


def _disturbed(lesson: Lesson, draw: random.Random) -> Lesson:
    """The lesson as it is, or in lower case, or misspelt."""
    if draw.random() < LOWER_CASE and len(lesson.text.lower()) == len(lesson.text):
        lesson = replace(lesson, text=lesson.text.lower())
    return _misspelt(lesson, draw) if draw.random() < MISSPELT else lesson


def _misspelt(lesson: Lesson, draw: random.Random) -> Lesson:
    text, moved = misspelt(lesson.text, draw)
    facts = tuple((factor, value, moved[start], moved[end]) for factor, value, start, end in lesson.facts)
    return replace(lesson, text=text, facts=facts)


def _loss(network: Network, lessons: Sequence[Lesson]) -> Tensor:
    batch = network.batch([(lesson.text, lesson.question) for lesson in lessons])
    attention, logits, intents = network(batch)
    wanted, settled = _targets(lessons)
    of_facts = torch.stack(
        [
            (
                functional.cross_entropy(
                    logits[place], wanted[:, place], reduction="none", label_smoothing=LABEL_SMOOTHING
                )
                * settled[:, place]
            ).mean()
            for place in range(len(FACTORS))
        ]
    ).sum()
    noted = torch.tensor([lesson.intents is not None for lesson in lessons])
    shown = torch.tensor([[float(name in (lesson.intents or ())) for name in INTENTS] for lesson in lessons])
    of_intents = functional.binary_cross_entropy_with_logits(intents, shown, reduction="none").mean(1) * noted
    return of_facts + INTENTS_WEIGHT * of_intents.mean() + PLACES_WEIGHT * _stray(attention, batch, lessons)


def _targets(lessons: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """The class of each factor in each lesson, and whether it is settled."""
    names = list(FACTORS)
    wanted = torch.zeros(len(lessons), len(names), dtype=torch.long)
    settled = torch.ones(len(lessons), len(names), dtype=torch.bool)
    for row, lesson in enumerate(lessons):
        for factor in lesson.unsettled:
            settled[row, names.index(factor)] = False
        for factor, value, _, _ in lesson.facts:
            wanted[row, names.index(factor)] = CLASSES[factor].index(value)
            settled[row, names.index(factor)] = True
    return wanted, settled


def _stray(attention: Tensor, batch: Batch, lessons: Sequence[Lesson]) -> Tensor:
    """How much attention goes elsewhere than to the words that state a fact, as a negative log-likelihood."""
    strays = [attention.new_zeros(1)]
    for row, lesson in enumerate(lessons):
        for factor, _, start, end in lesson.facts:
            there = (batch.offsets[row, :, 0] < end) & (batch.offsets[row, :, 1] > start) & batch.message[row]
            weights = attention[row, :, list(FACTORS).index(factor)]
            if there.any():
                strays.append(-torch.logsumexp(weights[there], 0).reshape(1))
    return torch.cat(strays).sum() / len(lessons)


if __name__ == "__main__":
    main()
