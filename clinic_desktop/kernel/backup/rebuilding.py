"""A backup and the change sets after it, made one database file again, checked as a whole, and told that it is a restored one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.backup.container import unpack
from clinic_desktop.kernel.backup.copying import digests
from clinic_desktop.kernel.backup.errors import BadBackup, RestoreRefused
from clinic_desktop.kernel.backup.planning import Plan
from clinic_desktop.kernel.backup.replaying import Replayed, replay
from clinic_desktop.kernel.backup.sides import SqliteSide
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.workfiles import bring_to, building, in_transaction
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, DatabaseIdentity, Entry, Header, append
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.tables import Base

RESTORED = "kernel.restore"
"""The command under which a restored copy notes that it is one."""
_STAMP_LEAP = 1_000_000
"""So much the access stamp rises, so that it differs from any that a desk remembers of the database before."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was built."""

    database_id: UUID
    """The new one of this copy."""
    restored_from: UUID
    change_sets: int
    """Replayed on the backup."""
    seq: int
    """The last change set of before; the restore's own follows it."""
    at: datetime | None
    """When that one was committed."""
    revision: str
    rows: int


def rebuild(plan: Plan, target: Path, now: datetime, *, present: Database | None = None, by: str, steps: Steps = UNWATCHED) -> Rebuilt:
    """Build the state that a plan names in a new encrypted file, check it, and give it an identity of its own."""
    if plan.backup.manifest.revision > newest_revision():
        raise RestoreRefused(reason="newer_program", version=plan.backup.manifest.app_version)
    unpack(plan.backup, target, steps)
    with building(target, plan.data_key) as copy:
        outcome = replay(copy, plan.changes(present), _migrating(copy), steps=steps)
        _forget_strays(copy)
        _check(copy, plan, steps)
        with in_transaction(copy) as connection:
            database_id = _renamed(connection, plan, outcome, now, by)
        (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = sum(count for count, _ in digests(SqliteSide(copy), steps).values())
    at = outcome.at or plan.backup.manifest.last_at
    return Rebuilt(database_id, plan.shelf.database_id, outcome.change_sets, outcome.seq, at, revision, rows)


def _migrating(copy: Any) -> Callable[[str], None]:
    def migrate(revision: str) -> None:
        if revision > newest_revision():
            raise RestoreRefused(reason="newer_program", version=revision)
        bring_to(copy, revision)

    return migrate


def _forget_strays(copy: Any) -> None:
    """Rows of a site's own mechanics are as of the backup: those whose record a replay deleted go with it."""
    for table, row, _, _ in copy.execute("PRAGMA foreign_key_check").fetchall():
        if table in Base.metadata.tables and not Base.metadata.tables[table].info.get("journalled", True):
            copy.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))


def _check(copy: Any, plan: Plan, steps: Steps) -> None:
    """All of it, as the database's own checks would: pages, references, and the whole chain of the journal."""
    path = str(plan.backup.path)
    steps.at(0, 3, "check")
    broken = [line for (line,) in copy.execute("PRAGMA integrity_check(10)") if line != "ok"]
    if broken:
        raise BadBackup(path=path, reason="damaged", detail=broken[0])
    steps.at(1, 3, "check")
    lost = copy.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise BadBackup(path=path, reason="references", table=lost[0])
    steps.at(2, 3, "check")
    with in_transaction(copy) as connection:
        link = verify(Session(connection)).broken
    if link is not None:
        raise BadBackup(path=path, reason="journal_broken", seq=link.seq)
    steps.at(3, 3, "check")


def _renamed(connection: Connection, plan: Plan, outcome: Replayed, now: datetime, by: str) -> UUID:
    """Give the copy an id of its own, and note in its journal whose copy it is."""
    columns = {name for (name,) in connection.exec_driver_sql("SELECT name FROM pragma_table_info('database_identity')")}
    known = [column for column in DatabaseIdentity.__table__.c if column.name in columns]
    before = connection.execute(select(*known)).one()._asdict()
    after = before | {"database_id": new_id()} | ({"restored_from": before["database_id"]} if "restored_from" in columns else {})
    places = ", ".join(f"{name} = :{name}" for name in after)
    raw = {name: value.hex if isinstance(value, UUID) else value for name, value in after.items()}
    connection.execute(text(f"UPDATE database_identity SET {places}"), raw)
    if connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'access_stamp'")):
        connection.execute(text(f"UPDATE access_stamp SET stamp = stamp + {_STAMP_LEAP}"))
    note = {"event": "restored", "from": before["database_id"], "backup": plan.backup.path.name, "through": outcome.seq, "at": plan.at}
    entries = [
        Entry("database_identity", before["database_id"], DELETE, _told(before)),
        Entry("database_identity", after["database_id"], INSERT, _told(after)),
        Entry("database_identity", after["database_id"], NOTE, note),
    ]
    append(Session(connection), Header(now, None, by, None, RESTORED, None), entries)
    return UUID(str(after["database_id"]))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
