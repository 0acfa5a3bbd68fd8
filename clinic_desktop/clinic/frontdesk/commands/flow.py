"""How a visit changes status: one place checks the state machines, moves appointment and queue along, and writes the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, StatusLog, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    APPOINTMENT_STATES,
    STANDS_IN_QUEUE,
    VISIT_STATES,
    AlreadyQueued,
    AppointmentStatus,
    LogSubject,
    PatientBusy,
    Priority,
    QueueState,
    RoomTaken,
    SlotTaken,
    VisitStatus,
    appointment_status_of,
    queue_state_of,
)
from clinic_desktop.clinic.organisation.commands import take_count
from clinic_desktop.clinic.organisation.rules import Reset, number_kind
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.tables import id_parameter

BOOKING_NUMBER = number_kind("appointment", "APT", title=N_("Appointments"))
QUEUE_NUMBER = number_kind("queue", "Q", width=3, reset=Reset.DAILY)


@dataclass(slots=True)
class Case:
    """A visit with its appointment and its queue number, all locked by the visit's row."""

    visit: Visit
    appointment: Appointment | None
    entry: QueueEntry | None

    def booked(self) -> Appointment:
        """The appointment of a visit that has one."""
        if self.appointment is None:
            raise NotFound(entity="appointments", key=str(self.visit.appointment_id))
        return self.appointment

    def ticket(self) -> QueueEntry:
        """The queue number of a visit that has one."""
        if self.entry is None:
            raise NotFound(entity="appointment_queue", key=str(self.visit.id))
        return self.entry


# Built once: every change of status runs these, and putting a statement together costs more than running it.
_AFRESH = {"populate_existing": True}
_VISITS_LOCKED = select(Visit).with_for_update(key_share=True).execution_options(**_AFRESH)
_VISIT_BY_ID = _VISITS_LOCKED.where(Visit.id == id_parameter("visit_id"))
_VISIT_BY_APPOINTMENT = _VISITS_LOCKED.where(Visit.appointment_id == id_parameter("appointment_id"))
_HANGING_ON_VISIT = (
    select(Appointment, QueueEntry)
    .select_from(Visit)
    .outerjoin(Appointment, Appointment.id == Visit.appointment_id)
    .outerjoin(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
    .where(Visit.id == id_parameter("visit_id"))
    .execution_options(**_AFRESH)
)


@step
def locked_case(tx: Tx, *, visit_id: UUID | None = None, appointment_id: UUID | None = None) -> Case:
    """Lock a visit, then read what hangs on it: every change of status starts here."""
    if visit_id is not None:
        visit = tx.session.scalar(_VISIT_BY_ID, {"visit_id": visit_id})
    else:
        visit = tx.session.scalar(_VISIT_BY_APPOINTMENT, {"appointment_id": appointment_id})
    if visit is None:
        if visit_id is not None:
            raise NotFound(entity="visits", key=str(visit_id))
        raise NotFound(entity="appointments", key=str(appointment_id))
    return case_of(tx, visit=visit)


@step
def case_of(tx: Tx, *, visit: Visit) -> Case:
    """What hangs on a visit that is already locked."""
    found = tx.session.execute(_HANGING_ON_VISIT, {"visit_id": visit.id}).one()
    return Case(visit, found[0], found[1])


@step
def set_status(tx: Tx, *, case: Case, wanted: VisitStatus, appointment: AppointmentStatus | None = None, reason: str | None = None) -> None:
    """Move the visit, and with it the appointment and the queue number; refuses an illegal step before anything changes."""
    visit, booked = case.visit, case.appointment
    before, after = visit.status, VISIT_STATES.check(visit.status, wanted)
    if booked is not None:
        follows = appointment or appointment_status_of(wanted, booked.status)
        if follows is not booked.status:
            APPOINTMENT_STATES.check(booked.status, follows)
            log_status(tx, visit=visit, subject=LogSubject.APPOINTMENT, before=booked.status, after=follows, reason=reason)
            booked.status = follows
    visit.status = after
    if case.entry is not None:
        case.entry.state = queue_state_of(after)
        if after not in STANDS_IN_QUEUE:
            case.entry.service_room = None
    log_status(tx, visit=visit, subject=LogSubject.VISIT, before=before, after=after, reason=reason)


@step
def set_appointment_status(tx: Tx, *, case: Case, wanted: AppointmentStatus, reason: str | None = None) -> None:
    """Move only the appointment, where its visit stays as it is (a confirmation)."""
    booked = case.booked()
    before, booked.status = booked.status, APPOINTMENT_STATES.check(booked.status, wanted)
    log_status(tx, visit=case.visit, subject=LogSubject.APPOINTMENT, before=before, after=wanted, reason=reason)


@step
def log_status(
    tx: Tx,
    *,
    visit: Visit,
    subject: LogSubject,
    before: AppointmentStatus | VisitStatus | None,
    after: AppointmentStatus | VisitStatus,
    reason: str | None = None,
) -> None:
    """Write one entry of the status log."""
    tx.add(
        StatusLog(
            visit_id=visit.id,
            appointment_id=visit.appointment_id,
            subject=subject,
            from_status=None if before is None else before.value,
            to_status=after.value,
            changed_by=tx.actor.user_id,
            changed_at=tx.now,
            reason=reason,
        )
    )


@step
def give_number(tx: Tx, *, visit: Visit, priority: Priority) -> QueueEntry:
    """Take the next queue number of the visit's clinic and day."""
    entry = QueueEntry(
        visit_id=visit.id,
        clinic_id=visit.clinic_id,
        business_date=visit.business_date,
        doctor_id=visit.doctor_id,
        patient_id=visit.patient_id,
        queue_number=take_count(tx, QUEUE_NUMBER, clinic_id=visit.clinic_id, on=visit.business_date),
        state=queue_state_of(visit.status),
        priority=priority,
        room=None,
        called_at=None,
        announced_at=None,
        call_count=0,
        skipped_at=None,
        estimated_wait_minutes=None,
    )
    return tx.add(entry)


@step
def refuse_second_ticket(tx: Tx, *, clinic_id: UUID, day: date, doctor_id: UUID, patient_id: UUID, visit_id: UUID | None = None) -> None:
    """A patient stands in one queue once (T3), under whichever record; the visit's own number does not count."""
    with tx.session.no_autoflush:  # the database's own refusal would come first, with less to say
        people = person_ids(tx.session, patient_id)
        if len(people) > 1:  # of one record the database itself sees to it; desks that take in two of them come one after the other
            tx.session.execute(select(Patient.id).where(Patient.id.in_(people)).order_by(Patient.id).with_for_update(key_share=True))
        others = select(QueueEntry.queue_number).where(
            QueueEntry.clinic_id == clinic_id,
            QueueEntry.business_date == day,
            QueueEntry.doctor_id == doctor_id,
            QueueEntry.patient_id.in_(people),
            QueueEntry.state == QueueState.OPEN,
        )
        number = tx.session.scalar(others if visit_id is None else others.where(QueueEntry.visit_id != visit_id))
    if number is not None:
        raise AlreadyQueued(queue_number=number)


@step
def flush_guarded(tx: Tx, *, start: datetime | None = None, room: str | None = None) -> None:
    """Send what was changed; what the database's own guards refuse comes back as the clinic's word for it."""
    try:
        tx.session.flush()
    except IntegrityError as error:
        refusal = str(error.orig)
        if "ex_appointments_room" in refusal:
            raise RoomTaken("start", start=start, room=room or "") from error
        if "ex_appointments_patient" in refusal:
            raise PatientBusy("start", start=start) from error
        if any(name in refusal for name in ("ex_appointments_doctor", "uq_appointments_place", "appointments.slot_place")):
            raise SlotTaken("start", start=start) from error
        if "uq_appointment_queue_open" in refusal or "appointment_queue.patient_id" in refusal:
            raise AlreadyQueued from error
        raise
