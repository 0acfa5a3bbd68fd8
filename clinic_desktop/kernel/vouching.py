"""Live rights: an actor with a session is read anew once the access stamp has moved or the session's time is over.

The stamp is one number in one row. It rises in the transaction of every change to a column that decides over rights, so one
small statement in each scope tells whether what a desk knows of its person is still true, whichever computer made the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import BigInteger, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, declared_tables

DECIDES_RIGHTS = {"decides_rights": True}
"""The ``info`` of columns whose change must bite in open sessions at once."""


class AccessStamp(Base):
    """How often anything has changed that decides over rights: this database's own count."""

    __tablename__ = "access_stamp"
    __table_args__ = ({"info": {"journalled": False}},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(BigInteger)


Reread = Callable[[Session, Actor, datetime], Actor]
_rereads: list[Reread] = []

_STAMP = "SELECT stamp FROM access_stamp"
_RAISE = text("UPDATE access_stamp SET stamp = stamp + 1")


def reads_rights(function: Reread) -> Reread:
    """Declare how an actor is read anew: ``function(session, actor, now)`` returns it, or raises SessionEnded."""
    _rereads.append(function)
    return function


def present_stamp(session: Session) -> int:
    """The stamp as this scope sees it."""
    # The driver's own text: it is the one statement that every scope of a person runs before its own.
    return int(session.connection().exec_driver_sql(_STAMP).scalar_one())


def raise_stamp(session: Session) -> None:
    """Make every open session look again, once this transaction has committed."""
    session.connection().execute(_RAISE)


class Changed(Protocol):
    """An entry of the journal, or what becomes one."""

    entity_type: str
    changes: dict[str, Any]


def decide_rights(entries: Iterable[Changed]) -> bool:
    """Whether any of these changes decides over rights."""
    deciding = _deciding(len(Base.metadata.tables))
    return any(not deciding.get(entry.entity_type, _NONE).isdisjoint(entry.changes) for entry in entries)


_NONE: frozenset[str] = frozenset()


@cache
def _deciding(_tables: int) -> dict[str, frozenset[str]]:
    # By the number of tables: departments declare theirs as they are imported.
    marked = {
        table.name: frozenset(column.name for column in table.columns if column.info.get("decides_rights")) for table in declared_tables()
    }
    return {name: columns for name, columns in marked.items() if columns}


class Vouching:
    """What one open database knows of the people at work, by session."""

    def __init__(self) -> None:
        self._live: dict[UUID, Actor] = {}

    def now(self, actor: Actor) -> Actor:
        """The person as last read; without a session, as given."""
        return actor if actor.session_id is None else self._live.get(actor.session_id, actor)

    def remember(self, actor: Actor) -> None:
        """Take what was just read for the truth until the stamp moves."""
        if actor.session_id is not None:
            self._live[actor.session_id] = actor

    def vouch(self, session: Session, actor: Actor, now: datetime) -> Actor:
        """The person with the rights of this moment; raises SessionEnded."""
        if actor.session_id is None:
            return actor
        known = self.now(actor)
        is_over = known.valid_until is not None and now >= known.valid_until
        if known.stamp is not None and known.stamp == present_stamp(session) and not is_over:
            return known
        for reread in _rereads:
            known = reread(session, known, now)
        self.remember(known)
        return known
