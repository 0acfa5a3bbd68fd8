"""What of a patient's record and folder is for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import AccessLevel
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import Actor, permission

_AT_DESKS = ("receptionist", "nurse", "doctor", "dentist", "optician")

MEDICAL = permission("patients.medical_history", N_("Read a patient's medical history"), "nurse", "doctor", "dentist", "optician")
READ_DOCUMENTS = permission("patients.documents", N_("Open patients' documents"), *_AT_DESKS, "lab_technician")
ATTACH = permission("patients.documents_attach", N_("Attach, describe and archive patients' documents"), *_AT_DESKS, "lab_technician")
READ_CONFIDENTIAL = permission("patients.documents_admin", N_("Open documents that are for the administration only"))
CONSENTS = permission("patients.consents", N_("Let patients sign consents, and withdraw them"), *_AT_DESKS)
CONSENT_TEXTS = permission("patients.consent_texts", N_("Write the texts of consents"), needs_password=True)

CheckOpen = Callable[..., None]
"""``function(session, patient_id, *, actor, now)``: raises ClinicError where a restricted record is closed to somebody."""
_watchmen: list[CheckOpen] = []


def watch_restricted(check_open: CheckOpen) -> None:
    """Declared by the department that knows who treats whom: what is for clinicians follows the same rule as the clinical record."""
    _watchmen.append(check_open)


def levels_of(session: Session, patient_id: UUID, *, actor: Actor, now: datetime) -> frozenset[AccessLevel]:
    """Which of a patient's documents somebody may know of."""
    if not actor.may(READ_DOCUMENTS):
        return frozenset()
    levels = {AccessLevel.PATIENT, AccessLevel.STAFF}
    if actor.may(READ_CONFIDENTIAL):
        levels.add(AccessLevel.ADMIN)
    if actor.may(MEDICAL) and _is_open(session, patient_id, actor, now):
        levels.add(AccessLevel.DOCTOR)
    return frozenset(levels)


def _is_open(session: Session, patient_id: UUID, actor: Actor, now: datetime) -> bool:
    if not _watchmen and not actor.is_system:  # nobody here knows who treats whom: then a restricted record is closed to all
        one_person = (Patient.id == patient_id) | (Patient.merged_into_id == patient_id)
        return session.scalar(select(Patient.id).where(one_person, Patient.is_restricted).limit(1)) is None
    try:
        for check_open in _watchmen:
            check_open(session, patient_id, actor=actor, now=now)
    except ClinicError:
        return False
    return True
