"""Change sets, applied to a working copy of a backup: its rows become what they were when the last of them was committed.

The copy is always a SQLite file (of whatever revision the backup has), so rows are written in raw form, typed by the file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as sqlcipher

from clinic_desktop.kernel.archived import Archive, Contents, unpacked
from clinic_desktop.kernel.backup.changes import Change, Touched
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.rawforms import Raw, from_journal, instant_form
from clinic_desktop.kernel.backup.sides import SqliteSide
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.kernel.tables import Base

MIGRATED = "migrated"
_TOLD_EVERY = 200
"""Change sets between two words of progress."""
_ORIGIN = "INSERT INTO journal_origins (seq, site_id, database_id, origin_seq, origin_hlc, origin_hash) VALUES (?, ?, ?, ?, ?, ?)"

RawRow = dict[str, Raw]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far a replay came."""

    change_sets: int
    seq: int
    hash: bytes
    at: datetime | None
    """Time of the last change set; None when there was none."""


@dataclass(slots=True)
class _Copy:
    """The working copy: its tables as they are at the present revision, and statements by table."""

    connection: Any
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """Read the tables of the present revision."""
        tables = SqliteSide(self.connection).tables()
        self.kinds = {name: {column.name: column.kind for column in columns} for name, columns in tables.items()}
        first_keys = "SELECT t.name, min(c.name) FROM pragma_table_list t JOIN pragma_table_info(t.name) c"
        found = self.connection.execute(f"{first_keys} WHERE t.schema = 'main' AND c.pk = 1 GROUP BY 1")
        self.keys = dict(found.fetchall())


def replay(
    connection: Any, changes: Iterable[Change], migrate: Callable[[str], None], *, steps: Steps = UNWATCHED, total: int = 0
) -> Replayed:
    """Apply change sets in order, in one transaction between two migrations; ``migrate`` brings the file to a revision."""
    copy, side = _Copy(connection), SqliteSide(connection)
    seq, digest = connection.execute("SELECT seq, hash FROM journal_head").fetchone()
    outcome = Replayed(0, seq, digest, None)
    waiting = iter(changes)
    change = next(waiting, None)
    while change is not None:
        connection.execute("BEGIN IMMEDIATE")
        copy.look()
        target = None
        with side.unguarded():
            while change is not None and (target := _migrated(change)) is None:
                outcome = _apply(copy, change, outcome)
                _tell(outcome, steps, total)
                change = next(waiting, None)
        connection.execute("COMMIT")
        if change is not None and target is not None:
            migrate(target)
            connection.execute("BEGIN IMMEDIATE")
            copy.look()
            outcome = _apply(copy, change, outcome)
            connection.execute("COMMIT")
            change = next(waiting, None)
    return outcome


def _tell(outcome: Replayed, steps: Steps, total: int) -> None:
    if outcome.change_sets % _TOLD_EVERY == 0:
        steps.at(outcome.change_sets, max(total, outcome.change_sets), "replay")


def _migrated(change: Change) -> str | None:
    """The revision that a change set says the database was brought to."""
    for row in change.rows:
        if row.operation == NOTE and change.command == "kernel.upgrade":
            note = msgspec.json.decode(row.changes)
            if note.get("event") == MIGRATED:
                return str(note["after"])
    return None


def _apply(copy: _Copy, change: Change, before: Replayed) -> Replayed:
    if change.seq != before.seq + 1 or not change.follows(before.hash):
        raise RestoreRefused(reason="journal_broken", seq=change.seq)
    try:
        copy.connection.execute("SAVEPOINT change")
        for number, row in enumerate(change.rows):
            _write(copy, change, number, row)
    except sqlcipher.IntegrityError:
        # Two rows passed a unique value between them: the journal holds how they ended, not in which order they got there.
        copy.connection.execute("ROLLBACK TO change")
        _write_at_once(copy, change)
    copy.connection.execute("RELEASE change")
    _log(copy, change)
    _let_go(copy, change)
    return Replayed(before.change_sets + 1, change.seq, change.hash, change.at)


def _write(copy: _Copy, change: Change, number: int, row: Touched) -> None:
    key = (from_journal(row.entity_id, "uuid"),)
    if row.operation == DELETE:
        copy.connection.execute(f'DELETE FROM "{row.entity_type}" WHERE "{copy.keys[row.entity_type]}" = ?', key)
    elif row.operation == INSERT:
        _insert(copy.connection, row.entity_type, _new_values(copy, change, number, row))
    elif row.operation == UPDATE:
        values = _new_values(copy, change, number, row)
        places = ", ".join(f'"{name}" = ?' for name in values)
        statement = f'UPDATE "{row.entity_type}" SET {places} WHERE "{copy.keys[row.entity_type]}" = ?'
        if copy.connection.execute(statement, (*values.values(), *key)).rowcount != 1:
            raise RestoreRefused(reason="row_missing", seq=change.seq, table=row.entity_type)


def _insert(connection: Any, table: str, values: Mapping[str, Raw]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})', tuple(values.values()))


def _new_values(copy: _Copy, change: Change, number: int, row: Touched) -> RawRow:
    """What the columns of a row are after the change, its times included."""
    kinds = copy.kinds[row.entity_type]
    told: dict[str, Any] = msgspec.json.decode(row.changes)
    if row.operation == UPDATE:
        told = {name: new for name, (_, new) in told.items()}
    told.update({secret.field: msgspec.json.decode(secret.value) for secret in change.secrets if secret.ordinal == number})
    if any(value == SECRET and _is_secret(row.entity_type, name) for name, value in told.items()):
        raise RestoreRefused(reason="secrets_forgotten", seq=change.seq)
    values = {name: from_journal(value, kinds[name]) for name, value in told.items()}
    stamps = ("created_at", "updated_at") if row.operation == INSERT else ("updated_at",)
    # A row that came whole from another database says itself when it was made.
    return {name: instant_form(change.at) for name in stamps if name in kinds} | values


def _is_secret(table: str, name: str) -> bool:
    known = Base.metadata.tables.get(table)
    return known is not None and name in known.c and bool(known.c[name].info.get("secret"))


def _write_at_once(copy: _Copy, change: Change) -> None:
    """Lift all touched rows, then lay them down as they ended."""
    lifted: list[tuple[int, Touched, RawRow]] = []
    for number, row in enumerate(change.rows):
        if row.operation in (UPDATE, DELETE):
            lifted.append((number, row, _lift(copy, row)))
    for number, row in enumerate(change.rows):
        if row.operation == INSERT:
            lifted.append((number, row, {}))
    for number, row, present in lifted:
        if row.operation != DELETE:
            _insert(copy.connection, row.entity_type, present | _new_values(copy, change, number, row))


def _lift(copy: _Copy, row: Touched) -> RawRow:
    where = f'FROM "{row.entity_type}" WHERE "{copy.keys[row.entity_type]}" = ?'
    key = (from_journal(row.entity_id, "uuid"),)
    cursor = copy.connection.execute(f"SELECT * {where}", key)
    names, found = [one[0] for one in cursor.description], cursor.fetchone()
    copy.connection.execute(f"DELETE {where}", key)
    return {} if found is None else dict(zip(names, found, strict=True))


def _let_go(copy: _Copy, change: Change) -> None:
    """What left into an archive: its row tells which keys, and how much of the journal."""
    for row in change.rows:
        if (row.entity_type, row.operation) != (Archive.__tablename__, INSERT):
            continue
        told = msgspec.json.decode(row.changes)
        for table, taken in msgspec.json.decode(told["contents"], type=Contents).tables.items():
            keys = [(from_journal(key, "uuid"),) for key in unpacked(taken.ids)]
            copy.connection.executemany(f'DELETE FROM "{table}" WHERE "{copy.keys[table]}" = ?', keys)
        if told.get("last_seq") is not None:
            for table in ("journal_secrets", "audit_logs", "journal"):
                copy.connection.execute(f"DELETE FROM {table} WHERE seq <= ?", (told["last_seq"],))


def _log(copy: _Copy, change: Change) -> None:
    """The change set itself, word by word, whose it was, and the head behind it."""
    connection = copy.connection
    _insert(
        connection,
        "journal",
        {
            "seq": change.seq,
            "at": instant_form(change.at),
            "hlc": change.hlc,
            "actor_id": from_journal(change.actor_id, "uuid"),
            "actor_name": change.actor_name,
            "workstation_id": from_journal(change.workstation_id, "uuid"),
            "command": change.command,
            "reason": change.reason,
            "hash": change.hash,
        },
    )
    connection.executemany(
        "INSERT INTO audit_logs (seq, ordinal, entity_type, entity_id, operation, changes) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (change.seq, number, row.entity_type, from_journal(row.entity_id, "uuid"), row.operation, row.changes)
            for number, row in enumerate(change.rows)
        ],
    )
    connection.executemany(
        "INSERT INTO journal_secrets (seq, ordinal, field, value) VALUES (?, ?, ?, ?)",
        [(change.seq, secret.ordinal, secret.field, secret.value) for secret in change.secrets],
    )
    if change.origin is not None and JournalOrigin.__tablename__ in copy.kinds:
        values = [from_journal(value, "uuid") for value in change.origin[:2]] + list(change.origin[2:])
        connection.execute(_ORIGIN, (change.seq, *values))
    connection.execute("UPDATE journal_head SET seq = ?, hash = ?, hlc = ?", (change.seq, change.hash, change.hlc))
