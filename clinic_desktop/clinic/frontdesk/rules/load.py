"""How full a doctor's day is, and what stands in the way of a place in it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from clinic_desktop.clinic.frontdesk.rules.slots import Held, Slot, SlotRow, Span, run_from


def problem_of(
    slots: Sequence[Slot],
    leaves: Iterable[Span],
    start: datetime,
    minutes: int,
    now: datetime,
    *,
    is_holiday: bool,
    upcoming: datetime | None = None,
) -> str | None:
    """Why a place needs an override: past, holiday, leave or outside_hours.

    ``upcoming`` is what must not have passed: the start, or of a visit that only becomes longer its new end.
    """
    if (upcoming or start) < now:
        return "past"
    if run_from(slots, start, minutes) is not None:
        return None
    if is_holiday:
        return "holiday"
    if any(leave.overlaps(start, start + timedelta(minutes=minutes)) for leave in leaves):
        return "leave"
    return "outside_hours"


def loaded_slots(slots: Sequence[Slot], taken: Iterable[Held], now: datetime) -> list[SlotRow]:
    """The slots by start with what is booked in each, free where one more patient fits; one pass over both."""
    held = sorted(taken, key=attrgetter("start"))
    rows, running, ahead = [], list[Held](), 0
    for slot in slots:
        start, end = slot.start, slot.end
        while ahead < len(held) and held[ahead].start < end:
            running.append(held[ahead])
            ahead += 1
        running = [one for one in running if one.end > start]
        places = {one.place for one in running}
        is_free = start >= now and not places.issuperset(range(1, slot.capacity + 1))
        rows.append(SlotRow(start, end, slot.capacity, len(places), is_free))
    return rows
