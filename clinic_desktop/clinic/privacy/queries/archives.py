"""Archives: the list, an archive read again, and what one holds of a patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.retention.container import ArchiveUnreadable, Head, read_head, records
from clinic_desktop.clinic.privacy.retention.filing import CHANGE_SET, LABEL, ROW, TABLE, verify_journal, verify_rows
from clinic_desktop.clinic.privacy.retention.planning import keep_years
from clinic_desktop.clinic.privacy.rules import KEEP_YEARS, SHORTEST_YEARS, WHY_SHORTEST, Kind
from clinic_desktop.kernel.archived import Archive, Contents
from clinic_desktop.kernel.tables import Base


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One archive as people see it."""

    id: UUID
    file_name: str
    made_at: datetime
    as_of: date
    rows: int
    size_bytes: int
    is_journal: bool
    verified_at: datetime
    tables: dict[str, int]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """For how long one kind of record is kept."""

    kind: Kind
    years: int
    shortest: int
    default: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """An archive that was read again: what it holds, and whether this database knows it."""

    archive_id: UUID
    made_at: datetime
    is_known: bool
    rows: int
    tables: dict[str, int]


@dataclass(slots=True)
class PatientShown:
    """What an archive holds of one patient: rows by table, and names of what they refer to."""

    number: str
    patient_id: UUID | None = None
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    labels: dict[str, str] = field(default_factory=dict)


def archives(session: Session) -> list[ArchiveRow]:
    """Every archive, newest first."""
    return [_row(one) for one in session.scalars(select(Archive).order_by(Archive.made_at.desc(), Archive.id.desc()))]


def _row(one: Archive) -> ArchiveRow:
    contents = msgspec.json.decode(one.contents, type=Contents)
    counts = {name: taken.rows for name, taken in contents.tables.items()}
    return ArchiveRow(
        one.id, one.file_name, one.made_at, one.as_of, one.row_count, one.size_bytes, one.last_seq is not None, one.verified_at, counts
    )


def retention_rules(session: Session) -> list[RuleRow]:
    """For how long each kind is kept, with the lowest that may be chosen and why."""
    return [
        RuleRow(kind, keep_years(session, kind), SHORTEST_YEARS[kind], declared.default, WHY_SHORTEST[kind])
        for kind, declared in KEEP_YEARS.items()
    ]


def verify_file(session: Session, path: Path, *, data_keys: Iterable[bytes] = ()) -> Verified:
    """Read a whole archive and hold it against what the database says of it; raises ArchiveUnreadable."""
    head = _readable(path)
    known = session.get(Archive, head.archive_id)
    if known is not None and known.last_seq is not None:
        told = msgspec.json.decode(known.contents, type=Contents).tables["journal"]
        verify_journal(path, file_key=known.file_key, data_keys=data_keys, rows=told.rows, digest=told.digest)
        return Verified(head.archive_id, head.made_at, True, told.rows, {"journal": told.rows})
    against = None if known is None else msgspec.json.decode(known.contents, type=Contents)
    contents = verify_rows(path, file_key=None if known is None else known.file_key, data_keys=data_keys, against=against)
    counts = {name: taken.rows for name, taken in contents.tables.items()}
    return Verified(head.archive_id, head.made_at, known is not None, sum(counts.values()), counts)


def _readable(path: Path) -> Head:
    try:
        return read_head(path)
    except OSError as error:
        raise ArchiveUnreadable(reason="missing", path=path.name) from error


def shown_patient(session: Session, path: Path, *, number: str, data_keys: Iterable[bytes] = ()) -> PatientShown:
    """Everything that an archive holds of the patient with this number; raises ArchiveUnreadable."""
    head = _readable(path)
    known = session.get(Archive, head.archive_id)
    found = PatientShown(number)
    columns: dict[str, list[str]] = {}
    rows: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for kind, *values in records(path, file_key=None if known is None else known.file_key, data_keys=data_keys):
        if kind == TABLE:
            columns[values[0]] = values[1]
        elif kind == ROW:
            row = dict(zip(columns[values[0]], values[1], strict=True))
            rows[values[0]][row["id"]] = row
        elif kind == LABEL:
            found.labels[values[1]] = values[2]
        elif kind == CHANGE_SET:
            raise ArchiveUnreadable(reason="audit_only")
    key = next((one for one, row in rows["patients"].items() if row["patient_number"] == number), None)
    key = key or next((one for one, label in found.labels.items() if label.split(" · ")[0] == number), None)
    if key is not None:
        found.patient_id = UUID(key)
        _gather(found, rows, key)
    return found


def _gather(found: PatientShown, rows: dict[str, dict[str, dict[str, Any]]], key: str) -> None:
    """Rows that name the patient, and the parts of such rows."""
    own = {key}
    for table in Base.metadata.sorted_tables:  # owners come before their parts
        up = [one.parent.name for one in table.foreign_keys] if table.name != "patients" else []
        for row_id, row in rows.get(table.name, {}).items():
            if row_id == key or any(row[column] in own for column in up):
                own.add(row_id)
                found.rows[table.name].append(row)
