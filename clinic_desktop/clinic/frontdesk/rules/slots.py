"""Bookable slots of a day: working hours minus absences, plus added slots, minus what is booked; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from clinic_desktop.kernel.clock import local_instant


@dataclass(frozen=True, slots=True)
class Hours:
    """One working period in wall time of the clinic."""

    start: time
    end: time
    slot_minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether the two stretches share any moment."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Added:
    """A slot added by hand for one day."""

    span: Span
    capacity: int


class Held(Protocol):
    """Anything that holds one of a doctor's parallel places for a while."""

    @property
    def start(self) -> datetime:
        """From when on."""

    @property
    def end(self) -> datetime:
        """Until when."""

    @property
    def place(self) -> int:
        """Which of the places."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A booked place: when, and which of the doctor's parallel places."""

    start: datetime
    end: datetime
    place: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A bookable stretch and how many patients it takes at once."""

    start: datetime
    end: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot as the booking screen shows it."""

    start: datetime
    end: datetime
    capacity: int
    booked: int
    is_free: bool


@lru_cache(maxsize=1024)  # a week of ten doctors has a hundred and forty, and is read again after every change
def slots_of(hours: Hours, day: date, timezone: str) -> tuple[Slot, ...]:
    """The whole slots of one working period: counted in real time from its start, so a clock change neither doubles nor loses one."""
    step = timedelta(minutes=hours.slot_minutes)
    start, close = local_instant(day, hours.start, timezone), local_instant(day, hours.end, timezone)
    slots = []
    while start + step <= close:
        slots.append(Slot(start, start + step, hours.capacity))
        start += step
    return tuple(slots)


def day_slots(hours: Iterable[Hours], absences: Sequence[Span], added: Iterable[Added], day: date, timezone: str) -> list[Slot]:
    """All slots of a day by start; one added by hand stands even in an absence, and instead of a weekly one at its start."""
    found: dict[datetime, Slot] = {}
    for period in hours:
        for slot in slots_of(period, day, timezone):
            if not absences or not any(gap.overlaps(slot.start, slot.end) for gap in absences):
                found.setdefault(slot.start, slot)
    for extra in added:
        found[extra.span.start] = Slot(extra.span.start, extra.span.end, extra.capacity)
    return [found[start] for start in sorted(found)]


def run_from(slots: Sequence[Slot], start: datetime, minutes: int) -> tuple[datetime, int] | None:
    """End and capacity of the unbroken run of slots that begins at ``start`` and holds ``minutes``; None when there is none."""
    needed = start + timedelta(minutes=minutes)
    end, capacity = start, 0
    for slot in slots:
        if slot.start < end:
            continue
        if slot.start > end:
            break
        end, capacity = slot.end, min(capacity, slot.capacity) if capacity else slot.capacity
        if end >= needed:
            return end, capacity
    return None


def free_place(taken: Iterable[Held], start: datetime, end: datetime, capacity: int) -> int | None:
    """The lowest of the places 1..capacity that nobody holds at any moment of the stretch."""
    held = {one.place for one in taken if one.start < end and start < one.end}
    return next((place for place in range(1, capacity + 1) if place not in held), None)


def shown_slots(slots: Sequence[Slot], taken: Sequence[Held], now: datetime, minutes: int) -> list[SlotRow]:
    """The slots with what is booked in each; free when a visit of ``minutes`` can begin there."""
    rows = []
    for slot in slots:
        booked = len({one.place for one in taken if one.start < slot.end and slot.start < one.end})
        run = run_from(slots, slot.start, max(minutes, 1))
        is_free = slot.start >= now and run is not None and free_place(taken, slot.start, *run) is not None
        rows.append(SlotRow(slot.start, slot.end, slot.capacity, booked, is_free))
    return rows
