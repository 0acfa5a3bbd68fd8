"""Restricted records: who marks one, who opens one without treating the patient, and who looks at that afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.privacy.commands.permissions import BREAK_GLASS, RESTRICT, REVIEW
from clinic_desktop.clinic.privacy.events import GlassBroken, RestrictionChanged
from clinic_desktop.clinic.privacy.models import RecordOpening
from clinic_desktop.clinic.privacy.rules import OPENING_LENGTH, SecondPersonNeeded
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import required_line

REASON_LIMIT = 500
SHORTEST_REASON = 5


@command(RESTRICT)
def restrict_record(tx: Tx, *, patient_id: UUID, is_restricted: bool, reason: str) -> None:
    """Close a patient's record to all who do not treat the patient, or open it again."""
    patient = check_in_use(tx.session, locked_patient(tx, patient_id), patient_id)
    tx.reason = required_line(reason, "reason", limit=REASON_LIMIT)
    if patient.is_restricted == is_restricted:
        return
    patient.is_restricted = is_restricted
    tx.emit(RestrictionChanged(patient.id))
    tx.emit(PatientChanged(patient.id))


@command(BREAK_GLASS)
def break_glass(tx: Tx, *, patient_id: UUID, reason: str) -> datetime:
    """Open a restricted record for an hour, with a reason that an administrator will read; returns until when."""
    if tx.actor.user_id is None:
        raise InvalidInput("user_id", "required")
    patient = locked_patient(tx, patient_id)
    why = required_line(reason, "reason", limit=REASON_LIMIT)
    if len(why) < SHORTEST_REASON:
        raise InvalidInput("reason", "too_short", limit=SHORTEST_REASON)
    tx.reason = why
    opening = RecordOpening(
        patient_id=patient.id, user_id=tx.actor.user_id, reason=why, opened_at=tx.now, expires_at=tx.now + OPENING_LENGTH
    )
    tx.add(opening)
    tx.note("glass_broken", Patient.__tablename__, patient.id, reason=why, until=opening.expires_at)
    tx.emit(GlassBroken(patient.id))
    return opening.expires_at


@command(REVIEW)
def review_opening(tx: Tx, *, opening_id: UUID, note: str) -> None:
    """Say what came of looking at an opening; nobody reviews their own."""
    opening = tx.session.scalars(select(RecordOpening).where(RecordOpening.id == opening_id).with_for_update()).one_or_none()
    if opening is None:
        raise NotFound(entity="record_openings", key=str(opening_id))
    if tx.actor.user_id is None or opening.user_id == tx.actor.user_id:
        raise SecondPersonNeeded
    opening.review_note = required_line(note, "note", limit=REASON_LIMIT)
    opening.reviewed_by, opening.reviewed_at = tx.actor.user_id, tx.now
    tx.emit(GlassBroken(opening.patient_id))


def locked_patient(tx: Tx, patient_id: UUID) -> Patient:
    """The patient, locked and read afresh; raises NotFound."""
    wanted = select(Patient).where(Patient.id == patient_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    patient = tx.session.scalars(wanted).one_or_none()
    if patient is None:
        raise NotFound(entity="patients", key=str(patient_id))
    return patient
