"""Appointments that a leave or a holiday has overtaken, each with places that could take its stead."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.finding import FreePlaces
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.planning import planned_minutes
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.organisation.models import Holiday
from clinic_desktop.clinic.organisation.queries import clinic_place
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.queries import DoctorRow, LeaveRow, approved_leaves, doctors
from clinic_desktop.clinic.staff.rules import spans_meet

_AWAITED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
_AHEAD = timedelta(days=366)
_BOOKED: Select[*tuple[Any, ...]] = (
    select(
        *(Appointment.id, Appointment.booking_id, Appointment.patient_id, Appointment.doctor_id, Appointment.business_date),
        *(
            Appointment.start_time,
            Appointment.end_time,
            Appointment.status,
            Visit.id.label("visit_id"),
            Patient.full_name,
            Patient.phone,
            Patient.merged_into_id,
        ),
    )
    .join(Visit, Visit.appointment_id == Appointment.id)
    .join(Patient, Patient.id == Appointment.patient_id)
    .order_by(Appointment.start_time, Appointment.id)
)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A place that could be had: with whom and when."""

    doctor_id: UUID
    doctor_name: str
    start: datetime


@dataclass(frozen=True, slots=True)
class RebookRow:
    """An appointment that cannot stay; ``why`` is leave or holiday."""

    appointment_id: UUID
    booking_id: str
    visit_id: UUID
    patient_id: UUID
    patient_name: str
    patient_phone: str | None
    doctor_id: UUID
    doctor_name: str
    start: datetime
    minutes: int
    why: str
    same_doctor: ProposalRow | None
    other_doctor: ProposalRow | None


def needing_new_time(session: Session, *, clinic_id: UUID, now: datetime, doctor_id: UUID | None = None) -> list[RebookRow]:
    """The clinic's appointments ahead that lie in an approved leave or on a holiday, by time; one booked so on purpose is none."""
    overtaken = _overtaken(session, clinic_id, now, doctor_id)
    if not overtaken:
        return []
    places, everyone = FreePlaces(session, clinic_id=clinic_id, now=now), doctors(session, clinic_id)
    rows = [(_row(session, found, why, places, everyone), found.merged_into_id) for found, why in overtaken]
    return of_survivors(session, rows)


def needing_new_time_count(session: Session, *, clinic_id: UUID, now: datetime) -> int:
    """How many they are, without looking for places."""
    return len(_overtaken(session, clinic_id, now, None))


def _overtaken(session: Session, clinic_id: UUID, now: datetime, doctor_id: UUID | None) -> list[tuple[Row[Any], str]]:
    zone = ZoneInfo(clinic_place(session, clinic_id).timezone)
    first = now.astimezone(zone).date()
    leaves = defaultdict(list)
    for leave in approved_leaves(session, first=first, last=first + _AHEAD, doctor_id=doctor_id):
        leaves[leave.doctor_id].append(leave)
    holidays = _holidays(session, clinic_id, first)
    found = [(row, _why(row, leaves[row.doctor_id], holidays, zone)) for row in _hit(session, clinic_id, now, doctor_id, leaves, holidays)]
    return [(row, why) for row, why in found if why is not None]


def _holidays(session: Session, clinic_id: UUID, first: date) -> frozenset[date]:
    here = Holiday.clinic_id.is_(None) | (Holiday.clinic_id == clinic_id)
    return frozenset(session.scalars(select(Holiday.day).where(Holiday.day >= first, Holiday.is_active, here)))


def _hit(
    session: Session, clinic_id: UUID, now: datetime, doctor_id: UUID | None, leaves: dict[UUID, list[LeaveRow]], holidays: frozenset[date]
) -> list[Row[Any]]:
    spans = [(one.first_day, one.last_day) for found in leaves.values() for one in found] + [(day, day) for day in holidays]
    if not spans:
        return []
    days = (min(span[0] for span in spans), max(span[1] for span in spans))
    # The visit has the day of its appointment: said for both, either is found by an index of days.
    wanted = _BOOKED.where(
        *(table.clinic_id == clinic_id for table in (Appointment, Visit)),
        *(table.business_date.between(*days) for table in (Appointment, Visit)),
        Appointment.override_reason.is_(None),
        Visit.status == VisitStatus.SCHEDULED,
    )
    if doctor_id is not None:
        wanted = wanted.where(Appointment.doctor_id == doctor_id)
    # Not in the statement: Postgres would take the index of held places for it, and read that whole.
    return [row for row in session.execute(wanted) if row.status in _AWAITED and row.start_time >= now]


def _why(found: Row[Any], leaves: list[LeaveRow], holidays: frozenset[date], zone: ZoneInfo) -> str | None:
    if found.business_date in holidays:
        return "holiday"
    start, end = (instant.astimezone(zone).time() for instant in (found.start_time, found.end_time))
    for leave in leaves:
        part = (leave.start or time.min, leave.end or time.max)
        if leave.first_day <= found.business_date <= leave.last_day and spans_meet(start, end, *part):
            return "leave"
    return None


def _row(session: Session, found: Row[Any], why: str, places: FreePlaces, everyone: list[DoctorRow]) -> RebookRow:
    minutes = planned_minutes(session, found.id)
    own = next((one for one in everyone if one.id == found.doctor_id), None)
    others = [] if own is None or why == "holiday" else [one for one in everyone if one is not own and one.specialty_id == own.specialty_id]
    name = "" if own is None else own.full_name
    start = places.nearest(found.doctor_id, found.patient_id, found.start_time, minutes)
    same = None if start is None else ProposalRow(found.doctor_id, name, start)
    stand_in = next((one for one in others if places.is_free(one.id, found.start_time, minutes)), None)
    other = None if stand_in is None else ProposalRow(stand_in.id, stand_in.full_name, found.start_time)
    for proposal in (same, other):
        if proposal is not None:
            places.keep(proposal.doctor_id, found.patient_id, proposal.start, minutes)
    return RebookRow(
        appointment_id=found.id,
        booking_id=found.booking_id,
        visit_id=found.visit_id,
        patient_id=found.patient_id,
        patient_name=found.full_name,
        patient_phone=found.phone,
        doctor_id=found.doctor_id,
        doctor_name=name,
        start=found.start_time,
        minutes=minutes,
        why=why,
        same_doctor=same,
        other_doctor=other,
    )
