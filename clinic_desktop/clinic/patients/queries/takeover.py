"""What an import asks about the patients already there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.legacy.drafts import Draft
from clinic_desktop.clinic.patients.legacy.pairs import Known
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.names import name_key
from clinic_desktop.clinic.patients.queries.likeness import comparable_person
from clinic_desktop.clinic.patients.queries.records import ROW_COLUMNS, PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus, phone_tail

CHUNK = 500


def in_chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Sorted pieces that fit into one statement."""
    ordered = sorted(values)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def numbers_taken(session: Session, source: str, numbers: Iterable[str]) -> frozenset[str]:
    """Which of a register's numbers were imported before."""
    taken: set[str] = set()
    for chunk in in_chunks(set(numbers)):
        wanted = select(PatientIdentifier.value).where(PatientIdentifier.system == source, PatientIdentifier.value.in_(chunk))
        taken.update(session.scalars(wanted))
    return frozenset(taken)


def known_people(session: Session, drafts: Sequence[Draft]) -> list[Known]:
    """Patients who share a phone or a whole name with a draft, by number."""
    found: dict[str, Known] = {}
    tails = {phone_tail(draft.phone.e164) for draft in drafts if draft.phone}
    keys = {name_key(draft.full_name) for draft in drafts}
    for condition in (*_each_in(Patient.phone_tail, tails), *_each_in(Patient.name_key, keys)):
        wanted = select(*ROW_COLUMNS).where(condition, Patient.status != PatientStatus.MERGED)
        for row in (PatientRow(*one) for one in session.execute(wanted)):
            found[row.patient_number] = Known(row.id, row.patient_number, comparable_person(row))
    return [found[number] for number in sorted(found)]


def _each_in(column: object, values: set[str]) -> Iterator[ColumnElement[bool]]:
    return (column.in_(chunk) for chunk in in_chunks(values - {""}))  # type: ignore[attr-defined]
