"""What the benchmarks work on: made-up documents of any size, and real questions."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from advisor.corpora import bundled_corpus
from advisor.retrieval.questions import holds_questions, read_questions
from advisor.retrieval.read import find_files

ROOT = Path(__file__).parents[2]
SENTENCES = 3
"""Sentences in a passage."""
PASSAGES_IN_A_DOCUMENT = 50


def passages(number: int) -> Iterator[str]:
    """So many passages of three sentences, no two sentences alike: what people ask, and a number that makes it new."""
    draw = random.Random(number)
    files = [path for path in find_files([bundled_corpus()]) if holds_questions(path)]
    asked = [question.strip(" ?.!") for one in read_questions(files) for question in one.questions]
    for passage in range(number):
        drawn = (draw.choice(asked) for _ in range(SENTENCES))
        yield " ".join(f"In case {passage}-{row} somebody wondered {words}." for row, words in enumerate(drawn))


def write_documents(number: int, folder: Path) -> None:
    """The passages as Markdown documents, and as one JSON object a line for those who take passages as they are."""
    (folder / "documents").mkdir(parents=True)
    made = list(passages(number))
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": str(row), "text": text}) + "\n" for row, text in enumerate(made))
    for start in range(0, number, PASSAGES_IN_A_DOCUMENT):
        text = "\n\n".join([f"# Cases from {start}", *made[start : start + PASSAGES_IN_A_DOCUMENT]])
        (folder / "documents" / f"cases-{start:07d}.md").write_text(text, encoding="utf-8")


def questions(number: int) -> list[str]:
    """Questions of the development split."""
    lines = (ROOT / "evals" / "questions" / "development.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:number]


def conversations() -> list[dict[str, Any]]:
    """Conversations of the development split: what opens each, and by factor what is answered."""
    lines = (ROOT / "evals" / "decisions" / "development.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
