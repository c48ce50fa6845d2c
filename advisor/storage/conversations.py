"""Conversations as they were held, in a database: each turn with its reply and with what it left to remember.

So a conversation can be gone on with after a restart or in another face, and gone back in.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from advisor.core.replies import Reply
from advisor.errors import AdvisorError, MovedOnError
from advisor.turn import State

ID_BYTES: Final = 16
"""Whoever knows the id of a conversation can read it; so nobody may guess one."""
WAIT_SECONDS: Final = 10

Opinion = Literal["helpful", "not_helpful", "wrong_evidence"]


class StorageError(AdvisorError):
    """What is to be kept cannot be, or what was kept cannot be read."""


class UnknownConversationError(AdvisorError):
    """There is no conversation with this id."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the user did: `words` are what was typed, or what tells of a click."""

    words: str
    typed: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """What was heard, None where the advisor opened; what that left to remember; and the reply."""

    heard: Heard | None
    state: State
    reply: Reply


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of the reply of a turn, or of one of its citations."""

    turn: int
    opinion: Opinion
    citation: int | None = None
    words: str = ""


_TURN: Final = TypeAdapter(Turn)
_METADATA: Final = MetaData()
_CONVERSATIONS: Final = Table(
    "conversations",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("begun", String, nullable=False),
)
_TURNS: Final = Table(
    "turns",
    _METADATA,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("turn", String, nullable=False),
)
_FEEDBACK: Final = Table(
    "feedback",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("citation", Integer),
    Column("opinion", String, nullable=False),
    Column("words", String, nullable=False),
)


class Conversations:
    """All conversations, in one SQLite file. Safe to share between threads, and the file between processes.

    Everything raises `StorageError` where the file cannot be used.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._readably():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": WAIT_SECONDS})
            event.listen(self._engine, "connect", _set_up)
            _METADATA.create_all(self._engine)

    def begin(self, turn: Turn) -> str:
        """Keep a new conversation that opens with `turn`; its id."""
        name = secrets.token_hex(ID_BYTES)
        with self._writing() as base:
            base.execute(insert(_CONVERSATIONS).values(id=name, begun=_now()))
            base.execute(insert(_TURNS).values(conversation=name, number=0, at=_now(), turn=_dumped(turn)))
        return name

    def turns(self, name: str) -> list[Turn]:
        """The turns of a conversation, in order. Raises `UnknownConversationError`."""
        asked = select(_TURNS.c.turn).where(_TURNS.c.conversation == name).order_by(_TURNS.c.number)
        with self._readably(), self._engine.connect() as base:
            turns = [_TURN.validate_json(turn) for turn in base.execute(asked).scalars()]
        if not turns:
            raise UnknownConversationError("There is no such conversation. It may have been removed; start a new one.")
        return turns

    def add(self, name: str, number: int, turn: Turn) -> None:
        """Keep `turn` as that with the `number` in a conversation. Raises `MovedOnError` unless it is the next one."""
        there = select(func.count()).where(_TURNS.c.conversation == name).scalar_subquery()
        values = select(*map(literal, (name, number, _now(), _dumped(turn)))).where(there == number)
        with self._writing() as base:  # one statement, so that of two who add at once only one can
            added = base.execute(insert(_TURNS).from_select(["conversation", "number", "at", "turn"], values))
        if added.rowcount != 1:
            raise MovedOnError("This conversation has gone on in another window. Here is where it stands.")

    def go_back(self, name: str, number: int) -> None:
        """Forget the turns of a conversation from `number` on, and what was thought of them."""
        with self._writing() as base:
            base.execute(delete(_TURNS).where(_TURNS.c.conversation == name, _TURNS.c.number >= number))
            base.execute(delete(_FEEDBACK).where(_FEEDBACK.c.conversation == name, _FEEDBACK.c.turn >= number))

    def note(self, name: str, feedback: Feedback) -> None:
        """Keep what somebody thought; of the same reply or citation, the last opinion counts."""
        about = {"conversation": name, "turn": feedback.turn, "citation": feedback.citation}
        with self._writing() as base:
            base.execute(delete(_FEEDBACK).where(*(_FEEDBACK.c[column] == value for column, value in about.items())))
            told = {"opinion": feedback.opinion, "words": feedback.words, "at": _now()}
            base.execute(insert(_FEEDBACK).values(**about, **told))

    def feedback(self, name: str) -> list[Feedback]:
        """What somebody thought of the turns of a conversation, in order."""
        columns = (_FEEDBACK.c[column] for column in ("turn", "opinion", "citation", "words"))
        asked = select(*columns).where(_FEEDBACK.c.conversation == name).order_by(_FEEDBACK.c.turn, _FEEDBACK.c.id)
        with self._readably(), self._engine.connect() as base:
            return [Feedback(**row) for row in base.execute(asked).mappings()]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._readably(), self._engine.begin() as base:
            yield base

    @contextmanager
    def _readably(self) -> Iterator[None]:
        """What the database raises, in words for a user."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            why = getattr(error, "orig", None) or error
            raise StorageError(f"Conversations cannot be kept in {self._file}: {why}.") from error
        except ValidationError as error:
            raise StorageError("This conversation was kept by another version, and cannot be gone on with.") from error


def _dumped(turn: Turn) -> str:
    return _TURN.dump_json(turn).decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _set_up(connection: Any, record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # who reads need not wait for who writes
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
