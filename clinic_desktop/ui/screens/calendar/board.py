"""Where everything of the calendar stands: columns, minutes and blocks, and what lies under a point. No painting, no widget."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay, PlannedRow, WalkInRow

STEPS = (5, 10, 15, 30)
"""Minutes that one row of the calendar stands for."""
DAY = 24 * 60
EDGE = 6
"""How far above its lower edge a block is taken by that edge."""
MARGIN, _LEAST_HOURS = 60, 8
_GAP = 2
_GUTTER, _LEAST_GUTTER, _MOST_GUTTER, _FOR_NAMES = 0.35, 28, 132, 80


@dataclass(frozen=True, slots=True)
class Block:
    """An appointment on the board: in its column, beside those of the same time."""

    row: PlannedRow
    column: int
    rect: QRectF


@dataclass(frozen=True, slots=True)
class WalkInBlock:
    """A walk-in on the board: at the trailing side of its column, so that the appointments keep their order."""

    row: WalkInRow
    column: int
    rect: QRectF


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the board as column and minute of its day."""

    column: int
    minute: float


def lanes(rows: Sequence[PlannedRow]) -> list[tuple[PlannedRow, int, int]]:
    """Each row with its lane and how many lanes its neighbours need; ``rows`` are in the order of their start."""
    found: list[tuple[PlannedRow, int, int]] = []
    cluster: list[tuple[PlannedRow, int]] = []
    ends: list[datetime] = []
    for row in rows:
        if cluster and row.start >= max(ends):
            found += [(one, lane, len(ends)) for one, lane in cluster]
            cluster, ends = [], []
        lane = next((place for place, end in enumerate(ends) if end <= row.start), len(ends))
        ends[lane : lane + 1] = [row.end]
        cluster.append((row, lane))
    return found + [(one, lane, len(ends)) for one, lane in cluster]


class Board:
    """One layout of the calendar, in the coordinates of its whole content; made anew when data, size or zoom change."""

    def __init__(
        self,
        shown: CalendarRow,
        columns: Sequence[DoctorDay],
        rows: Iterable[PlannedRow],
        *,
        step: int,
        row_height: int,
        room: int,
        least: int,
        walk_ins: Iterable[WalkInRow] = (),
    ) -> None:
        self.shown, self.columns, self.step = shown, tuple(columns), step
        self._zone = ZoneInfo(shown.timezone)
        self.pixels = row_height / step
        self.column_width = max(room / max(len(self.columns), 1), least)
        self.width = self.column_width * len(self.columns)
        by_column: list[list[PlannedRow]] = [[] for _column in self.columns]
        places = {(one.doctor_id, one.day): place for place, one in enumerate(self.columns)}
        for row in rows:
            place = places.get((row.doctor_id, row.day))
            if place is not None:
                by_column[place].append(row)
        beside: dict[int, list[WalkInRow]] = {}
        for walk_in in walk_ins:
            column = places.get((walk_in.doctor_id, walk_in.day))
            if column is not None:
                beside.setdefault(column, []).append(walk_in)
        spans = [(row.day, row.start, row.end) for rows in by_column for row in rows]
        self.first, self.last = self._hours([*spans, *((one.day, one.start, one.end) for found in beside.values() for one in found)])
        self.height = (self.last - self.first) * self.pixels
        self.gutter = min(max((self.column_width - _FOR_NAMES) * _GUTTER, _LEAST_GUTTER), _MOST_GUTTER)
        """The width that walk-ins take beside appointments of their time."""
        self.walk_ins = [block for place, found in beside.items() for block in self._walk_in_blocks(place, found)]
        self.blocks = [block for place, rows in enumerate(by_column) for block in self._blocks(place, rows, beside.get(place, ()))]
        self._by_id = {block.row.id: block for block in self.blocks}

    def _hours(self, taken: Iterable[tuple[date, datetime, datetime]]) -> tuple[int, int]:
        """From the hour before the earliest to the hour after the latest of what happens on these days."""
        spans = [*((one.day, span.start, span.end) for one in self.columns for span in one.hours), *taken]
        first = min((self.minute(start, day) for day, start, _end in spans), default=9 * 60) - MARGIN
        last = max((self.minute(end, day) for day, _start, end in spans), default=17 * 60) + MARGIN
        first, last = max(first // 60 * 60, 0), min(-(-last // 60) * 60, DAY)
        return int(first), int(min(max(last, first + _LEAST_HOURS * 60), DAY))

    def _walk_in_blocks(self, column: int, rows: Iterable[WalkInRow]) -> Iterable[WalkInBlock]:
        """Those of one time cover each other but for a strip: who was seen twice at once is a slip of the clock."""
        left = (column + 1) * self.column_width - self.gutter
        for row in rows:
            rect = self.stretch(column, row.start, row.end)
            yield WalkInBlock(row, column, QRectF(left, rect.top() + 1, self.gutter - 2 * _GAP, max(rect.height() - 2, 10)))

    def _blocks(self, column: int, rows: Sequence[PlannedRow], beside: Sequence[WalkInRow]) -> Iterable[Block]:
        left = column * self.column_width
        for row, lane, of in lanes(rows):
            is_narrow = bool(beside) and (of > 1 or any(one.start < row.end and row.start < one.end for one in beside))
            usable = self.column_width - 3 * _GAP - (self.gutter if is_narrow else 0)
            top = self.y(self.minute(row.start, row.day))
            bottom = self.y(min(self.minute(row.end, row.day), DAY))
            width = usable / of
            yield Block(
                row, column, QRectF(left + _GAP + lane * width, top + 1, width - (_GAP if of > 1 else 0), max(bottom - top - 2, 10))
            )

    # Time and place

    def minute(self, instant: datetime, day: date) -> float:
        """The minute of a day at which an instant lies, by the clinic's clock on the wall."""
        wall = instant.astimezone(self._zone)
        return (wall.date() - day).days * DAY + wall.hour * 60 + wall.minute + wall.second / 60

    def instant(self, column: int, minute: float) -> datetime:
        """The instant of a minute of a column's day."""
        wall = datetime.combine(self.columns[column].day, datetime.min.time()) + timedelta(minutes=round(minute))
        return wall.replace(tzinfo=self._zone).astimezone(UTC)

    def y(self, minute: float) -> float:
        """Where a minute lies."""
        return (minute - self.first) * self.pixels

    def spot(self, point: QPointF) -> Spot | None:
        """Column and minute of a point; None beside the columns."""
        column = int(point.x() // self.column_width)
        if not 0 <= column < len(self.columns):
            return None
        return Spot(column, min(max(point.y() / self.pixels + self.first, self.first), self.last))

    def column_rect(self, column: int) -> QRectF:
        """The whole of a column."""
        return QRectF(column * self.column_width, 0, self.column_width, self.height)

    def stretch(self, column: int, start: datetime, end: datetime) -> QRectF:
        """A stretch of time in a column; what lies outside of the hours shown is cut."""
        day = self.columns[column].day
        top, bottom = (min(max(self.minute(one, day), self.first), self.last) for one in (start, end))
        return QRectF(column * self.column_width, self.y(top), self.column_width, (bottom - top) * self.pixels)

    def place_of(self, doctor_id: UUID, day: date) -> int | None:
        """Which column shows a doctor's day."""
        return next((place for place, one in enumerate(self.columns) if (one.doctor_id, one.day) == (doctor_id, day)), None)

    # What is there

    def walk_in(self, visit_id: UUID | None) -> WalkInBlock | None:
        """The block of a walk-in."""
        return next((one for one in self.walk_ins if one.row.visit_id == visit_id), None)

    def walk_in_at(self, point: QPointF) -> WalkInBlock | None:
        """The walk-in under a point."""
        return next((one for one in reversed(self.walk_ins) if one.rect.contains(point)), None)

    def block(self, appointment_id: UUID | None) -> Block | None:
        """The block of an appointment."""
        return None if appointment_id is None else self._by_id.get(appointment_id)

    def block_at(self, point: QPointF) -> Block | None:
        """The block under a point."""
        return next((one for one in self.blocks if one.rect.contains(point)), None)

    def snapped(self, column: int, minute: float) -> datetime:
        """The start of the slot in which a minute lies, or where there is none of the row."""
        at = self.instant(column, minute)
        slots = self.columns[column].slots
        place = bisect_right([slot.start for slot in slots], at) - 1
        if place >= 0 and at < slots[place].end:
            return slots[place].start
        return self.instant(column, minute // self.step * self.step)

    def snapped_end(self, column: int, minute: float) -> datetime:
        """The nearest end of a slot, or where there is none of a row."""
        at = self.instant(column, minute)
        slots = self.columns[column].slots
        near = min(slots, key=lambda slot: abs(slot.end - at), default=None)
        if near is not None and abs(near.end - at) <= (near.end - near.start):
            return near.end
        return self.instant(column, round(minute / self.step) * self.step)
