"""Writing an archive, and reading it again to see that it holds what it should."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.retention.container import ArchiveUnreadable, ArchiveWriter, Head, records
from clinic_desktop.clinic.privacy.retention.planning import Leaving
from clinic_desktop.clinic.privacy.retention.values import Tally, in_chunks, rows_of, table_named
from clinic_desktop.kernel.archived import Contents, TakenOut
from clinic_desktop.kernel.journal import AuditLog, ChangeSet

Progress = Callable[[int, int, str], None]
"""Told (done, total, label); the label is a code: plan, write, check, remove, audit. It may raise to stop the work."""

ABOUT, TABLE, ROW, LABEL, ENTRY, DOCUMENT, CHANGE_SET, END = "about", "table", "row", "label", "entry", "document", "set", "end"
_LABELS = ("patient_number", "full_name", "name", "number", "code", "username", "batch_number")
"""Columns by which people know a row."""


def write_rows(
    session: Session, path: Path, head: Head, file_key: bytes, wanted: Leaving, progress: Progress, bytes_of: Callable[[str], bytes | None]
) -> Contents:
    """Write every row that leaves, with its audit entries, its files, and the names of what it refers to."""
    tallies: dict[str, TakenOut] = {}
    documents: dict[str, int] = {}
    seen: dict[str, set[UUID]] = defaultdict(set)
    done = 0
    with ArchiveWriter(path, head, file_key) as archive:
        archive.add(ABOUT, {"as_of": wanted.as_of, "until": {kind.value: day for kind, day in wanted.cutoffs.items()}})
        for name, keys in wanted.rows.items():
            table, tally = table_named(name), Tally(name)
            archive.add(TABLE, name, [str.__str__(column.name) for column in table.columns])
            references = [(key.parent.name, str.__str__(key.column.table.name)) for key in table.foreign_keys]
            for row in rows_of(session, name, keys):
                archive.add(ROW, name, tally.add(row))
                for column, target in references:
                    if row[column] is not None and row[column] not in wanted.rows.get(target, ()):
                        seen[target].add(row[column])
                if name == "documents":
                    documents |= _file(archive, row["sha256"], bytes_of)
                done += 1
                if done % 500 == 0:
                    progress(done, wanted.total, "write")
            tallies[name] = tally.done()
            _entries(session, archive, name, keys)
        _labels(session, archive, seen)
        contents = Contents(tallies, {kind.value: day for kind, day in wanted.cutoffs.items()}, documents)
        archive.add(END, contents)
    progress(wanted.total, wanted.total, "write")
    return contents


def _file(archive: ArchiveWriter, digest: str, bytes_of: Callable[[str], bytes | None]) -> dict[str, int]:
    content = bytes_of(digest)
    if content is None:
        return {}
    archive.add(DOCUMENT, digest, content)
    return {digest: len(content)}


def _entries(session: Session, archive: ArchiveWriter, name: str, keys: Iterable[UUID]) -> None:
    c, r = ChangeSet, AuditLog
    columns = (c.seq, c.at, c.actor_name, c.command, c.reason, r.entity_type, r.entity_id, r.operation, r.changes)
    for chunk in in_chunks(set(keys)):
        found = select(*columns).join(r, r.seq == c.seq).where(r.entity_type == name, r.entity_id.in_(chunk)).order_by(r.seq, r.ordinal)
        for row in session.execute(found):
            archive.add(ENTRY, *msgspec.to_builtins(tuple(row)))


def _labels(session: Session, archive: ArchiveWriter, seen: dict[str, set[UUID]]) -> None:
    """The names of the people, places and goods that the rows point to: an archive must be readable when they have changed."""
    for name, keys in seen.items():
        table = table_named(name)
        shown = [table.c[column] for column in _LABELS if column in table.c]
        if name == "patients":
            shown.append(table.c.full_name)
        for chunk in in_chunks(keys) if shown else ():
            for row in session.execute(select(table.c.id, *dict.fromkeys(shown)).where(table.c.id.in_(chunk))):
                archive.add(LABEL, name, str(row[0]), " · ".join(str(value) for value in row[1:] if value))


def write_journal(session: Session, path: Path, head: Head, file_key: bytes, last_seq: int, progress: Progress) -> tuple[int, str]:
    """Write every change set up to ``last_seq`` with its entries; returns how many rows went in, and their digest."""
    digest, rows = sha256(), 0
    with ArchiveWriter(path, head, file_key) as archive:
        archive.add(ABOUT, {"last_seq": last_seq})
        for body in journal_rows(session, last_seq):
            archive.add(CHANGE_SET, body)
            digest.update(msgspec.json.encode(body))
            rows += 1
            if rows % 500 == 0:
                progress(rows, last_seq, "audit")
        archive.add(END, {"rows": rows, "digest": digest.hexdigest()})
    return rows, digest.hexdigest()


def journal_rows(session: Session, last_seq: int) -> Iterable[list[Any]]:
    """Change sets up to a sequence number as an archive spells them: their columns, then their entries."""
    after, page = 0, 500
    while True:
        heads = session.execute(
            select(*ChangeSet.__table__.columns).where(ChangeSet.seq > after, ChangeSet.seq <= last_seq).order_by(ChangeSet.seq).limit(page)
        ).all()
        if not heads:
            return
        r = AuditLog
        logs = select(r.seq, r.ordinal, r.entity_type, r.entity_id, r.operation, r.changes)
        entries: dict[int, list[Any]] = defaultdict(list)
        for row in session.execute(logs.where(r.seq.between(heads[0].seq, heads[-1].seq)).order_by(r.seq, r.ordinal)):
            entries[row.seq].append(msgspec.to_builtins(tuple(row[1:])))
        for head in heads:
            yield [*msgspec.to_builtins(tuple(head)), entries[head.seq]]
        after = heads[-1].seq


def verify_rows(path: Path, *, file_key: bytes | None, data_keys: Iterable[bytes] = (), against: Contents | None = None) -> Contents:
    """Read a whole archive of rows: counts, digests and files are what it says (and what the database says); raises ArchiveUnreadable."""
    tallies: dict[str, Tally] = {}
    files: dict[str, int] = {}
    told: Contents | None = None
    for kind, *values in records(path, file_key=file_key, data_keys=data_keys):
        if kind == TABLE:
            tallies[values[0]] = Tally(values[0])
        elif kind == ROW:
            tallies[values[0]].add_plain(UUID(values[1][_key_at(values[0])]), values[1])
        elif kind == DOCUMENT:
            files[values[0]] = len(values[1])
            if sha256(values[1]).hexdigest() != values[0]:
                raise ArchiveUnreadable(reason="damaged")
        elif kind == END:
            told = msgspec.convert(values[0], Contents)
    if told is None or files != told.documents or (against is not None and told != against):
        raise ArchiveUnreadable(reason="damaged")
    found = {name: tally.done() for name, tally in tallies.items()}
    if any((found[name].rows, found[name].digest, found[name].ids) != (t.rows, t.digest, t.ids) for name, t in told.tables.items()):
        raise ArchiveUnreadable(reason="damaged")
    return told


def _key_at(_name: str) -> int:
    return 0  # ``Record`` sorts its key before all other columns


def verify_journal(path: Path, *, file_key: bytes | None, data_keys: Iterable[bytes] = (), rows: int, digest: str) -> None:
    """Read a whole archive of the journal: raises ArchiveUnreadable unless it holds so many change sets with that digest."""
    found, seen = sha256(), 0
    for kind, *values in records(path, file_key=file_key, data_keys=data_keys):
        if kind == CHANGE_SET:
            found.update(msgspec.json.encode(values[0]))
            seen += 1
    if seen != rows or found.hexdigest() != digest:
        raise ArchiveUnreadable(reason="damaged")
