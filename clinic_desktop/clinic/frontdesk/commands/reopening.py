"""Days that are open again after all: a leave or a holiday was taken back, and what is free then is offered to who waits for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.offering import offer_freed
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.planning import clinic_timezone, doctor_day
from clinic_desktop.clinic.organisation.events import HolidayLifted
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.clinic.staff.events import LeaveTakenBack
from clinic_desktop.clinic.staff.queries import schedules
from clinic_desktop.kernel.clock import day_bounds, local_instant
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx


@reacts(LeaveTakenBack)
def offer_days_of_leave(tx: Tx, happened: LeaveTakenBack) -> None:
    """The doctor is there: in every clinic in which he works."""
    found = schedules(tx.session, doctor_id=happened.doctor_id)
    days = [happened.first_day + timedelta(days=ahead) for ahead in range((happened.last_day - happened.first_day).days + 1)]
    for clinic_id in _here(tx, {one.clinic_id for one in found}):
        timezone = clinic_timezone(tx.session, clinic_id)
        for day in days:
            start, end = day_bounds(day, timezone)
            if happened.start is not None and happened.end is not None:
                start, end = (local_instant(day, one, timezone) for one in (happened.start, happened.end))
            offer_freed(tx, clinic_id=clinic_id, doctor_id=happened.doctor_id, start=start, end=end)


@reacts(HolidayLifted)
def offer_day_again(tx: Tx, happened: HolidayLifted) -> None:
    """The clinic is open: with every doctor who works on that day."""
    for clinic_id in _here(tx, None if happened.clinic_id is None else [happened.clinic_id]):
        start, end = day_bounds(happened.day, clinic_timezone(tx.session, clinic_id))
        for doctor_id in dict.fromkeys(one.doctor_id for one in schedules(tx.session, clinic_id=clinic_id, on=happened.day)):
            offer_freed(tx, clinic_id=clinic_id, doctor_id=doctor_id, start=start, end=end)


def _here(tx: Tx, wanted: Collection[UUID] | None) -> list[UUID]:
    """The clinics that this site works for, or those of them that are wanted: the waiting list of another is its own."""
    return [one.id for one in clinics(tx.session, here=True) if wanted is None or one.id in wanted]


@step
def is_overtaken(tx: Tx, *, appointment: Appointment, timezone: str) -> bool:
    """Whether a leave or a holiday lies over an appointment that was not booked there on purpose."""
    if appointment.override_reason is not None:
        return False
    clinic_id, doctor_id, day = appointment.clinic_id, appointment.doctor_id, appointment.business_date
    plan = doctor_day(tx.session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, timezone=timezone)
    return plan.is_holiday or any(leave.overlaps(appointment.start_time, appointment.end_time) for leave in plan.leaves)
