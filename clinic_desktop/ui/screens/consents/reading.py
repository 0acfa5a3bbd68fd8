"""What the tab of consents reads in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk.queries import patients_of_day
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS
from clinic_desktop.clinic.patients.queries import (
    ConsentRow,
    Standing,
    TemplateRow,
    consents_missing_of,
    consents_of,
    standings,
    texts_in_use,
)


@dataclass(frozen=True, slots=True)
class Consents:
    """How it stands with each kind, everything that was ever signed, and the texts that can be signed."""

    standings: list[Standing]
    signed: list[ConsentRow]
    texts: list[TemplateRow]


def consents_read(session: Any, *, patient_id: UUID, clinic_id: UUID, today: date) -> Consents:
    """The consents of a patient."""
    return Consents(
        standings(session, patient_id=patient_id, clinic_id=clinic_id, today=today),
        consents_of(session, patient_id=patient_id),
        texts_in_use(session, today=today),
    )


def unsigned_here(session: Any, *, clinic_id: UUID, day: date) -> frozenset[UUID]:
    """Who is here, waiting or in a room, and has not signed what everybody is to sign."""
    here = patients_of_day(session, clinic_id=clinic_id, day=day, statuses=OPEN_VISITS)
    return frozenset(consents_missing_of(session, patient_ids=here, clinic_id=clinic_id, today=day))


def here_and_unsigned(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many they are."""
    return len(unsigned_here(session, clinic_id=clinic_id, day=day))
