from pathlib import Path

import pytest

from advisor.knowledge import load_languages
from advisor.language.languages import OtherLanguage

other_language = OtherLanguage()


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Wen sollen wir für unser Projekt einstellen?", "de"),
        ("Qui devons-nous embaucher pour notre projet ?", "fr"),
        ("¿a quién tenemos que contratar?", "es"),
        ("kogo powinniśmy zatrudnić do projektu?", "pl"),
        ("kimi işe almalıyız acaba?", "tr"),
        ("我们应该招聘谁？", "zh"),
        ("кого нам найняти на цей проєкт?", "uk"),
    ],
)
def test_other_languages_are_told_apart(message: str, code: str) -> None:
    assert other_language(message) == code


@pytest.mark.parametrize(
    "message",
    [
        "nobdy tecnical here, jsut me", "olny one", "no ideea", "6 poeple", "idk tbh", "ok", "ja", "GmbH with 40 staff",
        "In our hotel many guests they cancel, we would like for to know before",
        "merci, that was usefull", "40", "Bilbao, 300 employees",
    ],
)  # fmt: skip
def test_misspelt_and_second_language_english_is_english(message: str) -> None:
    assert other_language(message) is None


def test_what_it_says_in_a_language_is_in_that_language() -> None:
    for code, words in load_languages().items():
        assert other_language(words.unread) == code
        assert other_language(words.distress) == code


def test_what_is_kept_tells_languages_as_before(tmp_path: Path) -> None:
    messages = [words.unread for words in load_languages().values()] + ["Who is on call?", "Hallo Welt, wie geht es?"]
    for _ in range(2):
        kept = OtherLanguage(tmp_path)
        assert [kept(message) for message in messages] == [other_language(message) for message in messages]
    assert len(list(tmp_path.iterdir())) == 1
