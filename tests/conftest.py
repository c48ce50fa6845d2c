"""The real parts, opened once: the bundled corpus in Chroma, MiniLM, the conversation."""

from pathlib import Path

import pytest

from advisor import Advisor
from advisor.corpora import bundled_corpus
from advisor.knowledge import Knowledge, load_knowledge
from advisor.retrieval.embed import MiniLM
from advisor.settings import Settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled corpus is indexed by whichever test comes first."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def advisor(home: Path) -> Advisor:
    return Advisor.open(Settings(home))


@pytest.fixture(scope="session")
def model() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def environment(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command line's surroundings: the shared home, no corpus of one's own, an empty working folder."""
    monkeypatch.setenv("ADVISOR_HOME", str(home))
    monkeypatch.delenv("ADVISOR_CORPUS", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def corpus_files() -> list[Path]:
    return sorted(bundled_corpus().glob("*.md"))
