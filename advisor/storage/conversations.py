"""Conversations as they were held, in a database: each turn with its reply and with what it left to remember.

So a conversation can be gone on with after a restart or in another face, and gone back in.
"""

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    Select,
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

FORMAT: Final = 2
"""Of the tables; change it whenever they do."""
ID_BYTES: Final = 16
"""Whoever knows the id of a conversation can read it; so nobody may guess one."""
KEY_BYTES: Final = 8
WAIT_SECONDS: Final = 10

log = logging.getLogger(__name__)

Opinion = Literal["helpful", "not_helpful", "wrong_evidence"]


class StorageError(AdvisorError):
    """What is to be kept cannot be, or what was kept cannot be read."""


class UnknownConversationError(AdvisorError):
    """There is no conversation with this id."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was heard, typed or told by a click, None where the advisor opened; what that left to remember; and the
    reply.

    `key` tells it from every other turn: a conversation whose last turn has the same key is the same as it was.
    """

    heard: str | None
    state: State
    reply: Reply
    key: str = field(default_factory=lambda: secrets.token_hex(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of the reply of a turn, or of one of its citations."""

    turn: int
    opinion: Opinion
    citation: int | None = None


_TURN: Final = TypeAdapter(Turn)
_METADATA: Final = MetaData()
_CONVERSATIONS: Final = Table(
    "conversations",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("family", String, nullable=False, index=True),
    Column("begun", String, nullable=False),
)
_TURNS: Final = Table(
    "turns",
    _METADATA,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False),
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
)


class Conversations:
    """All conversations, in one SQLite file. Safe to share between threads, and the file between processes.

    Everything raises `StorageError` where the file cannot be used.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._readably():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # what people wrote is nobody else's business on this machine
            address = URL.create("sqlite", database=str(file))
            # Without its parameters, an error that is logged tells nothing of what people wrote.
            self._engine = create_engine(address, connect_args={"timeout": WAIT_SECONDS}, hide_parameters=True)
            event.listen(self._engine, "connect", _set_up)
            with self._engine.begin() as base:
                found = base.exec_driver_sql("PRAGMA user_version").scalar_one()
                if found not in (0, FORMAT):
                    raise StorageError(f"{file} was made by another version. Move it away, to begin a new one.")
                base.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
                _METADATA.create_all(base)

    def begin(self, turns: Sequence[Turn], version_of: str | None = None) -> str:
        """Keep a new conversation that opens with `turns`, or another version of one that is kept; its id."""
        name = secrets.token_hex(ID_BYTES)
        with self._writing() as base:
            family = base.execute(_family_of(version_of)).scalar_one() if version_of else name
            base.execute(insert(_CONVERSATIONS).values(id=name, family=family, begun=_now()))
            base.execute(insert(_TURNS), [_row(name, number, turn) for number, turn in enumerate(turns)])
        return name

    def turns(self, name: str) -> list[Turn]:
        """The turns of a conversation, in order. Raises `UnknownConversationError`."""
        asked = select(_TURNS.c.turn).where(_TURNS.c.conversation == name).order_by(_TURNS.c.number)
        with self._readably(), self._engine.connect() as base:
            turns = [_TURN.validate_json(turn) for turn in base.execute(asked).scalars()]
        if not turns:
            raise UnknownConversationError("There is no such conversation. It may have been removed; start a new one.")
        return turns

    def add(self, name: str, after: Turn, turn: Turn) -> None:
        """Keep `turn` in a conversation. Raises `MovedOnError` unless `after` is the last one there."""
        row = _row(name, -1, turn)
        next_number = (_TURNS.c.number + 1).label("number")
        values = select(*(next_number if column == "number" else literal(row[column]) for column in row))
        with self._writing() as base:  # one statement, so that of two who add at once only one can
            added = base.execute(insert(_TURNS).from_select(list(row), values.where(*_last(name, after))))
            _require_one(added.rowcount)

    def take_back(self, name: str, last: Turn) -> None:
        """Remove the last turn of a conversation, and what was thought of it. Raises `MovedOnError` unless it is
        `last`."""
        with self._writing() as base:
            removed = base.execute(delete(_TURNS).where(*_last(name, last)))
            _require_one(removed.rowcount)
            left = select(func.count()).where(_TURNS.c.conversation == name).scalar_subquery()
            base.execute(delete(_FEEDBACK).where(_FEEDBACK.c.conversation == name, _FEEDBACK.c.turn >= left))

    def remove(self, name: str) -> None:
        """Remove a conversation for good, in all its versions."""
        with self._writing() as base:
            family = base.execute(_family_of(name)).scalar_one_or_none()
            versions = select(_CONVERSATIONS.c.id).where(_CONVERSATIONS.c.family == family)
            for table in (_FEEDBACK, _TURNS):
                base.execute(delete(table).where(table.c.conversation.in_(versions)))
            base.execute(delete(_CONVERSATIONS).where(_CONVERSATIONS.c.family == family))

    def note(self, name: str, feedback: Feedback) -> None:
        """Keep what somebody thinks. Of the same reply or citation the last opinion counts; the same one again is
        withdrawn."""
        about = {"conversation": name, "turn": feedback.turn, "citation": feedback.citation}
        same_place = [_FEEDBACK.c[column] == value for column, value in about.items()]
        with self._writing() as base:
            withdrawn = base.execute(delete(_FEEDBACK).where(*same_place, _FEEDBACK.c.opinion == feedback.opinion))
            if not withdrawn.rowcount:
                base.execute(delete(_FEEDBACK).where(*same_place))
                base.execute(insert(_FEEDBACK).values(**about, opinion=feedback.opinion, at=_now()))

    def feedback(self, name: str) -> list[Feedback]:
        """What somebody thought of the turns of a conversation, in order."""
        columns = (_FEEDBACK.c[column] for column in ("turn", "opinion", "citation"))
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
            log.exception("%s cannot be used.", self._file)
            why = getattr(error, "orig", None) or error
            raise StorageError(f"Conversations cannot be kept in {self._file.name}: {why}.") from error
        except ValidationError as error:
            raise StorageError("This conversation was kept by another version, and cannot be gone on with.") from error


def _family_of(name: str) -> Select[tuple[str]]:
    return select(_CONVERSATIONS.c.family).where(_CONVERSATIONS.c.id == name)


def _row(name: str, number: int, turn: Turn) -> dict[str, Any]:
    kept = _TURN.dump_json(turn).decode()
    return {"conversation": name, "number": number, "key": turn.key, "at": _now(), "turn": kept}


def _last(name: str, turn: Turn) -> tuple[ColumnElement[bool], ...]:
    """That a row is the last turn of a conversation, and this one."""
    there = _TURNS.alias()
    most = select(func.max(there.c.number)).where(there.c.conversation == name).scalar_subquery()
    return _TURNS.c.conversation == name, _TURNS.c.key == turn.key, _TURNS.c.number == most


def _require_one(rows: int) -> None:
    if rows != 1:
        raise MovedOnError


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _set_up(connection: Any, record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # who reads need not wait for who writes
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what was removed is gone from the file, too
