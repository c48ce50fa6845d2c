"""Whether an installation is sound: the model, the knowledge, the documents, the index, the quotes."""

from collections.abc import Callable

from advisor.api import Advisor
from advisor.core.evidence import verify
from advisor.corpora import bundled_corpus, chosen_corpus
from advisor.errors import AdvisorError
from advisor.knowledge import load_knowledge
from advisor.language.itself import AboutItself
from advisor.language.trained import Reader, trained_from
from advisor.networks.packaged import packaged_name, packaged_sha256
from advisor.retrieval.embed import SearchMiniLM
from advisor.retrieval.questions import holds_questions
from advisor.retrieval.read import find_files
from advisor.settings import load_settings


def check() -> int:
    """Print one line for each part, and return 0 when all are sound, else 2."""
    return 2 if [name for name, look in CHECKS if not _passes(name, look)] else 0


def _passes(name: str, look: Callable[[], str]) -> bool:
    try:
        print(f"ok      {name}: {look()}")
    except AdvisorError as error:
        print(f"FAILED  {name}: {error}")
        return False
    return True


def _settings() -> str:
    return f"home {load_settings().home}"


def _model() -> str:
    packaged_sha256()
    return f"{packaged_name()}, weights as published"


def _knowledge() -> str:
    knowledge = load_knowledge()
    return f"{len(knowledge.scorecard.rows)} rows, {len(knowledge.questions)} questions"


def _reader() -> str:
    networks = load_settings().networks
    Reader(networks).load()
    search = SearchMiniLM(networks)
    AboutItself(search.embed_query, search.name).load()
    return f"trained from {trained_from()['examples']} examples"


def _corpus() -> str:
    files = find_files(chosen_corpus(load_settings()))
    return f"{sum(not holds_questions(path) for path in files)} documents"


def _index() -> str:
    advisor = Advisor.open()
    hits = advisor.search("who keeps a model running?", k=1)
    bindings = advisor.wording.bindings
    quotes = [words for found in bindings.values() for words in found]
    wrong = [words.text for words in quotes if not verify(words, advisor.article(words.article).text)]
    if wrong:
        raise AdvisorError(f"These quotes are not in the documents: {wrong}. Build the index anew: advisor ingest")
    if not hits:
        raise AdvisorError("The search finds nothing. Build the index anew: advisor ingest")
    supported = sum(map(bool, bindings.values()))
    if supported < len(bindings) and chosen_corpus(load_settings()) == (bundled_corpus(),):
        raise AdvisorError("Some claims have no words in the articles that come with the advisor. Install it again.")
    return f"{len(advisor.articles)} articles, {supported} of {len(bindings)} claims quoted, every quote exact"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("settings", _settings),
    ("model", _model),
    ("knowledge", _knowledge),
    ("reader", _reader),
    ("documents", _corpus),
    ("index", _index),
)
