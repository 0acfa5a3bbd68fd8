"""When doctors work: weekly hours and single slots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.organisation.queries import clinic_place, clinic_today
from clinic_desktop.clinic.staff.commands.doctors import end_hours, locked_doctor
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS, SLOTS
from clinic_desktop.clinic.staff.events import ScheduleChanged, TimeSlotAdded
from clinic_desktop.clinic.staff.models import Doctor, DoctorSchedule, TimeSlot
from clinic_desktop.clinic.staff.rules import LONGEST_SLOT, SHORTEST_SLOT, Hours, check_overlap, check_slot_fits, check_span
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_line, whole_number


def _lock_places(tx: Tx, clinic_id: UUID, doctor_id: UUID) -> Doctor:
    """Lock clinic, then doctor: hours that share a room or a doctor are decided one after the other."""
    if tx.session.get(Clinic, clinic_id, with_for_update={"key_share": True}) is None:
        raise NotFound("clinic_id", entity="clinics", key=str(clinic_id))
    doctor = locked_doctor(tx, doctor_id)
    if not doctor.is_active:
        raise InvalidInput("doctor_id", "inactive")
    return doctor


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
    if not days:
        raise InvalidInput("weekdays", "required")
    doctor = _lock_places(tx, clinic_id, doctor_id)
    rows = []
    for weekday in days:
        row = DoctorSchedule(doctor_id=doctor_id, clinic_id=clinic_id, weekday=weekday, is_active=True)
        _set_hours(row, start, end, valid_from, valid_to, slot_minutes, max_patients, room)
        rows.append(row)
    return _add_all(tx, doctor, rows)


@command(DOCTORS)
def change_schedule(
    tx: Tx,
    *,
    schedule_id: UUID,
    from_day: date,
    start: time,
    end: time,
    slot_minutes: int,
    max_patients: int,
    room: str | None,
    valid_to: date | None,
) -> UUID:
    """Change weekly hours from a day on, today at the earliest: what they were before stays known. What is booked stays booked.

    Hours that have begun end the day before and go on in a new row, whose id is returned.
    """
    former = _schedule(tx, schedule_id)
    doctor = _lock_places(tx, former.clinic_id, former.doctor_id)
    former = _schedule(tx, schedule_id)  # as it is now that nobody else may change it
    if from_day < clinic_today(tx.session, former.clinic_id, tx.now):
        raise InvalidInput("from_day", "in_the_past")
    if not former.is_active or (former.valid_to is not None and former.valid_to < from_day):
        raise InvalidInput("from_day", "ended_before")
    row = DoctorSchedule(doctor_id=former.doctor_id, clinic_id=former.clinic_id, weekday=former.weekday, is_active=True)
    _set_hours(row, start, end, max(from_day, former.valid_from), valid_to, slot_minutes, max_patients, room)
    end_hours(former, from_day - timedelta(days=1))
    (made,) = _add_all(tx, doctor, [row])
    return made


@command(DOCTORS)
def copy_weekday(tx: Tx, *, doctor_id: UUID, clinic_id: UUID, weekday: int, to_weekdays: Iterable[int], from_day: date) -> tuple[UUID, ...]:
    """Give other weekdays the hours that one has from a day on; all of them, or none where the doctor or room is taken."""
    days = sorted({whole_number(day, "to_weekdays", 0, 6) for day in to_weekdays} - {weekday})
    if not days:
        raise InvalidInput("to_weekdays", "required")
    doctor = _lock_places(tx, clinic_id, doctor_id)
    wanted = select(DoctorSchedule).where(
        *(DoctorSchedule.doctor_id == doctor_id, DoctorSchedule.clinic_id == clinic_id, DoctorSchedule.weekday == weekday),
        *(DoctorSchedule.is_active, or_(DoctorSchedule.valid_to.is_(None), DoctorSchedule.valid_to >= from_day)),
    )
    rows = []
    for one in tx.session.scalars(wanted.order_by(DoctorSchedule.start_time, DoctorSchedule.id)).all():
        for day in days:
            row = DoctorSchedule(doctor_id=doctor_id, clinic_id=clinic_id, weekday=day, is_active=True)
            first = max(from_day, one.valid_from)
            _set_hours(row, one.start_time, one.end_time, first, one.valid_to, one.slot_minutes, one.max_patients, one.room)
            rows.append(row)
    if not rows:
        raise InvalidInput("to_weekdays", "nothing_to_copy")
    return _add_all(tx, doctor, rows, field="to_weekdays")


def _set_hours(
    row: DoctorSchedule,
    start: time,
    end: time,
    valid_from: date,
    valid_to: date | None,
    slot_minutes: int,
    max_patients: int,
    room: str | None,
) -> None:
    check_span(start, end)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    check_slot_fits(start, end, whole_number(slot_minutes, "slot_minutes", SHORTEST_SLOT, LONGEST_SLOT))
    row.start_time, row.end_time, row.valid_from, row.valid_to = start, end, valid_from, valid_to
    row.slot_minutes, row.max_patients = slot_minutes, whole_number(max_patients, "max_patients", 1, 50)
    row.room = optional_line(room, "room", limit=40)


def _add_all(tx: Tx, doctor: Doctor, rows: Sequence[DoctorSchedule], *, field: str = "start") -> tuple[UUID, ...]:
    """Add weekly hours of one doctor at one clinic, each only where nobody is yet."""
    last = None if any(row.valid_to is None for row in rows) else max(row.valid_to for row in rows if row.valid_to)
    tx.session.flush()
    taken = _hours_taken(tx, rows[0].clinic_id, doctor.id, min(row.valid_from for row in rows), last)
    for row in rows:
        hours = _hours_of(row, doctor.room)
        check_overlap(hours, taken, field=field)
        taken.append(hours)
        tx.add(row)
    tx.session.flush()
    tx.emit(ScheduleChanged(doctor.id))
    return tuple(row.id for row in rows)


def _hours_of(row: DoctorSchedule, usual_room: str | None) -> Hours:
    room = row.room or usual_room
    return Hours(row.weekday, row.start_time, row.end_time, row.valid_from, row.valid_to, row.doctor_id, row.clinic_id, room)


def _hours_taken(tx: Tx, clinic_id: UUID, doctor_id: UUID, first: date, last: date | None) -> list[Hours]:
    """Weekly hours and single slots of the doctor anywhere, and of anybody at the clinic, that fall between two days."""
    weekly = select(DoctorSchedule, Doctor.room).join(Doctor, Doctor.id == DoctorSchedule.doctor_id).where(DoctorSchedule.is_active)
    single = select(TimeSlot, Doctor.room).join(Doctor, Doctor.id == TimeSlot.doctor_id).where(TimeSlot.is_available)
    weekly = weekly.where(or_(DoctorSchedule.doctor_id == doctor_id, DoctorSchedule.clinic_id == clinic_id))
    single = single.where(or_(TimeSlot.doctor_id == doctor_id, TimeSlot.clinic_id == clinic_id), TimeSlot.slot_date >= first)
    if last is not None:
        single = single.where(TimeSlot.slot_date <= last)
    taken = [_hours_of(row, usual_room) for row, usual_room in tx.session.execute(weekly)]
    for slot, usual_room in tx.session.execute(single):
        day, room = slot.slot_date, slot.room or usual_room
        taken.append(Hours(day.weekday(), slot.start_time, slot.end_time, day, day, slot.doctor_id, slot.clinic_id, room))
    return taken


@command(DOCTORS)
def end_schedule(tx: Tx, *, schedule_id: UUID, last_day: date) -> None:
    """Let weekly hours end after a day; before their first day they are taken out altogether."""
    schedule = _schedule(tx, schedule_id)
    locked_doctor(tx, schedule.doctor_id)
    schedule = _schedule(tx, schedule_id)
    if schedule.valid_to is not None and last_day > schedule.valid_to:
        raise InvalidInput("last_day", "later_than_end", end=schedule.valid_to)
    end_hours(schedule, last_day)
    tx.emit(ScheduleChanged(schedule.doctor_id))


def _schedule(tx: Tx, schedule_id: UUID) -> DoctorSchedule:
    schedule = tx.session.get(DoctorSchedule, schedule_id, populate_existing=True)
    if schedule is None:
        raise NotFound(entity="doctor_schedules", key=str(schedule_id))
    return schedule


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
    zone = clinic_place(tx.session, clinic_id).timezone
    tx.emit(TimeSlotAdded(slot.id, doctor_id, clinic_id, local_instant(day, start, zone), local_instant(day, end, zone)))
    return slot.id


@command(SLOTS)
def close_time_slot(tx: Tx, *, time_slot_id: UUID) -> None:
    """Offer a slot that was added by hand no longer; what is booked in it stays."""
    slot = tx.session.get(TimeSlot, time_slot_id, with_for_update=True)
    if slot is None:
        raise NotFound(entity="time_slots", key=str(time_slot_id))
    slot.is_available = False
    tx.emit(ScheduleChanged(slot.doctor_id))
