"""Appointments follow their doctor into another room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.planning import DoctorDay, clinic_timezone, doctor_day
from clinic_desktop.clinic.frontdesk.rules import FREED, AppointmentStatus
from clinic_desktop.clinic.staff.events import DoctorChanged, ScheduleChanged
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.commands import reacts
from clinic_desktop.kernel.db import Tx

_AHEAD = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)


@reacts(ScheduleChanged)
def follow_hours(tx: Tx, happened: ScheduleChanged) -> None:
    """Hours that name another room take what is booked in them along."""
    _follow(tx, happened.doctor_id)


@reacts(DoctorChanged)
def follow_doctor(tx: Tx, happened: DoctorChanged) -> None:
    """A doctor's usual room counts wherever the hours name none."""
    _follow(tx, happened.doctor_id)


def _follow(tx: Tx, doctor_id: UUID) -> None:
    usual = tx.session.get_one(Doctor, doctor_id).room
    wanted = select(Appointment).where(Appointment.doctor_id == doctor_id, Appointment.start_time >= tx.now, Appointment.status.in_(_AHEAD))
    days: dict[tuple[UUID, date], DoctorDay] = {}
    for one in tx.session.scalars(wanted.order_by(Appointment.start_time)).all():
        place = (one.clinic_id, one.business_date)
        if place not in days:
            zone = clinic_timezone(tx.session, one.clinic_id)
            days[place] = doctor_day(tx.session, clinic_id=one.clinic_id, doctor_id=doctor_id, day=one.business_date, timezone=zone)
        room = days[place].room_at(one.start_time) or usual
        if room != one.room:
            # Two patients in one room are for people to settle: hours are not refused because of it.
            one.room = None if room is None or _is_taken(tx.session, one, room) else room
            tx.session.flush()


def _is_taken(session: Session, one: Appointment, room: str) -> bool:
    others = select(Appointment.id).where(
        Appointment.clinic_id == one.clinic_id,
        Appointment.business_date == one.business_date,
        Appointment.doctor_id != one.doctor_id,
        func.lower(Appointment.room) == room.lower(),
        Appointment.start_time < one.end_time,
        Appointment.end_time > one.start_time,
        Appointment.status.not_in(FREED),
    )
    return session.scalar(others.limit(1)) is not None
