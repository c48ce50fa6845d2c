"""The index of a corpus on disk: built aside, swapped in whole, checked when it is opened.

    <home>/index/<key of the corpus's paths>/
        lock                held by the one process that may write
        CURRENT             the name of the generation that is served; replaced in one step
        <generation>/       manifest.json, articles.json, what `retrieval.store` writes, and chroma/ where there are
                            many entries; in-use is locked by whoever reads it

A process killed while it builds leaves a generation that CURRENT does not name; the next writer removes it.
"""

import dataclasses
import hashlib
import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.core.abstention import Sought
from advisor.core.evidence import Article, Hit, fingerprint
from advisor.errors import CorpusError, IndexBusyError
from advisor.files import hold, is_held, replace_file
from advisor.networks.packaged import packaged_sha256
from advisor.networks.serving import Progress
from advisor.retrieval import store
from advisor.retrieval.chroma import ChromaIndex
from advisor.retrieval.embed import MiniLM, ReusedVectors, key
from advisor.retrieval.entries import entries
from advisor.retrieval.questions import holds_questions, read_questions
from advisor.retrieval.read import Source, find_files, fingerprint_files, read_sources
from advisor.retrieval.search import Searcher
from advisor.retrieval.split import SPLITTER_VERSION, Left, split_source
from advisor.retrieval.store import Contents

if TYPE_CHECKING:
    from advisor.retrieval.search import Floats, Nearest

FORMAT: Final = 5
ARTICLES: Final = "articles.json"
MANIFEST: Final = "manifest.json"
CHROMA: Final = "chroma"
IN_USE: Final = "in-use"
WAIT_FOR_WRITER_SECONDS: Final = 120
NEAREST: Final = 300
"""How many entries Chroma's index names, where there are too many to compare a question to all."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with, and the SHA-256 of each file that holds it."""

    format: int
    splitter: str
    model: str
    model_sha256: str
    sources: dict[str, str]
    articles: dict[str, str]
    passages: int
    files: dict[str, str]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the documents, and of the questions beside them: the same wherever they lie."""
        contents = sorted(self.articles.items()), sorted(self.sources.values())
        return hashlib.sha256(repr(contents).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Built:
    """What one `ingest` did: `embedded` texts were new, the vectors of all others were taken over. `left` are the
    words of each article that make no passage."""

    articles: int
    passages: int
    embedded: int
    left: Mapping[str, tuple[Left, ...]]


class Index:
    """An open index: its articles, its passages, search over them, and the SHA-256 of the documents."""

    def __init__(
        self, folder: Path, articles: Mapping[str, Article], contents: Contents, searcher: Searcher, sha256: str
    ) -> None:
        hold(folder / IN_USE, self)
        self._folder = folder
        self._searcher = searcher
        self.articles = articles
        self.sha256 = sha256
        self.passages = tuple(contents.passages)

    def search(self, query: str, k: int) -> list[Hit]:
        """The `k` passages that best answer `query`, the best first. Empty for a blank query."""
        return self._searcher.passages(query, k)

    def seek(self, question: str) -> Sought:
        """The pieces of passages that may answer a question, the best first, and what may be missing."""
        return self._searcher.seek(question)

    def load(self) -> None:
        """Read what the first question needs, so that it does not wait."""
        self._searcher.load()

    def remember(self, name: str, text: str) -> None:
        """Keep something that was worked out from this index, beside it. A full or read-only disk is no error."""
        with suppress(OSError):
            replace_file(self._folder / name, text.encode())

    def recall(self, name: str) -> str:
        """What was kept under `name`, or an empty text."""
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""


class IndexFolder:
    """The place of one corpus's index under the advisor's home.

    A corpus is known by the files and folders that were named, so that one whose folders gain or lose a file stays
    the same corpus. Raises `CorpusError` when they hold nothing to read. `knows_gaps` is set for a corpus of which
    the model has learned what it is asked for in vain.
    """

    def __init__(self, home: Path, sources: Sequence[Path], model: MiniLM, *, knows_gaps: bool = False) -> None:
        places = sorted(path.resolve() for path in sources)
        self.path = home / "index" / hashlib.sha256("\n".join(map(str, places)).encode()).hexdigest()[:16]
        self._files = find_files(places)
        self._model = model
        self._knows_gaps = knows_gaps

    def open(self) -> Index | None:
        """The index as it stands, or None when there is none, or it is damaged, or not of these files."""
        generation = self._current()
        sound = _read_generation(generation) if generation else None
        if generation is None or sound is None or not self._is_current(sound.manifest):
            return None
        searcher = Searcher(sound.contents, self._model, sound.nearest, knows_gaps=self._knows_gaps)
        return Index(generation, sound.articles, sound.contents, searcher, sound.manifest.sha256)

    def open_or_build(self, progress: Progress) -> Index:
        """The index, built first where that is needed. Waits for another process that is building it."""
        index = self.open()
        if index is None:
            with self._writing(WAIT_FOR_WRITER_SECONDS):
                index = self.open()
                if index is None:
                    self._build(progress)
                    index = self.open()
        if index is None:
            raise IndexBusyError(f"The index under {self.path} cannot be read just after it was built. Try again.")
        return index

    def build(self, progress: Progress) -> Built:
        """Build the index anew and swap it in. Raises `IndexBusyError` while another process builds it."""
        with self._writing(0):
            return self._build(progress)

    def _build(self, progress: Progress) -> Built:
        asked = [path for path in self._files if holds_questions(path)]
        asked_sha256 = fingerprint_files(asked)
        sources = read_sources([path for path in self._files if path not in asked])
        splits = [split_source(source) for source in sources]
        if not any(split.passages for split in splits):
            raise CorpusError("These documents hold nothing but headings, advertising or HTML; nothing was changed.")
        passages = [passage for split in splits for passage in split.passages]
        to_keep = entries(passages, read_questions(asked), [source.article for source in sources])
        self._remove_all_but(self._current())
        generation = self.path / uuid.uuid4().hex
        generation.mkdir(parents=True)
        embeddings = ReusedVectors(self._model, self._known_vectors())
        texts = [entry.text for entry in to_keep]
        vectors = embeddings.embed(texts, lambda done, of: progress("Reading texts", done, of))
        store.write(generation, store.contents(to_keep, vectors))
        if len(vectors) > store.MOST_COMPARED:
            chroma = ChromaIndex(generation / CHROMA, create=True)
            chroma.add(vectors, lambda done, of: progress("Indexing vectors", done, of))
            chroma.close()
        _write(generation / ARTICLES, [dataclasses.asdict(source.article) for source in sources])
        manifest = self._manifest(sources, asked_sha256, len(passages), store.digests(generation))
        _write(generation / MANIFEST, dataclasses.asdict(manifest))
        self._swap_in(generation)
        left = {source.article.id: split.left for source, split in zip(sources, splits, strict=True)}
        return Built(len(sources), len(passages), embeddings.embedded, left)

    def _manifest(
        self, sources: Sequence[Source], asked_sha256: Mapping[str, str], passages: int, written: dict[str, str]
    ) -> Manifest:
        return Manifest(
            format=FORMAT,
            splitter=SPLITTER_VERSION,
            model=self._model.name,
            model_sha256=packaged_sha256(),
            sources={str(source.path): source.sha256 for source in sources} | dict(asked_sha256),
            articles={source.article.id: fingerprint(_serialised(source.article)) for source in sources},
            passages=passages,
            files=written,
        )

    def _is_current(self, manifest: Manifest) -> bool:
        return (manifest.format, manifest.splitter, manifest.model, manifest.sources) == (
            FORMAT,
            SPLITTER_VERSION,
            self._model.name,
            fingerprint_files(self._files),
        )

    def _current(self) -> Path | None:
        try:
            name = (self.path / "CURRENT").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        generation = self.path / name
        return generation if name.isalnum() and generation.is_dir() else None

    def _known_vectors(self) -> "Mapping[str, Floats]":
        """The vectors that are there already, by the key of their text, so that no text is embedded twice."""
        import numpy as np

        generation = self._current()
        sound = _read_generation(generation) if generation else None
        if sound is None or sound.manifest.model != self._model.name:
            return self._model.known_vectors()
        kept = zip(sound.contents.texts(), np.asarray(sound.contents.vectors), strict=True)
        return {**self._model.known_vectors(), **{key(text): vector for text, vector in kept}}

    def _swap_in(self, generation: Path) -> None:
        previous = self._current()
        replace_file(self.path / "CURRENT", generation.name.encode())
        # Whoever is just opening the generation that was replaced may go on; it goes with the next build.
        self._remove_all_but(generation, previous)

    def _remove_all_but(self, *kept: Path | None) -> None:
        for entry in self.path.iterdir() if self.path.is_dir() else ():
            if entry.is_dir() and entry not in kept and not is_held(entry / IN_USE):
                shutil.rmtree(entry, ignore_errors=True)

    def _writing(self, wait_seconds: float) -> "_Writing":
        return _Writing(self.path, wait_seconds)


class _Writing:
    """Holds the lock of an index folder. The system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path, wait_seconds: float) -> None:
        import filelock

        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._wait_seconds = wait_seconds
        self._lock = filelock.FileLock(folder / "lock")

    def __enter__(self) -> None:
        import filelock

        try:
            self._lock.acquire(timeout=self._wait_seconds)
        except filelock.Timeout as error:
            raise IndexBusyError(
                f"Another process is building the index under {self._folder}. "
                "Nothing was changed; try again when it has finished."
            ) from error

    def __exit__(self, *exception: object) -> None:
        self._lock.release()


@dataclass(frozen=True, slots=True)
class _Sound:
    """A generation that is whole: what its files say, all read and found to agree."""

    manifest: Manifest
    articles: dict[str, Article]
    contents: Contents
    nearest: "Nearest"


def _read_generation(generation: Path) -> _Sound | None:
    """A generation, or None when it is damaged in any way."""
    try:
        manifest = Manifest(**json.loads((generation / MANIFEST).read_text(encoding="utf-8")))
        if store.digests(generation) != manifest.files:
            return None
        articles = _load_articles(generation, manifest)
        contents = store.read(generation, articles)
        return _Sound(manifest, articles, contents, _nearest(generation / CHROMA, len(contents.vectors)))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a damaged database raises anything, a panic of its Rust core included
        return None


def _nearest(folder: Path, entries: int) -> "Nearest":
    """Has a question compared to every entry, or where there is a database, to those that its index names."""
    if not folder.is_dir():
        return lambda vector: None
    chroma = ChromaIndex(folder)
    if len(chroma) != entries:
        raise ValueError("chroma does not hold what the manifest says")
    return lambda vector: chroma.nearest(vector, NEAREST)


def _load_articles(generation: Path, manifest: Manifest) -> dict[str, Article]:
    raw: list[dict[str, Any]] = json.loads((generation / ARTICLES).read_text(encoding="utf-8"))
    articles = {article.id: article for article in (Article(**values) for values in raw)}
    if {name: fingerprint(_serialised(article)) for name, article in articles.items()} != manifest.articles:
        raise ValueError("articles.json is not what the manifest says")
    return articles


def _serialised(article: Article) -> str:
    return json.dumps(dataclasses.asdict(article), ensure_ascii=False)


def _write(path: Path, content: object) -> None:
    replace_file(path, json.dumps(content, ensure_ascii=False, indent=1).encode())
