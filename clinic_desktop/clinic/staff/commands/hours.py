"""When doctors work: weekly hours, single slots and leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID

from sqlalchemy import or_, select

from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.staff.commands.doctors import locked_doctor
from clinic_desktop.clinic.staff.commands.permissions import DECIDE_LEAVE, DOCTORS, REQUEST_LEAVE, SLOTS
from clinic_desktop.clinic.staff.events import LeaveDecided, LeaveRequested, ScheduleChanged
from clinic_desktop.clinic.staff.models import Doctor, DoctorLeave, DoctorSchedule, TimeSlot
from clinic_desktop.clinic.staff.rules import (
    LEAVE,
    LONGEST_SLOT,
    SHORTEST_SLOT,
    Hours,
    LeaveOverlap,
    LeaveStatus,
    check_overlap,
    check_slot_fits,
    check_span,
    spans_meet,
)
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_line, optional_text, whole_number


def _lock_places(tx: Tx, clinic_id: UUID, doctor_id: UUID) -> Doctor:
    """Lock clinic, then doctor: hours that share a room or a doctor are decided one after the other."""
    if tx.session.get(Clinic, clinic_id, with_for_update={"key_share": True}) is None:
        raise NotFound("clinic_id", entity="clinics", key=str(clinic_id))
    return locked_doctor(tx, doctor_id)


@command(DOCTORS)
def add_schedule(
    tx: Tx,
    *,
    doctor_id: UUID,
    clinic_id: UUID,
    weekdays: Iterable[int],
    start: time,
    end: time,
    valid_from: date,
    valid_to: date | None = None,
    slot_minutes: int = 15,
    max_patients: int = 1,
    room: str | None = None,
) -> tuple[UUID, ...]:
    """Add weekly hours on some weekdays (0 is Monday), in the clinic's wall time; refuses a doctor or room in two places."""
    days = sorted({whole_number(day, "weekdays", 0, 6) for day in weekdays})
    _check_hours(days, start, end, valid_from, valid_to, slot_minutes)
    doctor = _lock_places(tx, clinic_id, doctor_id)
    own_room = optional_line(room, "room", limit=40)
    taken = _hours_taken(tx, clinic_id, doctor_id, valid_from, valid_to)
    rows = []
    for weekday in days:
        check_overlap(Hours(weekday, start, end, valid_from, valid_to, doctor_id, clinic_id, own_room or doctor.room), taken)
        row = DoctorSchedule(doctor_id=doctor_id, clinic_id=clinic_id, weekday=weekday, start_time=start, end_time=end, is_active=True)
        row.slot_minutes, row.max_patients = slot_minutes, whole_number(max_patients, "max_patients", 1, 50)
        row.room, row.valid_from, row.valid_to = own_room, valid_from, valid_to
        rows.append(tx.add(row))
    tx.session.flush()
    tx.emit(ScheduleChanged(doctor_id))
    return tuple(row.id for row in rows)


def _check_hours(days: list[int], start: time, end: time, valid_from: date, valid_to: date | None, slot_minutes: int) -> None:
    if not days:
        raise InvalidInput("weekdays", "required")
    check_span(start, end)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    check_slot_fits(start, end, whole_number(slot_minutes, "slot_minutes", SHORTEST_SLOT, LONGEST_SLOT))


def _hours_taken(tx: Tx, clinic_id: UUID, doctor_id: UUID, first: date, last: date | None) -> list[Hours]:
    """Weekly hours and single slots of the doctor anywhere, and of anybody at the clinic, that fall between two days."""
    weekly = select(DoctorSchedule, Doctor.room).join(Doctor, Doctor.id == DoctorSchedule.doctor_id).where(DoctorSchedule.is_active)
    single = select(TimeSlot, Doctor.room).join(Doctor, Doctor.id == TimeSlot.doctor_id).where(TimeSlot.is_available)
    weekly = weekly.where(or_(DoctorSchedule.doctor_id == doctor_id, DoctorSchedule.clinic_id == clinic_id))
    single = single.where(or_(TimeSlot.doctor_id == doctor_id, TimeSlot.clinic_id == clinic_id), TimeSlot.slot_date >= first)
    if last is not None:
        single = single.where(TimeSlot.slot_date <= last)
    taken = [
        Hours(s.weekday, s.start_time, s.end_time, s.valid_from, s.valid_to, s.doctor_id, s.clinic_id, s.room or usual_room)
        for s, usual_room in tx.session.execute(weekly)
    ]
    for slot, usual_room in tx.session.execute(single):
        day, room = slot.slot_date, slot.room or usual_room
        taken.append(Hours(day.weekday(), slot.start_time, slot.end_time, day, day, slot.doctor_id, slot.clinic_id, room))
    return taken


@command(DOCTORS)
def end_schedule(tx: Tx, *, schedule_id: UUID, last_day: date) -> None:
    """Let weekly hours end after a day; before their first day they are taken out altogether."""
    schedule = tx.session.get(DoctorSchedule, schedule_id, with_for_update=True)
    if schedule is None:
        raise NotFound(entity="doctor_schedules", key=str(schedule_id))
    if schedule.valid_to is not None and last_day > schedule.valid_to:
        raise InvalidInput("last_day", "later_than_end", end=schedule.valid_to)
    if last_day < schedule.valid_from:
        schedule.is_active = False
    else:
        schedule.valid_to = last_day
    tx.emit(ScheduleChanged(schedule.doctor_id))


@command(SLOTS)
def add_time_slot(
    tx: Tx, *, doctor_id: UUID, clinic_id: UUID, day: date, start: time, end: time, capacity: int = 1, room: str | None = None
) -> UUID:
    """Add one slot on one day outside the weekly hours, in the clinic's wall time."""
    check_span(start, end)
    doctor = _lock_places(tx, clinic_id, doctor_id)
    own_room = optional_line(room, "room", limit=40)
    new = Hours(day.weekday(), start, end, day, day, doctor_id, clinic_id, own_room or doctor.room)
    check_overlap(new, _hours_taken(tx, clinic_id, doctor_id, day, day))
    slot = TimeSlot(
        doctor_id=doctor_id,
        clinic_id=clinic_id,
        slot_date=day,
        start_time=start,
        end_time=end,
        capacity=whole_number(capacity, "capacity", 1, 50),
        room=own_room,
        is_available=True,
    )
    tx.add(slot)
    tx.session.flush()
    tx.emit(ScheduleChanged(doctor_id))
    return slot.id


@command(SLOTS)
def close_time_slot(tx: Tx, *, time_slot_id: UUID) -> None:
    """Offer a slot that was added by hand no longer; what is booked in it stays."""
    slot = tx.session.get(TimeSlot, time_slot_id, with_for_update=True)
    if slot is None:
        raise NotFound(entity="time_slots", key=str(time_slot_id))
    slot.is_available = False
    tx.emit(ScheduleChanged(slot.doctor_id))


@command(REQUEST_LEAVE)
def request_leave(
    tx: Tx,
    *,
    doctor_id: UUID,
    first_day: date,
    last_day: date,
    start: time | None = None,
    end: time | None = None,
    reason: str | None = None,
) -> UUID:
    """Ask for leave of whole days or, with times, of a part of one day."""
    _check_leave(first_day, last_day, start, end)
    locked_doctor(tx, doctor_id)
    _refuse_second_leave(tx, doctor_id, first_day, last_day, start, end)
    leave = DoctorLeave(
        doctor_id=doctor_id,
        first_day=first_day,
        last_day=last_day,
        start_time=start,
        end_time=end,
        reason=optional_text(reason, "reason", limit=500),
        status=LeaveStatus.REQUESTED,
        requested_by_id=tx.actor.user_id,
        decided_by_id=None,
        decided_at=None,
        decision_note=None,
    )
    tx.add(leave)
    tx.session.flush()
    tx.emit(LeaveRequested(leave.id, doctor_id))
    return leave.id


def _check_leave(first_day: date, last_day: date, start: time | None, end: time | None) -> None:
    if last_day < first_day:
        raise InvalidInput("last_day", "ends_before_start")
    if (start is None) != (end is None):
        raise InvalidInput("end", "required")
    if start is not None and end is not None:
        if first_day != last_day:
            raise InvalidInput("last_day", "part_of_one_day")
        check_span(start, end)


def _refuse_second_leave(tx: Tx, doctor_id: UUID, first: date, last: date, start: time | None, end: time | None) -> None:
    others = select(DoctorLeave).where(
        DoctorLeave.doctor_id == doctor_id,
        DoctorLeave.status != LeaveStatus.REJECTED,
        DoctorLeave.first_day <= last,
        DoctorLeave.last_day >= first,
    )
    for other in tx.session.scalars(others):
        if spans_meet(start or time.min, end or time.max, other.start_time or time.min, other.end_time or time.max):
            raise LeaveOverlap("first_day", first_day=other.first_day, last_day=other.last_day)


@command(DECIDE_LEAVE)
def approve_leave(tx: Tx, *, leave_id: UUID, note: str | None = None) -> None:
    """Approve a requested leave: its hours are no longer offered."""
    _decide(tx, leave_id, LeaveStatus.APPROVED, note)


@command(DECIDE_LEAVE)
def reject_leave(tx: Tx, *, leave_id: UUID, note: str | None = None) -> None:
    """Reject a requested leave."""
    _decide(tx, leave_id, LeaveStatus.REJECTED, note)


def _decide(tx: Tx, leave_id: UUID, wanted: LeaveStatus, note: str | None) -> None:
    leave = tx.session.get(DoctorLeave, leave_id, with_for_update=True)
    if leave is None:
        raise NotFound(entity="doctor_leaves", key=str(leave_id))
    leave.status = LEAVE.check(leave.status, wanted)
    leave.decided_by_id, leave.decided_at = tx.actor.user_id, tx.now
    leave.decision_note = optional_text(note, "note", limit=500)
    tx.emit(LeaveDecided(leave.id, leave.doctor_id, is_approved=wanted is LeaveStatus.APPROVED))
