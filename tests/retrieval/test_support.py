"""Support for claims in corpora that are not the bundled one: the right sentence, or none."""

from pathlib import Path
from typing import NoReturn

import pytest

from advisor import Advisor
from advisor.api import no_progress
from advisor.core.evidence import verify
from advisor.core.stance import roles_named, without_roles
from advisor.knowledge import Claim, Knowledge, Support
from advisor.language.phrases import OWN_RULES
from advisor.retrieval.embed import MiniLM
from advisor.retrieval.index import Index, IndexFolder
from advisor.retrieval.support import bind
from advisor.settings import Settings

CLAIM = Claim(
    "on-call",
    "An ML engineer repairs what fails in production.",
    (Support("elsewhere", "An ML engineer is frequently on call to repair whatever fails in production."),),
)


def index_of(folder: Path, text: str, model: MiniLM) -> Index:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "handbook.md").write_text(text)
    return IndexFolder(folder / "home", [folder / "corpus"], model).open_or_build(no_progress)


@pytest.mark.parametrize(
    "sentence",
    [
        "MLEs are often on call to fix whatever breaks in production.",
        "Our machine learning engineers are frequently on call and repair what fails in production.",
    ],
)
def test_the_same_thing_in_other_words_is_found(tmp_path: Path, model: MiniLM, sentence: str) -> None:
    index = index_of(tmp_path, f"# Handbook\n\nWe sell flowers. {sentence} Lunch is at noon.\n", model)
    (words,) = bind([CLAIM], index, model)["on-call"]
    assert words.text == sentence
    assert verify(words, index.articles["handbook"].text)


@pytest.mark.parametrize(
    "sentence",
    [
        "A data scientist is frequently on call to repair whatever fails in production.",
        "An ML engineer is never on call to repair whatever fails in production.",
        "An ML engineer is seldom on call to repair whatever fails in production.",
        "An ML engineer refuses to be on call to repair whatever fails in production.",
        "It is a myth that an ML engineer is on call to repair whatever fails in production.",
        "What an ML engineer must not do:\n\n- be on call to repair whatever fails in production",
        "An ML engineer is frequently on call to repair whatever fails in production?",
        "An ML engineer likes flowers.",
        "Somebody is frequently on call to repair whatever fails in production.",
    ],
)
def test_another_role_a_denial_a_question_or_something_else_is_not(
    tmp_path: Path, model: MiniLM, sentence: str
) -> None:
    index = index_of(tmp_path, f"# Handbook\n\n{sentence}\n", model)
    assert bind([CLAIM], index, model)["on-call"] == ()


def test_a_corpus_with_the_roles_exchanged_supports_nothing(
    tmp_path: Path, model: MiniLM, knowledge: Knowledge, corpus_files: list[Path]
) -> None:
    """All that it says is wrong, and nearly all of it is as similar as can be."""
    text = "\n".join(path.read_text(encoding="utf-8").partition("\n---\n")[2] for path in corpus_files)
    exchanged = text.replace("ML engineer", "@").replace("data scientist", "ML engineer").replace("@", "data scientist")
    exchanged = exchanged.replace("Data scientist", "@").replace("machine learning engineer", "data scientist")
    exchanged = exchanged.replace("@", "ML engineer")
    index = index_of(tmp_path, exchanged, model)
    of_one_role = [claim for claim in knowledge.claims if len(roles_of(claim)) == 1 or in_order(claim)]
    bound = bind(of_one_role, index, model)
    for claim in of_one_role:
        for words in bound[claim.id]:
            assert without_roles(words.text) != without_roles(claim.support[0].quote), claim.id


def roles_of(claim: Claim) -> frozenset[str]:
    return roles_named(claim.support[0].quote)


def in_order(claim: Claim) -> bool:
    """Whether a claim tells the roles apart by their order: one of them does something to the other."""
    return claim.id in (
        "team-data-scientist",
        "team-data-scientist-can-stretch",
        "team-ml-engineer",
        "production-later",
    )


def test_what_was_searched_for_is_remembered_and_checked_again(tmp_path: Path, model: MiniLM) -> None:
    index = index_of(tmp_path, "# Handbook\n\nMLEs are often on call to fix whatever breaks in production.\n", model)
    first = bind([CLAIM], index, model)
    (kept,) = (tmp_path / "home").rglob("support-*.json")
    assert bind([CLAIM], index, _NoModel()) == first
    kept.write_text(kept.read_text().replace("breaks", "br3aks"))
    assert bind([CLAIM], index, model) == first


def test_a_handbook_about_something_else_gives_advice_without_quotes(tmp_path: Path, home: Path) -> None:
    (tmp_path / "handbook.txt").write_text("Lunch\n\nLunch is served at noon in the garden, whatever the weather is.\n")
    conversation = Advisor.open(Settings(home, (tmp_path / "handbook.txt",))).start()
    reply = conversation.greet()
    while reply.question:
        reply = conversation.choose(reply.question.factor, "not_sure")
    assert reply.kind == "advise"
    assert reply.citations == ()
    assert OWN_RULES in reply.text


class _NoModel(MiniLM):
    def embed(self, texts: object, tell: object = None) -> NoReturn:
        raise AssertionError("nothing should be embedded")
