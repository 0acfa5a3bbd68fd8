"""The calendar: everything of some days of a clinic's doctors, in as many statements for one day as for a week of twenty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.planning import clinic_timezone
from clinic_desktop.clinic.frontdesk.queries.planned import ElsewhereRow, PlannedRow, elsewhere, planned
from clinic_desktop.clinic.frontdesk.rules import FREED, Added, Held, Hours, Slot, SlotRow, Span, day_slots, loaded_slots
from clinic_desktop.clinic.organisation.queries import holidays
from clinic_desktop.clinic.staff.queries import (
    DoctorRow,
    LeaveRow,
    ScheduleRow,
    TimeSlotRow,
    approved_leaves,
    doctors,
    schedules,
    time_slots,
)
from clinic_desktop.kernel.clock import day_bounds, local_instant

MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class ColumnDoctor:
    """Whose column it is; ``specialty_id`` None: no more of this clinic, only with appointments left."""

    id: UUID
    name: str
    specialty_id: UUID | None
    specialty: str
    room: str | None


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch without work, and why: ``kind`` is leave or holiday, ``text`` its reason or name."""

    kind: str
    span: Span
    text: str | None


@dataclass(frozen=True, slots=True)
class DoctorDay:
    """One doctor on one day: hours, what can be booked, what is booked, and when he is away."""

    doctor_id: UUID
    day: date
    room: str | None
    hours: tuple[Span, ...]
    slots: tuple[SlotRow, ...]
    away: tuple[Away, ...]
    appointments: tuple[PlannedRow, ...]
    elsewhere: tuple[ElsewhereRow, ...]

    @property
    def booked(self) -> int:
        """Appointments that hold their place."""
        return sum(one.status not in FREED for one in self.appointments)

    @property
    def free(self) -> int:
        """Slots in which one more patient fits."""
        return sum(slot.is_free for slot in self.slots)

    @property
    def places(self) -> list[Slot]:
        """What can be booked on this day, whatever is booked."""
        return [Slot(slot.start, slot.end, slot.capacity) for slot in self.slots]

    @property
    def is_holiday(self) -> bool:
        """Whether the clinic is closed."""
        return any(one.kind == "holiday" for one in self.away)

    @property
    def leaves(self) -> tuple[Span, ...]:
        """When the doctor is on leave."""
        return tuple(one.span for one in self.away if one.kind == "leave")

    def taken(self, *, but: UUID | None = None) -> list[Held]:
        """What holds a place, here and in other clinics, without one of the appointments."""
        here = (one for one in self.appointments if one.status not in FREED and (but is None or one.id != but))
        return [*here, *self.elsewhere]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A span of days with the doctors of a clinic by name."""

    days: tuple[date, ...]
    timezone: str
    doctors: tuple[ColumnDoctor, ...]
    cells: Mapping[tuple[UUID, date], DoctorDay]

    def appointment(self, appointment_id: UUID | None) -> PlannedRow | None:
        """One of the appointments shown."""
        found = (one for cell in self.cells.values() for one in cell.appointments if one.id == appointment_id)
        return next(found, None)


def calendar(
    session: Session, *, clinic_id: UUID, first: date, count: int = 1, now: datetime, doctor_ids: Collection[UUID] | None = None
) -> CalendarRow:
    """``count`` days (1 to 7) from ``first`` on: of every doctor of the clinic, or of some."""
    if not 1 <= count <= MOST_DAYS:
        raise ValueError(f"a calendar has 1 to {MOST_DAYS} days, not {count}")
    timezone = clinic_timezone(session, clinic_id)
    days = tuple(first + timedelta(days=ahead) for ahead in range(count))
    rows = planned(session, clinic_id=clinic_id, first=days[0], last=days[-1], doctor_ids=doctor_ids)
    columns = _columns(doctors(session, clinic_id), rows, doctor_ids)
    begin, end = day_bounds(days[0], timezone)[0], day_bounds(days[-1], timezone)[1]
    others = elsewhere(session, clinic_id=clinic_id, doctor_ids=[one.id for one in columns], start=begin, end=end)
    parts = _Parts(session, clinic_id, days, timezone, now)
    parts.take(rows, others)
    cells = {(one.id, day): parts.cell(one, day) for one in columns for day in days}
    return CalendarRow(days, timezone, columns, cells)


def _columns(here: Iterable[DoctorRow], rows: Iterable[PlannedRow], wanted: Collection[UUID] | None) -> tuple[ColumnDoctor, ...]:
    found = {one.id: ColumnDoctor(one.id, one.full_name, one.specialty_id, one.specialty, one.room) for one in here}
    for row in rows:
        if row.doctor_id not in found:
            found[row.doctor_id] = ColumnDoctor(row.doctor_id, row.doctor_name, None, "", None)
    chosen = (one for one in found.values() if wanted is None or one.id in wanted)
    return tuple(sorted(chosen, key=lambda one: (one.name.casefold(), one.id)))


class _Parts:
    """What the tables say of the days, by doctor."""

    def __init__(self, session: Session, clinic_id: UUID, days: tuple[date, ...], timezone: str, now: datetime) -> None:
        first, last = days[0], days[-1]
        self._timezone, self._now = timezone, now
        self._hours: dict[UUID, list[ScheduleRow]] = defaultdict(list)
        self._added: dict[tuple[UUID, date], list[TimeSlotRow]] = defaultdict(list)
        self._leaves: dict[UUID, list[LeaveRow]] = defaultdict(list)
        self._rows: dict[tuple[UUID, date], list[PlannedRow]] = defaultdict(list)
        self._elsewhere: dict[UUID, list[ElsewhereRow]] = defaultdict(list)
        for period in schedules(session, clinic_id=clinic_id):
            self._hours[period.doctor_id].append(period)
        for slot in time_slots(session, clinic_id=clinic_id, first=first, last=last):
            self._added[slot.doctor_id, slot.day].append(slot)
        for leave in approved_leaves(session, first=first, last=last):
            self._leaves[leave.doctor_id].append(leave)
        self._holidays = {one.day: one.name for one in holidays(session, clinic_id=clinic_id, first=first, last=last)}

    def take(self, rows: Iterable[PlannedRow], others: Iterable[ElsewhereRow]) -> None:
        """The appointments, here and in other clinics."""
        for row in rows:
            self._rows[row.doctor_id, row.day].append(row)
        for other in others:
            self._elsewhere[other.doctor_id].append(other)

    def cell(self, doctor: ColumnDoctor, day: date) -> DoctorDay:
        """One doctor on one day."""
        bounds = Span(*day_bounds(day, self._timezone))
        periods = [one for one in self._hours[doctor.id] if _is_in_force(one, day)]
        away, added = self._away(doctor.id, day, bounds), self._added[doctor.id, day]
        hours = [Hours(one.start, one.end, one.slot_minutes, one.max_patients) for one in periods]
        extra = [Added(self._span(one.start, one.end, day), one.capacity) for one in added]
        slots = day_slots(hours, [one.span for one in away], extra, day, self._timezone)
        others = tuple(one for one in self._elsewhere[doctor.id] if bounds.overlaps(one.start, one.end))
        rooms = [one.room for one in periods] + [one.room for one in added]
        empty = DoctorDay(
            doctor.id,
            day,
            next(filter(None, rooms), doctor.room),
            (*(self._span(one.start, one.end, day) for one in periods), *(one.span for one in extra)),
            (),
            away,
            tuple(self._rows[doctor.id, day]),
            others,
        )
        return _with_slots(empty, slots, self._now)

    def _away(self, doctor_id: UUID, day: date, bounds: Span) -> tuple[Away, ...]:
        found = [Away("holiday", bounds, self._holidays[day])] if day in self._holidays else []
        for one in self._leaves[doctor_id]:
            if one.first_day <= day <= one.last_day:
                whole = one.start is None or one.end is None
                found.append(Away("leave", bounds if whole else self._span(one.start, one.end, day), one.reason))
        return tuple(found)

    def _span(self, start: time | None, end: time | None, day: date) -> Span:
        assert start is not None
        assert end is not None
        return Span(local_instant(day, start, self._timezone), local_instant(day, end, self._timezone))


def _is_in_force(period: ScheduleRow, day: date) -> bool:
    is_open_ended = period.valid_to is None or period.valid_to >= day
    return period.weekday == day.weekday() and period.valid_from <= day and is_open_ended


def _with_slots(cell: DoctorDay, slots: list[Slot], now: datetime) -> DoctorDay:
    rows = tuple(loaded_slots(slots, cell.taken(), now)) if slots else ()
    return DoctorDay(cell.doctor_id, cell.day, cell.room, cell.hours, rows, cell.away, cell.appointments, cell.elsewhere)
