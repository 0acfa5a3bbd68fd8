"""What the tab of consents reads in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients.queries import ConsentRow, Standing, TemplateRow, consents_of, standings, texts_in_use


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
