"""What patients were told and are to be told: by day, by patient, and what could not be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.messages.addressing import consents_of, person_of, recipient_of
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import Channel, MessageStatus
from clinic_desktop.clinic.messages.rules.notices import REMINDERS, Notice
from clinic_desktop.clinic.messages.rules.wanted import about_visit
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.sharing import series_of

RECENTLY = timedelta(days=2)
"""Who was told of the appointment as late as this before it needs no reminder."""
_FAILED = (MessageStatus.DEAD, MessageStatus.FAILED)
_TO_COME = (MessageStatus.QUEUED, MessageStatus.SENDING)


class TellState(StrEnum):
    """Whether a patient knows of an appointment."""

    TOLD = "TOLD"
    PLANNED = "PLANNED"
    """A message will leave by itself."""
    NOT_SENT = "NOT_SENT"
    """One could not be sent."""
    NOT_TOLD = "NOT_TOLD"


@dataclass(frozen=True, slots=True)
class TellRow:
    """An appointment of a day and what its patient knows; ``why`` no message goes there, ``at`` when one went or will."""

    appointment_id: UUID
    visit_id: UUID
    booking_id: str
    patient_id: UUID
    patient_name: str
    patient_number: str
    phone: str | None
    start: datetime
    doctor_name: str
    status: AppointmentStatus
    state: TellState
    channel: Channel | None
    at: datetime | None
    why: str
    message_id: UUID | None


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A message to a patient, never with what it says; ``at`` is when it was sent, or is to be."""

    id: UUID
    patient_id: UUID
    patient_name: str
    appointment_id: UUID | None
    start: datetime | None
    notice: Notice
    channel: Channel
    recipient: str
    status: MessageStatus
    at: datetime
    error: str | None
    told_by: str | None


def to_tell(session: Session, *, clinic_id: UUID, day: date) -> list[TellRow]:
    """The appointments of a day that are still to come, by time, each with what its patient knows of it."""
    found = session.execute(
        select(Appointment, Patient, User.full_name, Visit.id)
        .select_from(Visit)
        .join(Appointment, Appointment.id == Visit.appointment_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Doctor, Doctor.id == Appointment.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(Visit.clinic_id == clinic_id, Visit.business_date == day, Visit.status == VisitStatus.SCHEDULED)
        .order_by(Visit.planned_at, Visit.id)
    ).all()
    said: dict[UUID, list[QueuedMessage]] = defaultdict(list)
    ids = [appointment.id for appointment, *_ in found]
    for message in session.scalars(select(QueuedMessage).where(QueuedMessage.appointment_id.in_(ids)).order_by(QueuedMessage.id)):
        said[message.appointment_id or UUID(int=0)].append(message)
    whose = {patient.id: person_of(session, patient.id) for _appointment, patient, *_ in found}
    is_copy, by, consents = bool(series_of(session)), ways(session), consents_of(session, {one.id for one in whose.values()})
    rows = []
    for appointment, planned_for, doctor, visit_id in found:
        patient = whose[planned_for.id]
        recipient = recipient_of(session, patient, clinic_id=clinic_id, by=by, consents=consents.get(patient.id, ()))
        why = "on_copy" if is_copy and recipient.why == "no_way" else recipient.why
        rows.append(_row(appointment, visit_id, patient, doctor, said[appointment.id], why))
    return rows


def _row(appointment: Appointment, visit_id: UUID, patient: Patient, doctor: str, said: Sequence[QueuedMessage], why: str) -> TellRow:
    state, message = _state(appointment, said)
    at = None if message is None else message.sent_at or message.not_before or message.next_attempt_at
    failed = state is TellState.NOT_SENT and message is not None
    return TellRow(
        appointment_id=appointment.id,
        visit_id=visit_id,
        booking_id=appointment.booking_id,
        patient_id=patient.id,
        patient_name=patient.full_name,
        patient_number=patient.patient_number,
        phone=patient.phone,
        start=appointment.start_time,
        doctor_name=doctor,
        status=appointment.status,
        state=state,
        channel=None if message is None else message.channel,
        at=at,
        why=(message.last_error or "") if failed and message is not None else why if message is None else "",
        message_id=None if message is None else message.id,
    )


def _state(appointment: Appointment, said: Sequence[QueuedMessage]) -> tuple[TellState, QueuedMessage | None]:
    about = about_visit(appointment.start_time, appointment.doctor_id)
    of_now = [one for one in said if one.about == about]
    since = appointment.start_time - RECENTLY
    sent = [one for one in of_now if one.sent_at is not None and (one.topic in REMINDERS or one.sent_at >= since)]
    for state, some in (
        (TellState.TOLD, sent),
        (TellState.NOT_SENT, [one for one in of_now if one.status in _FAILED]),
        (TellState.PLANNED, [one for one in of_now if one.status in _TO_COME]),
    ):
        if some:
            return state, some[-1] if state is not TellState.PLANNED else some[0]
    return TellState.NOT_TOLD, None


def not_sent(session: Session, *, now: datetime, limit: int = 200) -> list[SaidRow]:
    """What could not be sent to patients while it is still of use, the longest waiting first."""
    return _said(session, *_could_not(now), order=(QueuedMessage.next_attempt_at, QueuedMessage.id), limit=limit)


def not_sent_count(session: Session, *, now: datetime) -> int:
    """How many they are."""
    return session.scalar(select(func.count()).select_from(QueuedMessage).where(*_could_not(now))) or 0


def _could_not(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (QueuedMessage.status.in_(_FAILED), QueuedMessage.patient_id.is_not(None), QueuedMessage.not_after > now)


def messages_of_patient(session: Session, *, patient_id: UUID, limit: int = 100) -> list[SaidRow]:
    """What a patient was told and is to be told, newest first."""
    theirs = QueuedMessage.patient_id.in_(person_ids(session, patient_id))
    return _said(session, theirs, order=(QueuedMessage.id.desc(),), limit=limit)


def _said(session: Session, *where: ColumnElement[bool], order: tuple[Any, ...], limit: int) -> list[SaidRow]:
    wanted = (
        select(QueuedMessage, Patient.full_name, Patient.merged_into_id, Appointment.start_time)
        .join(Patient, Patient.id == QueuedMessage.patient_id)
        .outerjoin(Appointment, Appointment.id == QueuedMessage.appointment_id)
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )
    found = session.execute(wanted)
    return of_survivors(session, [(_said_row(row, name, start), into) for row, name, into, start in found])


def _said_row(row: QueuedMessage, patient_name: str, start: datetime | None) -> SaidRow:
    return SaidRow(
        id=row.id,
        patient_id=row.patient_id or UUID(int=0),
        patient_name=patient_name,
        appointment_id=row.appointment_id,
        start=start,
        notice=Notice(row.topic),
        channel=row.channel,
        recipient=row.recipient,
        status=row.status,
        at=row.sent_at or row.not_before or row.next_attempt_at,
        error=row.last_error,
        told_by=row.provider_id if row.channel in (Channel.PHONE, Channel.PAPER) else None,
    )
