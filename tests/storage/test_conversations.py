"""What is kept is found again as it was, whoever else keeps something at the same time."""

import sqlite3
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from advisor import Advisor
from advisor.errors import MovedOnError
from advisor.storage.conversations import (
    Conversations,
    Feedback,
    StorageError,
    Turn,
    UnknownConversationError,
)

MESSAGES = [
    "We have a churn model in a notebook, and nobody to ship it. We are 60 people.",
    "What if we had no data?",
    "who is on call when a model breaks?",
    'Ünï "quoted" \\ 🙂 \x00\u2028',
]


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "home" / "conversations.sqlite")


@pytest.fixture(scope="module")
def turns(advisor: Advisor) -> list[Turn]:
    conversation = advisor.start()
    made = [Turn(None, conversation.state, conversation.greet())]
    for message in MESSAGES:
        reply = conversation.send(message)
        made.append(Turn(message, conversation.state, reply))
    return made


def test_what_was_kept_is_found_again_as_it_was(kept: Conversations, turns: list[Turn], tmp_path: Path) -> None:
    name = kept.begin(turns[:1])
    for before, turn in pairwise(turns):
        kept.add(name, before, turn)
    other = kept.begin(turns[:2])
    again = Conversations(tmp_path / "home" / "conversations.sqlite")
    assert again.turns(name) == turns
    assert again.turns(other) == turns[:2]
    assert name != other
    assert len(name) >= 20


def test_a_conversation_that_does_not_exist_is_not_found(kept: Conversations) -> None:
    with pytest.raises(UnknownConversationError, match="start a new one"):
        kept.turns("' OR 1=1 --")


def test_of_two_who_go_on_from_the_same_turn_one_is_told(kept: Conversations, turns: list[Turn]) -> None:
    name = kept.begin(turns[:1])
    outcomes: list[str] = []

    def go_on(turn: Turn) -> None:
        try:
            kept.add(name, turns[0], turn)
            outcomes.append("kept")
        except MovedOnError:
            outcomes.append("told")

    threads = [threading.Thread(target=go_on, args=(turn,)) for turn in turns[1:] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] + ["told"] * (len(threads) - 1)
    assert len(kept.turns(name)) == 2


def test_who_is_behind_neither_adds_nor_takes_back(kept: Conversations, turns: list[Turn]) -> None:
    name = kept.begin(turns[:2])
    kept.take_back(name, turns[1])
    kept.add(name, turns[0], turns[2])  # as many turns as before, and another conversation
    for behind in (lambda: kept.add(name, turns[1], turns[3]), lambda: kept.take_back(name, turns[1])):
        with pytest.raises(MovedOnError):
            behind()
    assert kept.turns(name) == [turns[0], turns[2]]


def test_taking_back_forgets_what_was_thought_of_it(kept: Conversations, turns: list[Turn]) -> None:
    name = kept.begin(turns[:3])
    for number in (1, 2):
        kept.note(name, Feedback(number, "helpful"))
    kept.take_back(name, turns[2])
    assert kept.turns(name) == turns[:2]
    assert kept.feedback(name) == [Feedback(1, "helpful")]


def test_what_is_removed_is_gone_from_the_file(kept: Conversations, turns: list[Turn], tmp_path: Path) -> None:
    name, other = kept.begin(turns), kept.begin(turns[:1])
    kept.note(name, Feedback(1, "helpful"))
    kept.remove(name)
    with pytest.raises(UnknownConversationError):
        kept.turns(name)
    assert kept.turns(other) == turns[:1]
    with sqlite3.connect(tmp_path / "home" / "conversations.sqlite") as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"churn model" not in (tmp_path / "home" / "conversations.sqlite").read_bytes()


def test_nobody_else_on_the_machine_reads_it(kept: Conversations, tmp_path: Path) -> None:
    assert (tmp_path / "home" / "conversations.sqlite").stat().st_mode & 0o077 == 0


def test_any_name_of_a_home_is_taken(tmp_path: Path, turns: list[Turn]) -> None:
    file = tmp_path / "a?b=c #%20" / "conversations.sqlite"
    name = Conversations(file).begin(turns[:1])
    assert file.exists()
    assert Conversations(file).turns(name) == turns[:1]


def test_the_last_opinion_of_a_reply_or_citation_counts(kept: Conversations, turns: list[Turn]) -> None:
    name = kept.begin(turns[:1])
    kept.note(name, Feedback(0, "helpful"))
    kept.note(name, Feedback(0, "wrong_evidence", 1))
    kept.note(name, Feedback(0, "not_helpful"))
    assert set(kept.feedback(name)) == {
        Feedback(0, "not_helpful"),
        Feedback(0, "wrong_evidence", 1),
    }
    kept.note(name, Feedback(0, "wrong_evidence", 1))
    assert kept.feedback(name) == [Feedback(0, "not_helpful")], "told twice, it is withdrawn"


def no_database(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is no database, however long it may be. " * 400)


def no_folder(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")


@pytest.mark.parametrize("harm", [no_database, no_folder])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    file = tmp_path / "home" / "conversations.sqlite"
    harm(file)
    with pytest.raises(StorageError, match=r"conversations\.sqlite"):
        Conversations(file)


def test_tables_of_another_version_are_left_alone(kept: Conversations, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "conversations.sqlite") as base:
        base.execute("PRAGMA user_version = 7")
    with pytest.raises(StorageError, match="Move it away"):
        Conversations(tmp_path / "home" / "conversations.sqlite")


def test_what_another_version_kept_is_told_apart(kept: Conversations, turns: list[Turn], tmp_path: Path) -> None:
    name = kept.begin(turns[:1])
    with sqlite3.connect(tmp_path / "home" / "conversations.sqlite") as base:
        base.execute("UPDATE turns SET turn = replace(turn, '\"kind\"', '\"sort\"')")
    with pytest.raises(StorageError, match="another version"):
        kept.turns(name)
