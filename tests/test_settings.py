import os
from pathlib import Path

import pytest

from advisor.corpora import bundled_corpus, choose_bundled_corpus, choose_corpus, chosen_corpus
from advisor.errors import CorpusError, SettingsError
from advisor.settings import Settings, load_settings


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "advisor.toml").write_text('home = "one"\ncorpus = ["a", "b"]\n')
    assert load_settings({}, tmp_path) == Settings(tmp_path / "one", (tmp_path / "a", tmp_path / "b"))
    variables = {"ADVISOR_HOME": str(tmp_path / "two"), "ADVISOR_CORPUS": os.pathsep.join(("c", "d"))}
    assert load_settings(variables, tmp_path) == Settings(tmp_path / "two", (tmp_path / "c", tmp_path / "d"))


@pytest.mark.parametrize("content", ["home = 1", "corpus = 1", "corpus = [1]", "colour = 'red'", "not toml", b"\xff"])
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, content: str | bytes) -> None:
    (tmp_path / "advisor.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=r"advisor\.toml"):
        load_settings({}, tmp_path)


def test_the_corpus_is_what_is_set_else_what_was_ingested_else_the_bundled_one(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    assert chosen_corpus(settings) == (bundled_corpus(),)
    (tmp_path / "a.md").touch()
    choose_corpus(settings, [tmp_path / "a.md"])
    assert chosen_corpus(settings) == (tmp_path / "a.md",)
    assert chosen_corpus(Settings(tmp_path / "home", (tmp_path / "b.md",))) == (tmp_path / "b.md",)
    (tmp_path / "a.md").unlink()
    with pytest.raises(CorpusError, match=r"a\.md: what was ingested is no longer there"):
        chosen_corpus(settings)
    choose_bundled_corpus(settings)
    assert chosen_corpus(settings) == (bundled_corpus(),)


def test_a_damaged_choice_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus.json").write_text("{")
    with pytest.raises(CorpusError, match="advisor ingest"):
        chosen_corpus(Settings(tmp_path))
