import gc
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pytest

from advisor.api import no_progress
from advisor.errors import CorpusError, IndexBusyError
from advisor.networks.packaged import packaged_sha256
from advisor.retrieval.embed import MiniLM, SearchMiniLM
from advisor.retrieval.index import Index, IndexFolder

OLD = "# Roles\n\n" + "\n\n".join(f"Paragraph {number} tells of models and data." for number in range(120)) + "\n"
NEW = "# Roles\n\n" + "\n\n".join(f"Paragraph {number} tells of models and data." for number in range(60)) + "\n"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, model: MiniLM, networks: Path) -> Path:
    """A folder with a corpus and a home in which its index is built; copied, never changed, by the tests."""
    folder = tmp_path_factory.mktemp("indexed")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "roles.md").write_text(OLD)
    built = index_folder(folder, model).build(no_progress)
    assert built.embedded == built.passages == 120
    (folder / "home" / "networks").symlink_to(networks)
    return folder


@pytest.fixture
def folder(indexed: Path, model: MiniLM) -> Path:
    """The indexed corpus, as it was: what an earlier test changed is put back."""
    (indexed / "corpus" / "roles.md").write_text(OLD)
    if not (indexed / "kept").exists():
        shutil.copytree(indexed / "home", indexed / "kept", symlinks=True)
    shutil.rmtree(indexed / "home")
    shutil.copytree(indexed / "kept", indexed / "home", symlinks=True)
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
    assert manifest["model_sha256"] == packaged_sha256()
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
    [
        "articles.json",
        "manifest.json",
        "entries.json",
        "vectors.npy",
        "vectors.onnx",
        "words/vocab.index.json",
        "words",
        "CURRENT",
    ],
)
def test_damage_is_noticed_and_mended(folder: Path, model: MiniLM, damage: str) -> None:
    place = index_folder(folder, model)
    generation = place.path / (place.path / "CURRENT").read_text()
    if damage == "CURRENT":
        (place.path / "CURRENT").write_text("../../etc")
    elif damage == "words":
        shutil.rmtree(generation / "words")
    else:
        path = generation / damage
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert place.open() is None
    assert texts(place.open_or_build(no_progress)) == expected(OLD)
    assert texts(place.open()) == expected(OLD)


def test_one_changed_byte_is_noticed(folder: Path, model: MiniLM) -> None:
    place = index_folder(folder, model)
    vectors = place.path / (place.path / "CURRENT").read_text() / "vectors.npy"
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    assert place.open() is None


def test_what_is_kept_is_what_was_indexed(folder: Path, model: MiniLM) -> None:
    index = index_folder(folder, model).open()
    assert index
    (hit,) = index.search("paragraph 7", 1)
    again = index_folder(folder, model)
    again.build(no_progress)
    rebuilt = again.open()
    assert rebuilt
    assert rebuilt.search("paragraph 7", 1) == [hit]


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


def test_killed_while_ingesting_it_serves_the_old_index_or_the_new_one(
    tmp_path: Path, folder: Path, networks: Path
) -> None:
    """Twenty kills at random moments from the first file written until after the last."""
    model = SearchMiniLM(networks)
    index_folder(folder, model).build(no_progress)
    shutil.copytree(folder / "home", tmp_path / "kept", symlinks=True)
    (folder / "corpus" / "roles.md").write_text(NEW)
    building = ingest(folder, index_folder(folder, model))
    began, before = time.monotonic(), (index_folder(folder, model).path / "CURRENT").read_text()
    while (index_folder(folder, model).path / "CURRENT").read_text() == before and building.poll() is None:
        time.sleep(0.001)
    whole = time.monotonic() - began
    building.wait()
    moments = random.Random(20)
    outcomes = []
    for _ in range(20):
        shutil.rmtree(folder / "home")
        shutil.copytree(tmp_path / "kept", folder / "home", symlinks=True)
        place = index_folder(folder, model)
        building = ingest(folder, place)
        time.sleep(moments.uniform(0, 1.5 * whole))
        building.kill()
        building.wait()
        new = place.open()
        (folder / "corpus" / "roles.md").write_text(OLD)
        old = place.open()
        assert (texts(new), texts(old)) in ((expected(NEW), []), ([], expected(OLD)))
        outcomes.append(new is not None)
        (folder / "corpus" / "roles.md").write_text(NEW)
        assert texts(place.open_or_build(no_progress)) == expected(NEW)
        assert len(generations(place)) <= 2
    assert not all(outcomes), "every kill came too late to interrupt anything"


def ingest(folder: Path, place: IndexFolder) -> "subprocess.Popen[bytes]":
    """Ingest in another process, which has just begun to write."""
    before = set(generations(place))
    process = subprocess.Popen(
        [sys.executable, "-m", "advisor", "ingest", str(folder / "corpus")],
        env={"ADVISOR_HOME": str(folder / "home"), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while set(generations(place)) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    return process
