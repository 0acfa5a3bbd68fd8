"""What must be true of working time: nobody, and no room, is in two places (T1)."""

from __future__ import annotations

from itertools import combinations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.staff.models import Doctor, DoctorLeave, DoctorSchedule, TimeSlot
from clinic_desktop.clinic.staff.rules import NO_LEAVE, Hours, ScheduleOverlap, check_overlap
from clinic_desktop.kernel.checks import Finding, check, lies, looked_at

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@check("T1 weekly hours")
def weekly_hours(session: Session) -> Finding:
    """No doctor and no room is scheduled twice at one time."""
    statement = (
        select(DoctorSchedule, User.full_name, Doctor.room.label("usual_room"))
        .join(Doctor, Doctor.id == DoctorSchedule.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(DoctorSchedule.is_active)
        .order_by(DoctorSchedule.id)
    )
    rows = [
        (Hours(s.weekday, s.start_time, s.end_time, s.valid_from, s.valid_to, s.doctor_id, s.clinic_id, s.room or usual_room), name)
        for s, name, usual_room in session.execute(statement)
    ]
    failures = []
    for (one, name), (other, other_name) in combinations(rows, 2):
        try:
            check_overlap(one, [other])
        except ScheduleOverlap as overlap:
            when = f"{_DAYS[one.weekday]} {one.start:%H:%M}"
            failures.append(f"{name} and {other_name}: one {overlap.params['what']} in two places on {when}")
    return Finding(len(rows), tuple(failures))


@check("T1 added slots")
def added_slots(session: Session) -> Finding:
    """Slots added by hand do not overlap each other."""
    other = aliased(TimeSlot)
    meets = (other.start_time < TimeSlot.end_time) & (TimeSlot.start_time < other.end_time)
    found = (
        select(User.full_name, TimeSlot.slot_date, TimeSlot.start_time, other.start_time.label("other"))
        .join(other, (other.doctor_id == TimeSlot.doctor_id) & (other.slot_date == TimeSlot.slot_date) & (other.id > TimeSlot.id))
        .join(Doctor, Doctor.id == TimeSlot.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(TimeSlot.is_available, other.is_available, meets)
    )
    wording = "{full_name}: the slots of {start_time} and {other} on {slot_date} overlap"
    return Finding(looked_at(session, TimeSlot), tuple(lies(session, found, wording)))


@check("T1 leaves")
def leaves(session: Session) -> Finding:
    """A doctor's leaves that were neither rejected nor taken back do not overlap."""
    other = aliased(DoctorLeave)
    stands = DoctorLeave.status.not_in(NO_LEAVE)
    days_meet = (other.first_day <= DoctorLeave.last_day) & (DoctorLeave.first_day <= other.last_day)
    times_meet = (other.start_time < DoctorLeave.end_time) & (DoctorLeave.start_time < other.end_time)
    found = (
        select(User.full_name, DoctorLeave.first_day, other.first_day.label("other"))
        .join(other, (other.doctor_id == DoctorLeave.doctor_id) & (other.id > DoctorLeave.id))
        .join(Doctor, Doctor.id == DoctorLeave.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(stands, other.status.not_in(NO_LEAVE), days_meet)
        .where(or_(DoctorLeave.start_time.is_(None), other.start_time.is_(None), times_meet))
    )
    wording = "{full_name}: the leaves from {first_day} and from {other} overlap"
    return Finding(looked_at(session, DoctorLeave), tuple(lies(session, found, wording)))
