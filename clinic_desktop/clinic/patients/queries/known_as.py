"""By what else a patient is found: numbers that other systems gave, and all that records merged into this one were found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier

_WORDS = (Patient.full_name, Patient.patient_number, Patient.phone, Patient.national_id)
# What was erased is known by nothing any more.
_ALIASES: Select[*tuple[Any, ...]] = select(Patient.id, Patient.merged_into_id, *_WORDS).where(
    Patient.merged_into_id.is_not(None), Patient.erased_at.is_(None)
)


def known_as(session: Session, patient_ids: Iterable[UUID] | None = None) -> dict[UUID, list[str]]:
    """The further words of each of these patients, sorted; ``None``: of all who have any."""
    wanted = None if patient_ids is None else set(patient_ids)
    aliases = {row[0]: row for row in _aliases(session, wanted)}
    words: defaultdict[UUID, set[str]] = defaultdict(set)
    for patient_id, value in _numbers(session, wanted, aliases):
        for key in (patient_id, *_above(patient_id, aliases)):
            words[key].add(value)
    for alias, (_id, _into, *parts) in aliases.items():
        for key in _above(alias, aliases):
            words[key].update(part for part in parts if part)
    return {key: sorted(found) for key, found in words.items() if wanted is None or key in wanted}


def _aliases(session: Session, wanted: set[UUID] | None) -> Iterator[Row[*tuple[Any, ...]]]:
    """What was merged into these, and into that again."""
    if wanted is None:
        yield from session.execute(_ALIASES)
        return
    fresh, seen = wanted, set(wanted)
    while fresh:
        found = session.execute(_ALIASES.where(Patient.merged_into_id.in_(fresh))).all()
        yield from found
        fresh = {row[0] for row in found} - seen
        seen |= fresh


def _above(patient_id: UUID, aliases: dict[UUID, Row[*tuple[Any, ...]]]) -> list[UUID]:
    """The records that one leads to, through aliases of aliases."""
    way: list[UUID] = []
    at = patient_id
    while at in aliases and aliases[at][1] not in way:
        at = aliases[at][1]
        way.append(at)
    return way


def _numbers(session: Session, wanted: set[UUID] | None, aliases: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    numbers = select(PatientIdentifier.patient_id, PatientIdentifier.value)
    if wanted is not None:
        numbers = numbers.where(PatientIdentifier.patient_id.in_({*wanted, *aliases}))
    yield from session.execute(numbers)
