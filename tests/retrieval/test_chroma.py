"""Large indexes are searched through Chroma, and what it names is compared exactly."""

from pathlib import Path

import numpy as np
import pytest

from advisor.api import no_progress
from advisor.networks.packaged import WIDTH
from advisor.retrieval import store
from advisor.retrieval.chroma import ChromaIndex
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.index import IndexFolder

ARTICLE = (
    "# Roles\n\n" + "\n\n".join(f"Paragraph {number} tells of models and of data." for number in range(400)) + "\n"
)


def test_its_index_names_what_comparing_all_would(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(2000, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    told: list[tuple[int, int]] = []
    chroma = ChromaIndex(tmp_path / "chroma", create=True)
    chroma.add(vectors, lambda done, of: told.append((done, of)))
    assert len(chroma) == 2000
    assert told == [(1000, 2000), (2000, 2000)]
    for question in vectors[:5] + draw.normal(scale=0.02, size=(5, WIDTH)).astype(np.float32):
        nearest = set(np.argsort(-(vectors @ question))[:20].tolist())
        assert len(nearest & set(chroma.nearest(question, 20).tolist())) >= 18
    chroma.close()


def test_a_large_index_finds_what_a_small_one_does(
    tmp_path: Path, model: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roles.md").write_text(ARTICLE)
    exact = IndexFolder(tmp_path / "exact", [tmp_path / "roles.md"], model).open_or_build(no_progress)
    monkeypatch.setattr(store, "MOST_COMPARED", 100)
    place = IndexFolder(tmp_path / "large", [tmp_path / "roles.md"], model)
    large = place.open_or_build(no_progress)
    assert list(place.path.rglob("chroma.sqlite3"))
    for number in (7, 77, 399):
        question = f"what does paragraph {number} tell of?"
        (best,), (same,) = large.search(question, 1), exact.search(question, 1)
        assert best.passage == same.passage
        assert best.score == pytest.approx(same.score, abs=0.005)
        assert best.text.startswith(f"Paragraph {number} ")


def test_a_large_index_without_its_database_is_built_again(
    tmp_path: Path, model: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_COMPARED", 100)
    (tmp_path / "roles.md").write_text(ARTICLE)
    place = IndexFolder(tmp_path / "home", [tmp_path / "roles.md"], model)
    place.build(no_progress)
    (database,) = place.path.rglob("chroma.sqlite3")
    database.write_bytes(b"no database")
    from chromadb.api.client import SharedSystemClient

    SharedSystemClient.clear_system_cache()  # as in a new process: Chroma shares what it has opened before
    assert place.open() is None
    assert len(place.open_or_build(no_progress).passages) == 400
