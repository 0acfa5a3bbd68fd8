"""How full a doctor's day is, and what stands in the way of a place in it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from clinic_desktop.clinic.frontdesk.rules.slots import Slot, SlotRow, Span, Taken, run_from


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


def loaded_slots(slots: Sequence[Slot], taken: Iterable[Taken], now: datetime) -> list[SlotRow]:
    """The slots by start with what is booked in each, free where one more patient fits; one pass over both."""
    held = sorted(taken, key=lambda one: one.span.start)
    rows, running, ahead = [], list[Taken](), 0
    for slot in slots:
        while ahead < len(held) and held[ahead].span.start < slot.end:
            running.append(held[ahead])
            ahead += 1
        running = [one for one in running if one.span.end > slot.start]
        places = {one.place for one in running}
        is_free = slot.start >= now and any(place not in places for place in range(1, slot.capacity + 1))
        rows.append(SlotRow(slot.start, slot.end, slot.capacity, len(places), is_free))
    return rows
