"""Letting go what an archive holds: the archive's row and the rows' leaving are one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Table, delete, func, select

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.privacy import models as models
from clinic_desktop.clinic.privacy.commands.permissions import RETAIN
from clinic_desktop.clinic.privacy.events import RecordsArchived
from clinic_desktop.clinic.privacy.retention.filing import journal_rows
from clinic_desktop.clinic.privacy.retention.values import Tally, in_chunks, rows_of
from clinic_desktop.clinic.privacy.rules import KEEP_YEARS, LONGEST_YEARS, SHORTEST_YEARS, Kind
from clinic_desktop.kernel.archived import Archive, Contents, TakenOut, archived_head, link, newest_link, unpacked
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.journal_secrets import JournalSecret
from clinic_desktop.kernel.lifting import deletable
from clinic_desktop.kernel.tables import Base


class RecordsChanged(ClinicError):
    """Somebody changed a row between its archiving and its leaving: nothing left, the archive file is void. Run it again."""

    code = "records_changed"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file that was written, read again and found whole."""

    archive_id: UUID
    file_name: str
    sha256: str
    size_bytes: int
    as_of: date
    row_count: int
    file_key: bytes


@command(RETAIN)
def keep_for(tx: Tx, *, kind: Kind, years: int) -> None:
    """Set for how many years a kind of record is kept; raises InvalidInput below what any law allows."""
    if kind not in KEEP_YEARS:
        raise InvalidInput("kind", "not_one_of", allowed=", ".join(KEEP_YEARS))
    if not SHORTEST_YEARS[kind] <= years <= LONGEST_YEARS:
        raise InvalidInput("years", "outside_years", lowest=SHORTEST_YEARS[kind], highest=LONGEST_YEARS)
    set_setting.function(tx, key=KEEP_YEARS[kind].key, value=years)


@command(RETAIN)
def archive_rows(tx: Tx, *, file: ArchiveFile, contents: Contents) -> None:
    """Record an archive and let its rows go; raises RecordsChanged when one is not what the archive holds."""
    for name, taken in contents.tables.items():
        tally = Tally(name)
        for row in rows_of(tx.session, name, unpacked(taken.ids), lock=True):
            tally.add(row)
        found = tally.done()
        if (found.rows, found.digest) != (taken.rows, taken.digest):
            raise RecordsChanged(table=name)
    _record(tx, _row(tx, file, msgspec.json.encode(contents).decode()))
    counts = {name: taken.rows for name, taken in contents.tables.items()}
    tx.note("archived", Archive.__tablename__, file.archive_id, rows=counts, until=contents.until, file=file.file_name)
    tx.session.flush()
    connection = tx.session.connection()
    with deletable(connection, list(contents.tables)):
        for table in _children_first(contents):
            _let_go(connection, table, unpacked(contents.tables[table.name].ids))
    tx.emit(RecordsArchived(file.archive_id, file.row_count))


def _record(tx: Tx, row: Archive) -> None:
    row.chain = link(newest_link(tx.session), row)
    tx.add(row)


def _row(tx: Tx, file: ArchiveFile, contents: str) -> Archive:
    return Archive(
        id=file.archive_id,
        file_name=file.file_name,
        file_sha256=file.sha256,
        size_bytes=file.size_bytes,
        as_of=file.as_of,
        made_at=tx.now,
        row_count=file.row_count,
        contents=contents,
        file_key=file.file_key,
        verified_at=tx.now,
    )


def _children_first(contents: Contents) -> Iterator[Table]:
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in contents.tables:
            yield table


def _let_go(connection: Connection, table: Table, keys: list[UUID]) -> None:
    """Delete rows; of a table that points to itself, those that point first."""
    own = [key.parent for key in table.foreign_keys if key.column.table is table]
    left = set(keys)
    while left:
        free = left - _pointed_to(connection, table, own, left) if own else left
        for chunk in in_chunks(free):
            connection.execute(delete(table).where(table.c.id.in_(chunk)))
        if not free:
            raise RecordsChanged(table=table.name)
        left -= free


def _pointed_to(connection: Connection, table: Table, own: list, left: set[UUID]) -> set[UUID]:  # type: ignore[type-arg]
    found: set[UUID] = set()
    for column in own:
        for chunk in in_chunks(left):
            found.update(connection.scalars(select(column).where(column.in_(chunk))))
    return found


@command(RETAIN)
def archive_journal(tx: Tx, *, file: ArchiveFile, last_seq: int, digest: str) -> None:
    """Record an archive of the journal and let its change sets go: the chain now begins where the archive ends."""
    found, rows = sha256(), 0
    for body in journal_rows(tx.session, last_seq):
        found.update(msgspec.json.encode(body))
        rows += 1
    if rows != file.row_count or found.hexdigest() != digest:
        raise RecordsChanged(table=ChangeSet.__tablename__)
    last_hash = tx.session.execute(select(ChangeSet.hash).where(ChangeSet.seq == last_seq)).scalar_one()
    last_at = _latest(tx, last_seq)
    taken = TakenOut(rows, digest, "")
    contents = Contents({ChangeSet.__tablename__: taken}, {Kind.AUDIT.value: last_at.date()})
    row = _row(tx, file, msgspec.json.encode(contents).decode())
    row.first_seq, row.last_seq = last_seq - rows + 1, last_seq
    row.last_hash, row.last_at = bytes(last_hash).hex(), last_at
    _record(tx, row)
    tx.note("archived", Archive.__tablename__, file.archive_id, change_sets=rows, last_seq=last_seq, file=file.file_name)
    tx.session.flush()
    connection = tx.session.connection()
    with deletable(connection, (AuditLog.__tablename__, ChangeSet.__tablename__)):
        connection.execute(delete(JournalSecret.__table__).where(JournalSecret.seq <= last_seq))  # type: ignore[arg-type]
        connection.execute(delete(AuditLog.__table__).where(AuditLog.seq <= last_seq))  # type: ignore[arg-type]
        connection.execute(delete(ChangeSet.__table__).where(ChangeSet.seq <= last_seq))  # type: ignore[arg-type]
    tx.emit(RecordsArchived(file.archive_id, rows))


def _latest(tx: Tx, last_seq: int) -> datetime:
    """The latest time of all that left: a site that was away sends what is older than what came before it."""
    latest = tx.session.execute(select(func.max(ChangeSet.at)).where(ChangeSet.seq <= last_seq)).scalar_one()
    before = archived_head(tx.session)
    return latest if before is None else max(latest, before.at)


@command(RETAIN)
def note_verified(tx: Tx, *, archive_id: UUID) -> None:
    """Note that an archive was read again and is whole."""
    tx.session.get_one(Archive, archive_id).verified_at = tx.now
