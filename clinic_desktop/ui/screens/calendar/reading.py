"""What the calendar reads: the days with the doctors to choose from, and the next free place of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, WalkInRow, calendar, walk_ins
from clinic_desktop.clinic.organisation.events import HolidayAdded
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.staff.events import (
    DoctorChanged,
    DoctorDeactivated,
    DoctorRegistered,
    LeaveDecided,
    LeaveTakenBack,
    ScheduleChanged,
)
from clinic_desktop.clinic.staff.queries import DoctorRow, doctors
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.ui.screens.calendar.strips import Strips, strips_of
from clinic_desktop.ui.screens.reception.patient_screen import VISIT_EVENTS

CHANGED_BY = (
    *VISIT_EVENTS,
    *(PatientChanged, HolidayAdded, DoctorChanged, DoctorDeactivated, DoctorRegistered),
    *(LeaveDecided, LeaveTakenBack, ScheduleChanged),
)
"""After which the days shown may read otherwise."""
_WEEK, _WEEKS = 7, 12
"""How far ahead a free place is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that were asked for, and everyone who sees patients here."""

    shown: CalendarRow
    doctors: tuple[DoctorRow, ...]
    strips: Strips
    walk_ins: tuple[WalkInRow, ...]


def span(
    session: Any, *, clinic_id: UUID, first: date, count: int, now: datetime, one: UUID | None, hidden: Collection[UUID] | None
) -> Span:
    """Days of every doctor but the hidden ones; with ``hidden`` None of ``one`` alone, or of the first where nobody was chosen."""
    everyone = tuple(doctors(session, clinic_id))
    if hidden is None:
        wanted: list[UUID] | None = [one] if one is not None else [who.id for who in everyone[:1]]
    else:
        wanted = [who.id for who in everyone if who.id not in hidden] if hidden else None
    shown = calendar(session, clinic_id=clinic_id, first=first, count=count, now=now, doctor_ids=wanted)
    here = tuple(walk_ins(session, clinic_id=clinic_id, first=first, count=count, now=now, doctor_ids=wanted))
    return Span(shown, everyone, strips_of(shown, here), here)


def next_free(session: Any, *, clinic_id: UUID, doctor_id: UUID, timezone: str, now: datetime, after: datetime) -> datetime | None:
    """The first free place of a doctor after an instant, in the next weeks; None when there is none."""
    first = business_date(max(after, now), timezone)
    for week in range(_WEEKS):
        begin = first + timedelta(days=_WEEK * week)
        shown = calendar(session, clinic_id=clinic_id, first=begin, count=_WEEK, now=now, doctor_ids=[doctor_id])
        free = [slot.start for cell in shown.cells.values() for slot in cell.slots if slot.is_free and slot.start > after]
        if free:
            return min(free)
    return None
