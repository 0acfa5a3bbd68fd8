"""A clinic moves from its file to a server: every row with its journal, its identity and its documents; the file takes nothing more.

The file is put out of use first, so that never two of them are at work; what was interrupted goes on when it is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.loading import load
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import MOVED_TO, for_reading
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.identity import remember
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog, ChangeSet, DatabaseIdentity, Entry, Header, append
from clinic_desktop.kernel.key_secrets import DataKey
from clinic_desktop.kernel.schema import is_current, revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.soundness import MOVED_GUARD, moved_to
from clinic_desktop.kernel.store import store_of

MOVE, STAY = "kernel.move", "kernel.stay"
"""The commands under which a database notes that it moves, and that it stays after all."""
_STAMP_LEAP = 1_000_000
"""As after a restore: the access stamp differs from any that a desk remembers."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move came to."""

    database_id: UUID
    """The new one, at the server."""
    moved_from: UUID
    seq: int
    """The file's last change set."""
    documents: int


def move(source: Database, target: Database, actor: Actor, *, steps: Steps = UNWATCHED) -> Moved:
    """Bring a file to a server's database, in which nothing is kept yet; raises RestoreRefused or DatabaseUnavailable.

    Fails it before the server has everything, the file is in use again as before.
    """
    refuse_unfit(source)
    url = target.address.url
    may_be_there = _is_begun(source)
    before, after, seq = _mark(source, actor, f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}")
    try:
        is_there = _identity(target) == after
        may_be_there = False
        if not is_there:
            _copy(source, target, actor.name, after, steps)
    except BaseException:
        if not may_be_there:
            _unmark(source, actor)
        raise
    documents = _documents(source, target, steps)
    target.recall_currency()
    remember(target)
    return Moved(after, before, seq, documents)


def is_there(source: Database, target: Database) -> bool:
    """Whether the server has the rows of a move that was begun before."""
    with source.engine.connect() as connection:
        begun = _begun(connection)
    return begun is not None and _identity(target) == begun[0]


def refuse_unfit(source: Database) -> None:
    """Raise RestoreRefused or DatabaseUnavailable for a database that cannot move: only a current file whose documents are sealed can."""
    if source.address.file is None:
        raise RestoreRefused(reason="no_file", path=str(source.address.url.database))
    if not is_current(source):
        raise DatabaseUnavailable(reason="not_migrated")
    with source.read() as session:
        if series_of(session):
            raise RestoreRefused(reason="copy", path=str(source.address.file))
    if source.data_key is None and next(iter(store_of(source).every()), None) is not None:
        raise RestoreRefused(reason="not_encrypted", path=str(source.address.file))


def _is_begun(source: Database) -> bool:
    with source.engine.connect() as connection:
        return _begun(connection) is not None


def _begun(connection: Connection) -> tuple[UUID, int] | None:
    """The id that a file goes on as at its server, and its own last change set."""
    if moved_to(connection) is None:
        return None
    last = select(ChangeSet.seq, AuditLog.changes).join(AuditLog, AuditLog.seq == ChangeSet.seq).where(ChangeSet.command == MOVE)
    seq, told = connection.execute(last.order_by(ChangeSet.seq.desc()).limit(1)).one()
    return UUID(msgspec.json.decode(told)["database_id"]), seq


def _mark(source: Database, actor: Actor, place: str) -> tuple[UUID, UUID, int]:
    """Let nobody write into the file any more, and note in its journal whereto it went and as what."""
    with source.engine.execution_options(clinic_write=True).begin() as connection:
        before = connection.execute(select(DatabaseIdentity.database_id)).scalar_one()
        known = moved_to(connection)
        if known not in (None, place):
            raise DatabaseUnavailable(reason="moved", path=str(source.address.file), to=known)
        if known is None:
            note = {"event": "moved", "to": place, "database_id": new_id()}
            header = Header(source.clock(), actor.user_id, actor.name, actor.workstation_id, MOVE, None)
            append(Session(connection), header, [Entry("database_identity", before, NOTE, note)])
            stop = f"SELECT RAISE(ABORT, '{MOVED_TO}{place.replace(chr(39), '')}')"
            connection.exec_driver_sql(f"CREATE TRIGGER {MOVED_GUARD} BEFORE UPDATE ON journal_head BEGIN {stop}; END")
        begun = _begun(connection)
        assert begun is not None
        return before, *begun


def _unmark(source: Database, actor: Actor) -> None:
    with source.engine.execution_options(clinic_write=True).begin() as connection:
        before = connection.execute(select(DatabaseIdentity.database_id)).scalar_one()
        if moved_to(connection) is not None:
            connection.exec_driver_sql(f"DROP TRIGGER {MOVED_GUARD}")
            header = Header(source.clock(), actor.user_id, actor.name, actor.workstation_id, STAY, None)
            append(Session(connection), header, [Entry("database_identity", before, NOTE, {"event": "stayed"})])


def _identity(target: Database) -> UUID | None:
    return None if revision(target) is None else _database_id(target)


def _database_id(target: Database) -> UUID | None:
    with target.engine.connect() as connection:
        return connection.execute(select(DatabaseIdentity.database_id)).scalar_one_or_none()


def _copy(source: Database, target: Database, by: str, after: UUID, steps: Steps) -> None:
    now, slots = source.clock(), None if source.data_key is None else source.vault.present()
    with for_reading(source.engine).connect() as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        empty = load(driver, str(revision(source)), slots, target, now, steps, finish=lambda inside: _rename(inside, after, by, now))
    if empty is not None:
        with target.engine.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{empty}" CASCADE')


def _rename(connection: Connection, after: UUID, by: str, now: datetime) -> None:
    """Give the copy its own id, and note in its journal whose it was: sync and numbering go on from there."""
    before = connection.execute(select(DatabaseIdentity.__table__)).one()._asdict()
    told = before | {"database_id": after, "restored_from": before["database_id"]}
    connection.execute(update(DatabaseIdentity).values(database_id=after, restored_from=before["database_id"]))
    connection.execute(text("UPDATE access_stamp SET stamp = stamp + :leap"), {"leap": _STAMP_LEAP})
    entries = [
        Entry("database_identity", before["database_id"], DELETE, _without_empty(before)),
        Entry("database_identity", after, INSERT, _without_empty(told)),
        Entry("database_identity", after, NOTE, {"event": "moved_here", "from": before["database_id"]}),
    ]
    append(Session(connection), Header(now, None, by, None, MOVE, None), entries)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _documents(source: Database, target: Database, steps: Steps) -> int:
    if source.data_key is None:
        return 0
    target.vault.unlock(DataKey(source.data_key))
    names, from_file, to_server = list(store_of(source).every()), store_of(source), store_of(target)
    for number, name in enumerate(names):
        steps.at(number, len(names), "documents")
        if not to_server.has(name):
            to_server.put(from_file.get(name))
    return len(names)
