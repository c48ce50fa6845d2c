"""The advisor in Python: everything is wired here, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from advisor import conversation as turns
from advisor.core.abstention import Sought
from advisor.core.evidence import Article, Hit
from advisor.core.facts import FACTORS, Situation
from advisor.core.replies import Reply
from advisor.corpora import bundled_corpus, choose_bundled_corpus, choose_corpus, chosen_corpus
from advisor.errors import CorpusError, InvalidChoiceError
from advisor.hearing import unreadable
from advisor.knowledge import fingerprints, load_knowledge
from advisor.language.itself import AboutItself
from advisor.language.languages import OtherLanguage
from advisor.language.reading import Parts, Read, Reading, reader
from advisor.language.sense import trained
from advisor.language.trained import Reader
from advisor.language.wording import Wording
from advisor.networks.serving import Progress, prepare
from advisor.once import in_background
from advisor.retrieval.embed import MiniLM, SearchMiniLM
from advisor.retrieval.index import Built, IndexFolder
from advisor.retrieval.support import bind
from advisor.settings import Settings, load_settings
from advisor.turn import State, Tools

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

Search = Callable[[str, int], Sequence[Hit]]


def no_progress(what: str, done: int, of: int) -> None:
    """Tell nobody."""


class Conversation:
    """One conversation. `state` is all it remembers; give it to `Advisor.resume` to go on later."""

    def __init__(self, tools: Tools, state: State) -> None:
        self._tools = tools
        self.state = state

    def greet(self) -> Reply:
        """Open the conversation: what this is, and the first question."""
        self.state, reply = turns.greet(self._tools, self.state)
        return reply

    def send(self, message: str) -> Reply:
        """Say something in free text."""
        self.state, reply = turns.hear(self._tools, self.state, message)
        return reply

    def choose(self, factor: str, value: str) -> Reply:
        """Answer by a click, to the question just asked or to any other. Raises `InvalidChoiceError`."""
        return self.choose_all({factor: value})

    def choose_all(self, answers: Mapping[str, str]) -> Reply:
        """Answer by one click with several values, by factor. Raises `InvalidChoiceError`."""
        self.state, reply = turns.choose(self._tools, self.state, answers)
        return reply

    def suppose(self, changes: Mapping[str, str]) -> Reply:
        """Ask what would be advised if these factors had these values; nothing is noted of it.

        Raises `InvalidChoiceError`.
        """
        self.state, reply = turns.suppose(self._tools, self.state, changes)
        return reply


class Advisor:
    """Answers, asks and advises from one corpus. Safe to share between conversations."""

    def __init__(
        self, tools: Tools, search: Search, read: Callable[[Parts], Read], documents: str, settings: Settings
    ) -> None:
        self.settings = settings
        self._tools = tools
        self._search = search
        self._documents = documents
        self._read = read

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, progress: Progress = no_progress, warm: bool = False
    ) -> "Advisor":
        """Open the advisor, exporting its networks and building the index first where that is needed.

        `settings` come from the environment unless given; `progress` hears of what takes time. What a typed message
        needs is loaded with the first one, or where `warm` is set, in the background from now on. Raises
        `SettingsError`, `CorpusError`, `IndexBusyError`, and, where the installation is damaged, `KnowledgeError` and
        `DamagedModelError`; their messages are meant for users.
        """
        settings = settings or load_settings()
        sources = chosen_corpus(settings)
        bundled = sources == (bundled_corpus(),)
        model, reads = SearchMiniLM(settings.networks), Reader(settings.networks)
        compares, other_language = MiniLM(settings.networks), OtherLanguage(settings.networks)
        needed = [model.network(), reads.network(), *([] if bundled else [compares.network()])]
        prepare(needed, settings.networks, progress)
        if warm:
            in_background(other_language.load, reads.load, model.load)
        index = IndexFolder(settings.home, sources, model, knows_gaps=bundled).open_or_build(progress)
        if warm:
            in_background(index.load)
        knowledge = load_knowledge()
        understand = trained(knowledge.question_texts, reads.read)
        bindings = bind((*knowledge.claims, *knowledge.descriptions), index, compares)
        wording = Wording(knowledge, bindings, knows_gaps=bundled)
        on_roles = wording.on_subject.issuperset(index.articles)
        subject_of = AboutItself(model.embed_query, model.name, on_roles=on_roles)
        return cls(
            Tools(
                knowledge=knowledge,
                wording=wording,
                read=reader(understand, subject_of),
                other_language=other_language,
                seek=index.seek,
                weights=knowledge.abstention["bundled" if bundled else "others"],
                articles=index.articles,
            ),
            index.search,
            lambda parts: reader(understand, subject_of, parts),
            index.sha256,
            settings,
        )

    def start(self, answers: Mapping[str, str] | None = None) -> Conversation:
        """A new conversation, in which `answers`, values by factor, are known from the outset.

        Raises `InvalidChoiceError` for a factor or value that does not exist.
        """
        return self.resume(turns.knowing(self._tools, answers or {}))

    def resume(self, state: State) -> Conversation:
        """A conversation that goes on from `state`."""
        return Conversation(self._tools, state)

    def ask(self, message: str) -> Reply:
        """One message and its reply, outside a conversation."""
        return turns.ask_once(self._tools, message)

    def advice(self, situation: Situation) -> Reply:
        """The advice on what is known of a project, whatever is still open."""
        return turns.advise(self._tools, situation)

    def search(self, query: str, k: int = 5) -> Sequence[Hit]:
        """The `k` passages nearest in meaning, best first; each has score, article, section, start, end, text."""
        return self._search(query, k)

    def seek(self, question: str) -> Sought:
        """What a question is answered from: all pieces of passages, the best first, and what may be missing."""
        return self._tools.seek(question)

    def article(self, name: str) -> Article:
        """The article with the id `name`: the text that all offsets point into. Raises `CorpusError`."""
        try:
            return self._tools.articles[name]
        except KeyError:
            known = ", ".join(sorted(self._tools.articles))
            raise CorpusError(f"There is no article {name!r}. The articles are: {known}.") from None

    @property
    def wording(self) -> Wording:
        """The labels of factors, options and recommendations, for whoever shows replies."""
        return self._tools.wording

    @property
    def articles(self) -> Sequence[Article]:
        """All articles of the corpus."""
        return tuple(self._tools.articles.values())

    def about(self) -> dict[str, str]:
        """What it works with: the version, and the SHA-256 of the documents, the rules, and what was trained."""
        return {"version": version("hiring-advisor"), "documents": self._documents, **fingerprints()}

    def understand(self, message: str, asked: str | None = None) -> Reading:
        """What a message says, read as the answer to a question about `asked` where that is given.

        What cannot be read, or is too long to be, says nothing. Raises `InvalidChoiceError` for no such factor.
        """
        if asked is not None and asked not in FACTORS:
            raise InvalidChoiceError(f"There is no factor {asked!r}. The factors are: {', '.join(FACTORS)}.")
        return Reading() if unreadable(message) else self._tools.read(message, asked)

    def with_parts(self, parts: Parts) -> "Advisor":
        """This advisor with only some parts of its reader at work, to measure what each contributes."""
        tools = replace(self._tools, read=self._read(parts))
        return Advisor(tools, self._search, self._read, self._documents, self.settings)

    def retriever(self, k: int = 5) -> "BaseRetriever":
        """The search as a LangChain retriever, for anybody's chain."""
        from advisor.retrieval.langchain import PassageRetriever

        return PassageRetriever(search=self._search, k=k)


def ingest(
    settings: Settings, paths: Sequence[Path], *, bundled: bool = False, progress: Progress = no_progress
) -> Built:
    """Build the index of `paths` (of the present corpus when empty), and work from them from now on."""
    chosen = tuple(path.resolve() for path in paths)
    sources = chosen or ((bundled_corpus(),) if bundled else chosen_corpus(settings))
    model = SearchMiniLM(settings.networks)
    prepare([model.network()], settings.networks, progress)
    built = IndexFolder(settings.home, sources, model).build(progress)
    if bundled:
        choose_bundled_corpus(settings)
    elif chosen:
        choose_corpus(settings, chosen)
    return built
