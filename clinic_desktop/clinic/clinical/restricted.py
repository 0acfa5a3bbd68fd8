"""Restricted records: the one rule of who may read what was written about a patient.

The record of a restricted patient opens for a doctor who has a visit of the patient today or an unsigned consultation, and for
whoever broke the glass within the last hour (``privacy.break_glass``, told here by the name of its table). Records that were
merged are one person's: one of them restricted closes all.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, column, select, table
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.clinical.rules import ConsultationStatus
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.rights import watch_restricted
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.errors import ClinicError, NotFound
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import UtcDateTime

_GONE = (VisitStatus.CANCELLED, VisitStatus.LEFT)
_openings = table("record_openings", column("patient_id", Uuid()), column("user_id", Uuid()), column("expires_at", UtcDateTime()))


class RecordRestricted(ClinicError):
    """The record of a restricted patient, asked for by somebody who does not treat them: params ``patient_id`` and ``number``."""

    code = "record_restricted"


def check_open(session: Session, patient_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Raise RecordRestricted unless this person may read what was written about the patient."""
    people = person_ids(session, patient_id)
    if not people:
        raise NotFound(entity="patients", key=str(patient_id))
    closed = select(Patient.patient_number).where(Patient.id.in_(people), Patient.is_restricted).order_by(Patient.id).limit(1)
    number = session.scalar(closed)
    if number is not None and not (actor.is_system or _treats(session, people, actor, now) or _broke(session, people, actor, now)):
        raise RecordRestricted(patient_id=str(patient_id), number=number)


def check_visit_open(session: Session, visit_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The same, for the patient of a visit."""
    patient_id = session.scalar(select(Visit.patient_id).where(Visit.id == visit_id))
    if patient_id is not None:
        check_open(session, patient_id, actor=actor, now=now)


def _treats(session: Session, people: tuple[UUID, ...], actor: Actor, now: datetime) -> bool:
    me = session.scalar(select(Doctor.id).where(Doctor.user_id == actor.user_id, Doctor.is_active))
    if me is None:
        return False
    visits = select(Visit.clinic_id, Visit.business_date).where(
        Visit.patient_id.in_(people), Visit.doctor_id == me, Visit.status.not_in(_GONE)
    )
    if any(day == clinic_today(session, clinic_id, now) for clinic_id, day in session.execute(visits)):
        return True
    writing = (Consultation.patient_id.in_(people), Consultation.doctor_id == me, Consultation.status == ConsultationStatus.DRAFT)
    return session.scalar(select(Consultation.id).where(*writing).limit(1)) is not None


def _broke(session: Session, people: tuple[UUID, ...], actor: Actor, now: datetime) -> bool:
    opening = (_openings.c.patient_id.in_(people), _openings.c.user_id == actor.user_id, _openings.c.expires_at > now)
    return session.scalar(select(_openings.c.user_id).where(*opening).limit(1)) is not None


watch_restricted(check_open)
