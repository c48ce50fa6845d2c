import gc
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pytest
from chromadb.api.client import SharedSystemClient

from advisor.api import no_progress
from advisor.errors import CorpusError, IndexBusyError
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.index import Index, IndexFolder

OLD = "# Roles\n\n" + "\n\n".join(f"Paragraph {number} tells of models and data." for number in range(120)) + "\n"
NEW = "# Roles\n\n" + "\n\n".join(f"Paragraph {number} tells of models and data." for number in range(60)) + "\n"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, model: MiniLM) -> Path:
    """A folder with a corpus and a home in which its index is built; copied, never changed, by the tests."""
    folder = tmp_path_factory.mktemp("indexed")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "roles.md").write_text(OLD)
    built = index_folder(folder, model).build(no_progress)
    assert built.embedded == built.passages == 120
    return folder


@pytest.fixture
def folder(indexed: Path, model: MiniLM) -> Path:
    """The indexed corpus, as it was: what an earlier test changed is put back."""
    (indexed / "corpus" / "roles.md").write_text(OLD)
    if not (indexed / "kept").exists():
        shutil.copytree(indexed / "home", indexed / "kept")
    SharedSystemClient.clear_system_cache()  # as in a new process: Chroma shares what it has opened before
    shutil.rmtree(indexed / "home")
    shutil.copytree(indexed / "kept", indexed / "home")
    return indexed


def index_folder(folder: Path, model: MiniLM) -> IndexFolder:
    return IndexFolder(folder / "home", [folder / "corpus"], model)


def texts(index: Index | None) -> list[str]:
    return [passage.text for passage in index.passages] if index else []


def expected(text: str) -> list[str]:
    return text.strip().split("\n\n")[1:]


def generations(place: IndexFolder) -> list[Path]:
    return [entry for entry in place.path.iterdir() if entry.is_dir()]


def test_it_finds_passages_by_meaning(folder: Path, model: MiniLM) -> None:
    index = index_folder(folder, model).open()
    assert index
    hits = index.search("what does paragraph 7 say about models?", 5)
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(index.articles[hit.article].text[hit.start : hit.end] == hit.text for hit in hits)
    assert index.search("  ", 5) == []
    assert len(index.search("models", 10_000)) == 120


def test_the_manifest_says_what_it_was_built_from(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    manifest = json.loads((place.path / (place.path / "CURRENT").read_text() / "manifest.json").read_text())
    assert manifest["passages"] == 120
    assert manifest["model"] == model.name
    assert manifest["model_sha256"] == model.weights_sha256()
    assert list(manifest["sources"]) == [str(folder / "corpus" / "roles.md")]


def test_what_is_unchanged_is_not_embedded_again(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    assert place.build(no_progress).embedded == 0
    (folder / "corpus" / "roles.md").write_text(OLD + "\nOne more paragraph.\n")
    assert place.build(no_progress).embedded == 1


def test_a_changed_corpus_is_noticed_and_indexed_anew(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    (folder / "corpus" / "roles.md").write_text(NEW)
    assert place.open() is None
    assert texts(place.open_or_build(no_progress)) == expected(NEW)
    (folder / "corpus" / "more.md").write_text("A second document.")
    assert (
        texts(place.__class__(folder / "home", [folder / "corpus"], model).open_or_build(no_progress))[0]
        == "A second document."
    )
    (folder / "corpus" / "more.md").unlink()


def test_an_unreadable_document_changes_nothing(folder: Path, model: MiniLM) -> None:
    (folder / "corpus" / "bad.md").write_bytes(b"\xff\xfe\xff")
    place = index_folder(folder, model)
    before = (place.path / "CURRENT").read_text()
    with pytest.raises(CorpusError, match=r"bad\.md"):
        place.build(no_progress)
    (folder / "corpus" / "bad.md").unlink()
    assert (place.path / "CURRENT").read_text() == before
    assert texts(index_folder(folder, model).open()) == expected(OLD)


def test_a_second_writer_is_refused(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    with filelock.FileLock(place.path / "lock"), pytest.raises(IndexBusyError, match="Another process"):
        place.build(no_progress)
    assert place.build(no_progress).passages == 120


@pytest.mark.parametrize(
    "damage",
    ["articles.json", "manifest.json", "chroma/chroma.sqlite3", "chroma", "CURRENT", "vectors", "words"],
)
def test_damage_is_noticed_and_mended(folder: Path, model: MiniLM, damage: str) -> None:
    place = index_folder(folder, model)
    generation = place.path / (place.path / "CURRENT").read_text()
    database = generation / "chroma" / "chroma.sqlite3"
    if damage == "CURRENT":
        (place.path / "CURRENT").write_text("../../etc")
    elif damage == "chroma":
        shutil.rmtree(generation / "chroma")
    elif damage in ("vectors", "words"):
        tamper(database, damage)
    else:
        path = generation / damage
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert place.open() is None
    assert texts(place.open_or_build(no_progress)) == expected(OLD)
    assert texts(place.open()) == expected(OLD)


def tamper(database: Path, what: str) -> None:
    """Change a stored passage from outside, leaving a database that is sound in itself."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        if what == "words":
            changed = connection.execute(
                "UPDATE embedding_metadata SET int_value = int_value + 1 WHERE key = 'start' AND id = 3"
            )
        else:
            changed = connection.execute("DELETE FROM embeddings WHERE id = 3")
        assert changed.rowcount == 1


def test_old_generations_are_cleared_away_but_the_last(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    for _ in range(3):
        place.build(no_progress)
    assert len(generations(place)) == 2


def test_a_generation_in_use_stays_until_its_reader_is_gone(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    reader = place.open()
    assert reader
    for _ in range(3):
        place.build(no_progress)
    assert len(generations(place)) == 3
    assert len(reader.search("models", 5)) == 5
    del reader
    gc.collect()
    place.build(no_progress)
    assert len(generations(place)) == 2


def test_killed_while_ingesting_it_serves_the_old_index_or_the_new_one(folder: Path, model: MiniLM) -> None:
    """Twenty kills at random moments between the first file written and the last."""
    moments = random.Random(20)
    outcomes = []
    for _ in range(20):
        shutil.rmtree(folder / "home")
        shutil.copytree(folder / "kept", folder / "home")
        (folder / "corpus" / "roles.md").write_text(NEW)
        place = index_folder(folder, model)
        kill_while_building(folder, place, after_seconds=moments.uniform(0, 0.6))
        new = place.open()
        (folder / "corpus" / "roles.md").write_text(OLD)
        old = place.open()
        assert (texts(new), texts(old)) in ((expected(NEW), []), ([], expected(OLD)))
        outcomes.append(new is not None)
        (folder / "corpus" / "roles.md").write_text(NEW)
        assert texts(place.open_or_build(no_progress)) == expected(NEW)
        assert len(generations(place)) <= 2
    assert not all(outcomes), "every kill came too late to interrupt anything"


def kill_while_building(folder: Path, place: IndexFolder, *, after_seconds: float) -> None:
    before = set(generations(place))
    command = [sys.executable, "-m", "advisor", "ingest", str(folder / "corpus")]
    process = subprocess.Popen(
        command,
        env={"ADVISOR_HOME": str(folder / "home"), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while set(generations(place)) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(after_seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
