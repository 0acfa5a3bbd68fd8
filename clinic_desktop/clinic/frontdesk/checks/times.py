"""Places in a doctor's day: no overlap, no slot beyond its capacity, cancelled ones free (T1, T2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk.commands.flow import BOOKING_NUMBER
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import FREED, QueueState, VisitStatus
from clinic_desktop.clinic.organisation.checks import numbers_whole
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.staff.models import Doctor, DoctorSchedule, TimeSlot
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.mending import ConflictKind, told

_PAGE = 2_000
_HELD = Appointment.status.not_in(FREED)


@check("N1 booking numbers")
def booking_numbers(session: Session) -> Finding:
    """Booking numbers are whole."""
    found = session.execute(select(Appointment.booking_id, Appointment.clinic_id).execution_options(yield_per=_PAGE))
    return numbers_whole(session, BOOKING_NUMBER, ((number, clinic_id) for number, clinic_id in found))


def _overlaps(session: Session, *places: Any) -> Select[Any]:
    """Held appointments that begin before the latest end of those before them in the same place, with the one in their way.

    One that sites apart booked twice is a person's to settle, and no lie.
    """
    settled_by_hand = Appointment.id.in_(told(session, ConflictKind.DOUBLE_BOOKING))
    latest = func.max(Appointment.end_time).over(partition_by=places, order_by=(Appointment.start_time, Appointment.id), rows=(None, -1))
    before = func.lag(Appointment.booking_id).over(partition_by=places, order_by=(Appointment.start_time, Appointment.id))
    runs = select(Appointment.id, latest.label("latest"), before.label("before")).where(_HELD, ~settled_by_hand).subquery()
    found = select(Appointment.booking_id, Appointment.start_time, runs.c.before).join(runs, runs.c.id == Appointment.id)
    return found.where(Appointment.start_time < runs.c.latest)


@check("T1 doctor overlaps")
def doctor_overlaps(session: Session) -> Finding:
    """A place of a doctor's day is held by one appointment at a time."""
    found = _overlaps(session, Appointment.doctor_id, Appointment.slot_place)
    wording = "{booking_id} at {start_time:%Y-%m-%d %H:%M} UTC begins before its doctor is free (after {before})"
    return Finding(looked_at(session, Appointment, _HELD), tuple(lies(session, found, wording)))


@check("T1 patient overlaps")
def patient_overlaps(session: Session) -> Finding:
    """A patient has one appointment at a time."""
    found = _overlaps(session, Appointment.patient_id)
    wording = "{booking_id} at {start_time:%Y-%m-%d %H:%M} UTC: its patient has another appointment then (after {before})"
    return Finding(looked_at(session, Appointment, _HELD), tuple(lies(session, found, wording)))


@check("T1 room overlaps")
def room_overlaps(session: Session) -> Finding:
    """Two doctors do not see patients in one room at a time."""
    other = aliased(Appointment)
    same = (other.clinic_id == Appointment.clinic_id, other.business_date == Appointment.business_date)
    there = (func.lower(other.room) == func.lower(Appointment.room), other.doctor_id != Appointment.doctor_id, other.status.not_in(FREED))
    meets = (other.start_time <= Appointment.start_time, other.end_time > Appointment.start_time)
    found = select(Appointment.booking_id, Appointment.room, other.booking_id.label("before")).join(other, and_(*same, *there, *meets))
    wording = "{booking_id} begins in room {room} before {before} of another doctor has left it"
    return Finding(looked_at(session, Appointment, _HELD), tuple(lies(session, found.where(_HELD), wording)))


@check("T1 slot capacity")
def slot_capacity(session: Session) -> Finding:
    """No slot is sold beyond the capacity that hours or added slots ever gave it; an override takes one place."""
    by_weekday: dict[tuple[UUID, UUID, int], int] = {}
    for row in session.scalars(select(DoctorSchedule)):
        key = (row.doctor_id, row.clinic_id, row.weekday)
        by_weekday[key] = max(row.max_patients, by_weekday.get(key, 0))
    by_day: dict[tuple[UUID, UUID, date], int] = {}
    for slot in session.scalars(select(TimeSlot)):
        day_key = (slot.doctor_id, slot.clinic_id, slot.slot_date)
        by_day[day_key] = max(slot.capacity, by_day.get(day_key, 0))
    columns = (Appointment.booking_id, Appointment.doctor_id, Appointment.clinic_id, Appointment.business_date, Appointment.slot_place)
    failures = []
    for one in session.execute(select(*columns).where(_HELD, Appointment.slot_place > 1).order_by(Appointment.booking_id)):
        usual = by_weekday.get((one.doctor_id, one.clinic_id, one.business_date.weekday()), 1)
        capacity = max(usual, by_day.get((one.doctor_id, one.clinic_id, one.business_date), 1))
        if one.slot_place > capacity:
            failures.append(f"{one.booking_id} takes place {one.slot_place} of {capacity} on {one.business_date}")
    return Finding(looked_at(session, Appointment, _HELD), tuple(failures))


@check("T1 lengths")
def lengths(session: Session) -> Finding:
    """An appointment to which a person gave a length holds its place at least so long."""
    chosen = Appointment.length_minutes.is_not(None)
    columns = (Appointment.booking_id, Appointment.start_time, Appointment.end_time, Appointment.length_minutes)
    found = session.execute(select(*columns).where(chosen).order_by(Appointment.booking_id))
    failures = [
        f"{one.booking_id} holds {one.end_time - one.start_time} and not its {one.length_minutes} minutes"
        for one in found
        if one.end_time - one.start_time < timedelta(minutes=one.length_minutes or 0)
    ]
    return Finding(looked_at(session, Appointment, chosen), tuple(failures))


@check("T2 cancelled places")
def cancelled_places(session: Session) -> Finding:
    """A visit that is given up holds no queue number that counts and no draft invoice."""
    gone = Visit.status.in_((VisitStatus.CANCELLED, VisitStatus.LEFT))
    named = (Patient.patient_number, Visit.business_date, Visit.status)
    draft = (
        select(*named)
        .join(Visit, Visit.patient_id == Patient.id)
        .join(Invoice, Invoice.visit_id == Visit.id)
        .where(gone, Invoice.status == InvoiceStatus.DRAFT)
    )
    number = (
        select(*named, QueueEntry.queue_number)
        .join(Visit, Visit.patient_id == Patient.id)
        .join(QueueEntry, QueueEntry.visit_id == Visit.id)
        .where(Visit.status == VisitStatus.CANCELLED, QueueEntry.state != QueueState.VOID)
    )
    return finding(
        looked_at(session, Visit, gone),
        lies(session, draft, "visit of {patient_number} on {business_date} is {status} and still has a draft invoice"),
        lies(session, number, "visit of {patient_number} on {business_date} is {status}, its queue number {queue_number} is not void"),
    )


@check("T1 appointments and visits")
def same_place(session: Session) -> Finding:
    """Every appointment has its visit, on the same day, for the same patient and service, in the same clinic."""
    visit, doctor = aliased(Visit), aliased(Doctor)
    alone = select(Appointment.booking_id).outerjoin(visit, visit.appointment_id == Appointment.id).where(visit.id.is_(None))
    pairs: tuple[ColumnElement[bool], ...] = tuple(
        getattr(visit, name) != getattr(Appointment, name) for name in ("clinic_id", "patient_id", "service_id", "business_date")
    )
    found = (
        select(Appointment.booking_id, User.full_name)
        .join(visit, visit.appointment_id == Appointment.id)
        .join(doctor, doctor.id == Appointment.doctor_id)
        .join(User, User.id == doctor.user_id)
        .where(or_(*pairs, visit.planned_at != Appointment.start_time))
    )
    return finding(
        looked_at(session, Appointment),
        lies(session, alone, "{booking_id} has no visit"),
        lies(session, found, "{booking_id} with {full_name}: its visit is of another day, patient, service or clinic"),
    )
