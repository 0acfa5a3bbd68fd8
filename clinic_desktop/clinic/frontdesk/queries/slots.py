"""When a doctor can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.planning import clinic_timezone, doctor_day, taken_places
from clinic_desktop.clinic.frontdesk.rules import SlotRow, shown_slots
from clinic_desktop.kernel.clock import business_date


@dataclass(frozen=True, slots=True)
class DayRow:
    """A doctor's day on the booking screen; ``closed`` says why it has no slots: holiday, leave or no_hours."""

    day: date
    slots: tuple[SlotRow, ...]
    closed: str | None

    @property
    def free(self) -> int:
        """How many slots can be booked."""
        return sum(slot.is_free for slot in self.slots)


def free_slots(session: Session, *, clinic_id: UUID, doctor_id: UUID, day: date, now: datetime, minutes: int = 1) -> list[SlotRow]:
    """Every slot of a doctor's day with what is booked; free where a visit of ``minutes`` can begin."""
    return _slots(session, clinic_id, doctor_id, day, now, minutes, clinic_timezone(session, clinic_id))


def _slots(session: Session, clinic_id: UUID, doctor_id: UUID, day: date, now: datetime, minutes: int, timezone: str) -> list[SlotRow]:
    plan = doctor_day(session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, timezone=timezone)
    if not plan.slots:
        return []
    first, last = plan.slots[0].start, max(slot.end for slot in plan.slots)
    return shown_slots(plan.slots, taken_places(session, doctor_id=doctor_id, start=first, end=last), now, minutes)


def days(
    session: Session,
    *,
    clinic_id: UUID,
    doctor_id: UUID,
    first: date,
    count: int = 7,
    now: datetime,
    minutes: int = 1,
    except_id: UUID | None = None,
) -> list[DayRow]:
    """Several days of a doctor in a row, each with its slots: a week of the booking screen.

    ``except_id``: the appointment that is to be moved, whose own place is free for it.
    """
    timezone = clinic_timezone(session, clinic_id)
    rows = []
    for day in (first + timedelta(days=offset) for offset in range(count)):
        plan = doctor_day(session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, timezone=timezone)
        if not plan.slots:
            rows.append(DayRow(day, (), plan.closed()))
            continue
        start, end = plan.slots[0].start, max(slot.end for slot in plan.slots)
        taken = taken_places(session, doctor_id=doctor_id, start=start, end=end, except_id=except_id)
        rows.append(DayRow(day, tuple(shown_slots(plan.slots, taken, now, minutes)), None))
    return rows


def next_free_days(
    session: Session, *, clinic_id: UUID, doctor_id: UUID, now: datetime, minutes: int = 1, count: int = 5, within: int = 60
) -> list[date]:
    """The next days, from today, on which a visit of ``minutes`` can be booked."""
    timezone = clinic_timezone(session, clinic_id)
    today = business_date(now, timezone)
    found: list[date] = []
    for offset in range(within):
        day = today + timedelta(days=offset)
        if any(slot.is_free for slot in _slots(session, clinic_id, doctor_id, day, now, minutes, timezone)):
            found.append(day)
            if len(found) == count:
                break
    return found
