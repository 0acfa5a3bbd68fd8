"""What patients are told of their appointments: after each change what waits to be sent is made what should wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMoved,
    ArrivalTakenBack,
    DoctorRunsLate,
    PatientCheckedIn,
    PatientMissed,
)
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.clinic.frontdesk.waiting_models import DoctorDelay
from clinic_desktop.clinic.messages.addressing import Recipient, consents_of, person_of, recipient_of, rules_of, wording_in_force
from clinic_desktop.clinic.messages.events import MessageQueued, MessageSettled
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MOST_ATTEMPTS, SENT_BY_PROGRAM, Channel, MessageStatus, Text
from clinic_desktop.clinic.messages.rules.notices import NEWS, REMINDERS, Notice, filled
from clinic_desktop.clinic.messages.rules.wanted import CALLED_OFF, CATCHING_UP, Planned, Told, Wanted, about_visit, late_wanted, wanted
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.organisation.queries import clinic, clinic_today
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.formats import date_text, time_text
from clinic_desktop.kernel.i18n import Language

HELD = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
"""Appointments for which the patient is still to come."""
ABOUT_VISITS = tuple(notice.value for notice in (*NEWS, *REMINDERS, Notice.DOCTOR_LATE))
WAITING = (MessageStatus.QUEUED, MessageStatus.FAILED)


@step
def renew_notices(tx: Tx, *, appointment_id: UUID, is_news: bool = False, is_new: bool = False) -> None:
    """Make what waits to be sent about an appointment what should wait; nothing is said twice, whatever led here."""
    by = ways(tx.session)
    if is_new and not by:
        return
    rows = [] if is_new else messages_of(tx, appointment_id)
    if not rows and not by:
        return
    appointment = tx.session.get_one(Appointment, appointment_id)
    patient = person_of(tx.session, appointment.patient_id)
    consents = consents_of(tx.session, {patient.id}).get(patient.id, ())
    recipient = recipient_of(tx.session, patient, clinic_id=appointment.clinic_id, by=by, consents=consents)
    unsent = [row for row in rows if is_waiting(row, tx.now) or row.status is MessageStatus.DEAD]
    found: list[Wanted] = []
    if recipient.channel is not None:
        told, waiting = told_of(rows, tx.now), [_told(row) for row in unsent]
        rules, planned = rules_of(tx.session, appointment.clinic_id), planned_of(appointment)
        of_visit = [one for one in told if one.notice is not Notice.DOCTOR_LATE]
        found = wanted(planned, of_visit, waiting, rules, tx.now, is_news=is_news)
        of_delay = [one for one in told if one.notice is Notice.DOCTOR_LATE]
        found += late_wanted(planned, of_delay, _minutes_late(tx, appointment), rules, tx.now)
    _make_so(tx, appointment, patient, recipient, rows, unsent, found)


def messages_of(tx: Tx, appointment_id: UUID) -> list[QueuedMessage]:
    """All that was said or is to be said of an appointment, locked in one order: whoever sends one of them waits, or is waited for."""
    rows = select(QueuedMessage).where(QueuedMessage.appointment_id == appointment_id, QueuedMessage.topic.in_(ABOUT_VISITS))
    locked = rows.order_by(QueuedMessage.id).with_for_update().execution_options(populate_existing=True)
    return list(tx.session.scalars(locked))


def is_waiting(row: QueuedMessage, now: datetime) -> bool:
    """Whether a message can still be changed: not while it is being sent, but again where that was left behind."""
    return row.status in WAITING or (row.status is MessageStatus.SENDING and row.next_attempt_at <= now)


def planned_of(appointment: Appointment) -> Planned:
    """An appointment as messages see it."""
    is_held = appointment.status in HELD
    held = about_visit(appointment.start_time, appointment.doctor_id)
    about = held if is_held else CALLED_OFF if appointment.status is AppointmentStatus.CANCELLED else ""
    return Planned(appointment.start_time, about, is_held)


def _minutes_late(tx: Tx, appointment: Appointment) -> int:
    """By how much the doctor of an appointment runs late on its day; 0 where that is over before it, or made good by then."""
    of_day = (DoctorDelay.clinic_id == appointment.clinic_id, DoctorDelay.business_date == appointment.business_date)
    ends_after = (DoctorDelay.late_until > tx.now, DoctorDelay.late_until >= appointment.start_time - CATCHING_UP)
    wanted_row = select(DoctorDelay.minutes).where(*of_day, DoctorDelay.doctor_id == appointment.doctor_id, *ends_after)
    return tx.session.scalar(wanted_row) or 0


def told_of(rows: Iterable[QueuedMessage], now: datetime) -> list[Told]:
    """What was said, in its order. What a person said is as good as every reminder."""
    said = [row for row in rows if row.status is MessageStatus.SENT or (row.status is MessageStatus.SENDING and row.next_attempt_at > now)]
    said.sort(key=lambda row: (row.sent_at or row.next_attempt_at, row.id))
    told: list[Told] = []
    for row in said:
        by_person = row.channel not in SENT_BY_PROGRAM
        told += [Told(notice, row.about or "") for notice in REMINDERS] if by_person else [_told(row)]
    return told


def _told(row: QueuedMessage) -> Told:
    return Told(Notice(row.topic), row.about or "")


def key_of(appointment_id: UUID, one: Wanted) -> str:
    """One appointment is told one thing once, and again only when something else was said since."""
    return f"{one.notice}:{appointment_id}:{one.about}:{one.turn}"


def _make_so(
    tx: Tx,
    appointment: Appointment,
    patient: Patient,
    recipient: Recipient,
    rows: Sequence[QueuedMessage],
    unsent: Sequence[QueuedMessage],
    found: Sequence[Wanted],
) -> None:
    known = {row.idempotency_key: row for row in rows}
    texts = {key_of(appointment.id, one): (one, text_of(tx, appointment, patient, recipient, one)) for one in found}
    keep = {key: one for key, (one, text) in texts.items() if text is not None}
    for row in unsent:
        if row.idempotency_key not in keep:
            withdraw(tx, row, recipient.why or "changed")
    for key, one in keep.items():
        text = texts[key][1]
        if text is not None and recipient.channel is not None:
            row = known.get(key) or new_message(tx, one, key, patient_id=appointment.patient_id, appointment_id=appointment.id)
            put(tx, row, one, recipient.channel, recipient.address, text)
    tx.session.flush()


def withdraw(tx: Tx, row: QueuedMessage, why: str) -> None:
    """What was to be said is not so any more: it is not sent, and forgotten."""
    row.go_to(MessageStatus.WITHDRAWN)
    row.payload, row.last_error, row.sent_at = None, why, None
    tx.emit(MessageSettled(row.id, row.status.value))


def text_of(tx: Tx, appointment: Appointment, patient: Patient, recipient: Recipient, one: Wanted) -> Text | None:
    """What a notice says to this patient; None where the clinic does not say it."""
    where, when = appointment.clinic_id, appointment.start_time
    said = visit_words(tx, clinic_id=where, doctor_id=appointment.doctor_id, start=when, patient=patient, code=recipient.language)
    more = {"booking_number": appointment.booking_id, "minutes": one.minutes}
    return worded(tx, recipient, one.notice, {**said, **more})


def worded(tx: Tx, recipient: Recipient, notice: Notice, said: Mapping[str, str]) -> Text | None:
    """A notice in the clinic's words; None where it does not say it."""
    if recipient.channel is None:
        return None
    wording = wording_in_force(tx.session, notice, recipient.channel, recipient.language)
    return filled(wording, said, recipient.channel) if wording.is_active else None


def visit_words(tx: Tx, *, clinic_id: UUID, doctor_id: UUID, start: datetime, patient: Patient, code: str) -> dict[str, str]:
    """What stands in the places that every notice of a visit has."""
    place, language = clinic(tx.session, clinic_id), Language(code)
    named = select(User.full_name).join(Doctor, Doctor.user_id == User.id).where(Doctor.id == doctor_id)
    return {
        "patient_name": patient.full_name,
        "clinic_name": place.name,
        "clinic_phone": place.phone or place.hospital_phone or "",
        "doctor_name": tx.session.scalar(named) or "",
        "date": date_text(business_date(start, place.timezone), language, weekday=True),
        "time": time_text(start, language, timezone=place.timezone),
    }


def new_message(tx: Tx, one: Wanted, key: str, *, patient_id: UUID, appointment_id: UUID | None) -> QueuedMessage:
    """A message to a patient, still without words."""
    return tx.add(
        QueuedMessage(
            channel=Channel.SMS,
            topic=one.notice.value,
            recipient="",
            payload=None,
            status=MessageStatus.QUEUED,
            retry_count=0,
            max_attempts=MOST_ATTEMPTS,
            next_attempt_at=tx.now,
            not_after=None,
            sent_at=None,
            last_error=None,
            provider_id=None,
            idempotency_key=key,
            patient_id=patient_id,
            appointment_id=appointment_id,
            about=one.about,
            not_before=None,
        )
    )


def put(tx: Tx, row: QueuedMessage, one: Wanted, channel: Channel, address: str, text: Text) -> None:
    """Let a message wait with these words, and to that address."""
    if row.status is MessageStatus.DEAD:
        return  # it could not be sent: a person looks at it
    if row.status is MessageStatus.WITHDRAWN:
        row.go_to(MessageStatus.QUEUED)
        row.retry_count, row.next_attempt_at, row.last_error = 0, tx.now, None
    row.channel, row.recipient = channel, address
    row.payload = msgspec.json.encode({"subject": text.subject, "body": text.body}).decode()
    row.not_after = one.not_after
    if row.not_before is None or row.not_before > tx.now or one.not_before > tx.now:
        row.not_before = one.not_before
    if tx.session.is_modified(row):
        tx.emit(MessageQueued(row.id))


@reacts(AppointmentBooked)
def tell_of_booking(tx: Tx, happened: AppointmentBooked) -> None:
    """Confirm the booking, and plan its reminders."""
    renew_notices(tx, appointment_id=happened.appointment_id, is_news=True, is_new=True)


@reacts(AppointmentMoved)
def tell_of_move(tx: Tx, happened: AppointmentMoved) -> None:
    """Tell the new time; what was planned for the old one is not sent."""
    renew_notices(tx, appointment_id=happened.appointment_id, is_news=True)


@reacts(AppointmentCancelled)
def tell_of_cancelling(tx: Tx, happened: AppointmentCancelled) -> None:
    """Tell who was told that there is an appointment; nobody else."""
    renew_notices(tx, appointment_id=happened.appointment_id)


@reacts(AppointmentConfirmed)
def keep_reminding(tx: Tx, happened: AppointmentConfirmed) -> None:
    """Who confirmed is still reminded."""
    renew_notices(tx, appointment_id=happened.appointment_id)


@reacts(PatientMissed)
def tell_nothing_more(tx: Tx, happened: PatientMissed) -> None:
    """Who did not come is told nothing more of it."""
    renew_notices(tx, appointment_id=happened.appointment_id)


@reacts(PatientCheckedIn)
def stop_on_arrival(tx: Tx, happened: PatientCheckedIn) -> None:
    """Who is here needs no reminder."""
    visit = tx.session.get_one(Visit, happened.visit_id)
    if visit.appointment_id is not None:
        renew_notices(tx, appointment_id=visit.appointment_id)


@reacts(ArrivalTakenBack)
def expect_again(tx: Tx, happened: ArrivalTakenBack) -> None:
    """Who is expected again is reminded again, where that is still of use."""
    renew_notices(tx, appointment_id=happened.appointment_id)


@reacts(DoctorRunsLate)
def tell_of_delay(tx: Tx, happened: DoctorRunsLate) -> None:
    """Tell who is still to come to this doctor today; what was planned is not sent once he is late no more."""
    today = clinic_today(tx.session, happened.clinic_id, tx.now)
    of_day = (Appointment.clinic_id == happened.clinic_id, Appointment.business_date == today, Appointment.doctor_id == happened.doctor_id)
    to_come = select(Appointment.id).where(*of_day, Appointment.status.in_(HELD), Appointment.start_time > tx.now)
    for appointment_id in tx.session.scalars(to_come.order_by(Appointment.id)).all():
        renew_notices(tx, appointment_id=appointment_id)


@reacts(PatientChanged)
def follow_patient(tx: Tx, happened: PatientChanged) -> None:
    """What waits goes to the new number, or to nobody where that is the wish."""
    waiting = select(QueuedMessage.appointment_id).where(
        QueuedMessage.patient_id.in_(person_ids(tx.session, happened.patient_id)),
        QueuedMessage.status.in_(WAITING),
        QueuedMessage.appointment_id.is_not(None),
    )
    for appointment_id in sorted({one for one in tx.session.scalars(waiting) if one is not None}):
        renew_notices(tx, appointment_id=appointment_id)
