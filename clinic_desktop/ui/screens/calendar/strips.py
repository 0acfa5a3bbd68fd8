"""The days of the clinic's week as strips from its first to its last hour; worked out off the UI thread, with the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, PlannedRow, WalkInRow

Part = tuple[float, float]
"""From where to where on a strip, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Strips:
    """By doctor and day: when he works, his appointments, and who came without one."""

    open: Mapping[tuple[UUID, date], tuple[Part, ...]]
    booked: Mapping[tuple[UUID, date], tuple[tuple[Part, PlannedRow], ...]]
    walk_ins: Mapping[tuple[UUID, date], tuple[tuple[Part, WalkInRow], ...]]

    def of_visit(self, visit_id: UUID | None) -> PlannedRow | WalkInRow | None:
        """The appointment or the walk-in that a visit is."""
        kinds: tuple[Mapping[Any, tuple[tuple[Part, PlannedRow | WalkInRow], ...]], ...] = (self.booked, self.walk_ins)
        found = (row for kind in kinds for pieces in kind.values() for _part, row in pieces)
        return None if visit_id is None else next((row for row in found if row.visit_id == visit_id), None)


def strips_of(shown: CalendarRow, walk_ins: Iterable[WalkInRow] = ()) -> Strips:
    """The strips of every cell, all on one scale."""
    zone, cells = ZoneInfo(shown.timezone), shown.cells.values()

    def minute(instant: datetime, day: date) -> int:
        wall = instant.astimezone(zone)
        return min(max((wall.date() - day).days * 1440 + wall.hour * 60 + wall.minute, 0), 1440)

    hours = {(c.doctor_id, c.day): [(minute(s.start, c.day), minute(s.end, c.day)) for s in c.hours] for c in cells}
    rows = {(c.doctor_id, c.day): [(minute(r.start, c.day), minute(r.end, c.day), r) for r in c.appointments] for c in cells}
    came = dict[tuple[UUID, date], list[tuple[int, int, WalkInRow]]]()
    for one in walk_ins:
        came.setdefault((one.doctor_id, one.day), []).append((minute(one.start, one.day), minute(one.end, one.day), one))
    edges = [edge for spans in hours.values() for span in spans for edge in span]
    edges += [edge for kind in (rows, came) for found in kind.values() for begin, end, _row in found for edge in (begin, end)]
    first, last = min(edges, default=0), max(edges, default=1440)
    length = max(last - first, 1)

    def part(begin: int, end: int) -> Part:
        return (begin - first) / length, (end - first) / length

    return Strips(
        {key: tuple(part(*span) for span in spans) for key, spans in hours.items()},
        {key: tuple((part(begin, end), row) for begin, end, row in found) for key, found in rows.items()},
        {key: tuple((part(begin, end), row) for begin, end, row in found) for key, found in came.items()},
    )
