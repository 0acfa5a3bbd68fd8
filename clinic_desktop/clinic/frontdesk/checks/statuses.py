"""Statuses against their log, against each other, and against the times that they need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Select, Text, and_, case, cast, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, QueueEntry, StatusLog, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    APPOINTMENT_STATES,
    VISIT_STATES,
    AppointmentStatus,
    LogSubject,
    QueueState,
    VisitStatus,
    VisitType,
    states_agree,
)
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.archived import removed_from
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at

_ARRIVED = (VisitStatus.WAITING, VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)
_STARTED = (VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)
_ENDED = (VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)
_NAMED = (Patient.patient_number.label("patient"), Visit.business_date.label("day"), Visit.status.label("status"))


def _visits(*columns: Any) -> Select[Any]:
    return select(*_NAMED, *columns).select_from(Visit).join(Patient, Patient.id == Visit.patient_id)


@check("F1 status steps")
def status_steps(session: Session) -> Finding:
    """Every step in the status log is one that the state machine allows."""
    legal = [
        *((LogSubject.VISIT.value, before.value, after.value) for before in VisitStatus for after in VISIT_STATES.following(before)),
        *((LogSubject.APPOINTMENT.value, b.value, a.value) for b in AppointmentStatus for a in APPOINTMENT_STATES.following(b)),
        (LogSubject.VISIT.value, "", VisitStatus.SCHEDULED.value),
        (LogSubject.VISIT.value, "", VisitStatus.WAITING.value),
        (LogSubject.APPOINTMENT.value, "", AppointmentStatus.PENDING.value),
    ]
    step = tuple_(cast(StatusLog.subject, Text), func.coalesce(StatusLog.from_status, ""), StatusLog.to_status)
    found = (
        _visits(StatusLog.subject, func.coalesce(StatusLog.from_status, "nothing").label("before"), StatusLog.to_status)
        .join(StatusLog, StatusLog.visit_id == Visit.id)
        .where(step.not_in(legal))
    )
    wording = "visit of {patient} on {day}: {subject} went from {before} to {to_status}"
    return Finding(looked_at(session, StatusLog), tuple(lies(session, found, wording)))


@check("F2 statuses against their log")
def statuses_logged(session: Session) -> Finding:
    """A status was entered in the log once more often than it was left; every other, equally often.

    Counting needs no order, so that a desk whose clock is off cannot make the log look wrong.
    """
    visit, booked = LogSubject.VISIT.value, LogSubject.APPOINTMENT.value
    subject = cast(StatusLog.subject, Text)
    moves = union_all(
        select(StatusLog.visit_id, subject.label("subject"), StatusLog.to_status.label("state"), literal(1).label("step")),
        select(StatusLog.visit_id, subject, StatusLog.from_status, literal(-1)).where(StatusLog.from_status.is_not(None)),
        select(Visit.id, literal(visit), cast(Visit.status, Text), literal(-1)),
        select(Visit.id, literal(booked), cast(Appointment.status, Text), literal(-1)).join(
            Appointment, Appointment.id == Visit.appointment_id
        ),
    ).subquery()
    sums = (
        select(moves.c.visit_id, moves.c.subject, moves.c.state)
        .group_by(moves.c.visit_id, moves.c.subject, moves.c.state)
        .having(func.sum(moves.c.step) != 0)
        .subquery()
    )
    found = _visits(sums.c.subject, sums.c.state).join(sums, sums.c.visit_id == Visit.id)
    wording = "visit of {patient} on {day}: {subject} {state} does not follow from its log"
    return Finding(looked_at(session, StatusLog), tuple(lies(session, found, wording)))


@check("F3 appointments agree with visits")
def statuses_agree(session: Session) -> Finding:
    """An appointment and its visit tell the same story."""
    both = select(Appointment.status, Visit.status).join(Visit, Visit.appointment_id == Appointment.id)
    told = []
    for booked, seen in session.execute(both.distinct()):
        if not states_agree(booked, seen):
            found = both.add_columns(Appointment.booking_id).where(Appointment.status == booked, Visit.status == seen)
            told += [f"{number} is {booked.value}, its visit {seen.value}" for _, _, number in session.execute(found)]
    return Finding(looked_at(session, Appointment), tuple(told))


@check("F4 visit times")
def visit_times(session: Session) -> Finding:
    """Who waits has arrived, who is seen was let in, who pays has come out; in that order."""
    visit = Visit
    missing = or_(
        and_(visit.status.in_(_ARRIVED), visit.check_in_time.is_(None)),
        and_(visit.status.in_(_STARTED), visit.start_time.is_(None)),
        and_(visit.status.in_(_ENDED), visit.end_time.is_(None)),
        visit.start_time < visit.check_in_time,
        visit.end_time < visit.start_time,
        and_(visit.status == VisitStatus.SCHEDULED, visit.check_in_time.is_not(None)),
    )
    told = lies(session, _visits().where(missing), "visit of {patient} on {day} is {status}, its times say otherwise")
    return Finding(looked_at(session, visit), tuple(told))


@check("F5 bookings whole")
def bookings_whole(session: Session) -> Finding:
    """Every visit has an invoice, and a number in the queue once the patient is there; only walk-ins have no appointment."""
    has_invoice = exists().where(Invoice.visit_id == Visit.id)
    has_number = exists().where(and_(QueueEntry.visit_id == Visit.id, QueueEntry.state != QueueState.VOID))
    billed = removed_from(session, Invoice.__tablename__)
    unbilled = [row for row in session.execute(_visits(Visit.id).where(~has_invoice)) if row.id not in billed]
    strange_type = case((Visit.appointment_id.is_(None), VisitType.WALK_IN.value), else_=VisitType.SCHEDULED.value)
    return finding(
        looked_at(session, Visit),
        (f"visit of {row.patient} on {row.day} ({row.status}) has no invoice" for row in unbilled),
        lies(session, _visits().where(Visit.status.in_(_ARRIVED), ~has_number), "visit of {patient} on {day} ({status}) has no number"),
        lies(session, _visits().where(cast(Visit.visit_type, Text) != strange_type), "visit of {patient} on {day}: type and appointment"),
    )


@check("F6 visits waiting to pay")
def waiting_to_pay(session: Session) -> Finding:
    """A visit waits for payment only while an invoice of it is open."""
    open_invoice = exists().where(and_(Invoice.visit_id == Visit.id, Invoice.status.in_(OPEN_STATUSES)))
    waits = Visit.status == VisitStatus.PENDING_PAYMENT
    told = lies(session, _visits().where(waits, ~open_invoice), "visit of {patient} on {day} is {status}, but nothing is owed")
    return Finding(looked_at(session, Visit, waits), tuple(told))


@check("F7 services of appointments")
def services_add_up(session: Session) -> Finding:
    """An appointment's fee is that of its services, and the one it is named after is among them."""
    line = AppointmentService
    sums = select(line.appointment_id, func.sum(line.unit_price * line.quantity).label("total")).group_by(line.appointment_id).subquery()
    named = exists().where(and_(line.appointment_id == Appointment.id, line.service_id == Appointment.service_id))
    wrong = or_(sums.c.total.is_(None), cast(sums.c.total, BigInteger) != cast(Appointment.fee, BigInteger), ~named)
    found = select(Appointment.booking_id).outerjoin(sums, sums.c.appointment_id == Appointment.id).where(wrong)
    return Finding(looked_at(session, Appointment), tuple(lies(session, found, "{booking_id}: its services do not add up to its fee")))
