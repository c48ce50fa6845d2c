"""The real parts, opened once: the bundled corpus, the networks, the conversation."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from advisor import Advisor
from advisor.corpora import bundled_corpus
from advisor.knowledge import Knowledge, load_knowledge
from advisor.retrieval.embed import MiniLM
from advisor.settings import Settings
from tests.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real browser that does nothing of its own."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium, as from Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled corpus is indexed by whichever test comes first."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def advisor(home: Path) -> Advisor:
    return Advisor.open(Settings(home))


@pytest.fixture(scope="session")
def server(home: Path, advisor: Advisor) -> Iterator[Server]:
    """The page, served from the same home."""
    made = Server(home)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def networks(advisor: Advisor) -> Path:
    """Where the networks are kept, once they have been exported."""
    return advisor.settings.networks


@pytest.fixture(scope="session")
def model(networks: Path) -> MiniLM:
    return MiniLM(networks)


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
