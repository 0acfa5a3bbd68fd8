"""Records that may be one person, two of them side by side, and what was merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.patients.combining import FIELDS
from clinic_desktop.clinic.patients.matching import compare
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate, PatientMerge
from clinic_desktop.clinic.patients.queries.likeness import comparable_person
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.patients.queries.records import ROW_COLUMNS, PatientRow, patient_row
from clinic_desktop.clinic.patients.rules import DuplicateStatus, PatientStatus
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.tables import Base


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Two records that may be one person."""

    id: UUID
    a_id: UUID
    a_number: str
    a_name: str
    b_id: UUID
    b_number: str
    b_name: str
    score: int
    reasons: tuple[str, ...]
    status: DuplicateStatus


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records: what it says, and how much hangs on it, by table."""

    patient: PatientRow
    values: Mapping[str, Any]
    counts: Mapping[str, int]
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """Two records held against each other; ``older`` was registered first."""

    older: Side
    newer: Side
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge, standing or undone."""

    id: UUID
    kept_id: UUID
    kept_number: str
    kept_name: str
    merged_id: UUID
    merged_number: str
    merged_name: str
    reason: str | None
    merged_at: datetime
    merged_by: str | None
    undone_at: datetime | None
    later_id: UUID | None = None
    """The merge that was made on this one since, and stands: that is to be undone first."""


ABOUT_RECORDS = frozenset({"patients", "patient_duplicates", "patient_merges"})
"""Tables that speak of records rather than of what a patient has."""
_SEALED = frozenset({"consultations", "vital_signs"})
"""A clinic's server lets only those who treat read these; the visits tell a desk of them."""


@cache
def references_to_patients() -> tuple[Column[UUID], ...]:
    """Every column of the models that names a patient, found in the models themselves."""
    target = Patient.__table__.c.id
    return tuple(key.parent for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.column is target)


def duplicates(session: Session, *, status: DuplicateStatus = DuplicateStatus.OPEN, limit: int = 500) -> list[DuplicateRow]:
    """Pairs to review, the likeliest first; a record that was merged meanwhile waits in no pair."""
    a, b = aliased(Patient), aliased(Patient)
    wanted = (
        select(PatientDuplicate, a.patient_number, a.full_name, b.patient_number, b.full_name)
        .join(a, a.id == PatientDuplicate.a_id)
        .join(b, b.id == PatientDuplicate.b_id)
        .where(PatientDuplicate.status == status)
        .order_by(PatientDuplicate.score.desc(), PatientDuplicate.id)
        .limit(limit)
    )
    if status is DuplicateStatus.OPEN:
        wanted = wanted.where(a.status != PatientStatus.MERGED, b.status != PatientStatus.MERGED)
    return [
        DuplicateRow(
            *(pair.id, pair.a_id, a_number, a_name, pair.b_id, b_number, b_name, pair.score, tuple(pair.reasons.split())),
            pair.status,
        )
        for pair, a_number, a_name, b_number, b_name in session.execute(wanted)
    ]


def open_duplicates(session: Session) -> int:
    """How many pairs wait for a person."""
    a, b = aliased(Patient), aliased(Patient)
    in_use = (a.status != PatientStatus.MERGED, b.status != PatientStatus.MERGED)
    wanted = (
        select(func.count()).select_from(PatientDuplicate).join(a, a.id == PatientDuplicate.a_id).join(b, b.id == PatientDuplicate.b_id)
    )
    return session.scalar(wanted.where(PatientDuplicate.status == DuplicateStatus.OPEN, *in_use)) or 0


def compared(session: Session, *, one_id: UUID, other_id: UUID) -> Compared:
    """Two records side by side, each the one in use of whoever is asked for; raises NotFound."""
    sides = [_side(session, survivor_id(session, key)) for key in (one_id, other_id)]
    older, newer = sorted(sides, key=lambda side: (side.registered_at, side.patient.id))
    match = compare(comparable_person(older.patient), comparable_person(newer.patient))
    return Compared(older, newer, match.score, match.reasons)


def _side(session: Session, patient_id: UUID) -> Side:
    found = session.get(Patient, patient_id)
    if found is None:
        raise NotFound(entity="patients", key=str(patient_id))
    names = (*dict.fromkeys(name for columns in FIELDS.values() for name in columns), "updated_at")
    values = {name: getattr(found, name) for name in names}
    return Side(patient_row(found), values, _counts(session, patient_id), found.created_at)


def _counts(session: Session, patient_id: UUID) -> dict[str, int]:
    """How many rows of each kind name this very record: what a merge would bring to the other."""
    columns = [column for column in references_to_patients() if column.table.name not in ABOUT_RECORDS | _SEALED]
    each = (select(literal(str(one.table.name)), func.count()).select_from(one.table).where(one == patient_id) for one in columns)
    counts: dict[str, int] = {}
    for name, count in session.execute(union_all(*each)):
        counts[name] = counts.get(name, 0) + count
    return {name: count for name, count in counts.items() if count}


def merges(session: Session, *, limit: int = 200) -> list[MergeRow]:
    """What was merged, the latest first, undone merges included."""
    kept, merged = aliased(Patient), aliased(Patient)
    wanted = (
        select(PatientMerge, kept.patient_number, kept.full_name, merged.patient_number, merged.full_name, User.full_name)
        .join(kept, kept.id == PatientMerge.kept_id)
        .join(merged, merged.id == PatientMerge.merged_id)
        .outerjoin(User, User.id == PatientMerge.merged_by)
        .order_by(PatientMerge.id.desc())
        .limit(limit)
    )
    rows = [
        MergeRow(
            *(row.id, row.kept_id, kept_number, kept_name, row.merged_id, merged_number, merged_name),
            *(row.reason, row.merged_at, by, row.undone_at),
        )
        for row, kept_number, kept_name, merged_number, merged_name, by in session.execute(wanted)
    ]
    return _with_later(rows)


def _with_later(rows: Iterable[MergeRow]) -> list[MergeRow]:
    """Each with the latest merge that stands on it, of rows from the latest on: as an undo would find it."""
    newest: dict[UUID, UUID] = {}
    told: list[MergeRow] = []
    for row in rows:
        is_standing = row.undone_at is None
        told.append(replace(row, later_id=newest.get(row.kept_id)) if is_standing else row)
        if is_standing:
            for record in (row.kept_id, row.merged_id):
                newest.setdefault(record, row.id)
    return told


def merged_records(session: Session, patient_id: UUID) -> list[PatientRow]:
    """The records that were merged into this one, oldest first."""
    found = session.execute(select(*ROW_COLUMNS).where(Patient.merged_into_id == patient_id).order_by(Patient.id))
    return [PatientRow(*one) for one in found]
