"""What a hand holds over the board: an appointment on its way, the lower edge of one, or a stretch for a new one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from PySide6.QtCore import QRectF

from clinic_desktop.clinic.frontdesk.queries import DoctorDay, PlannedRow
from clinic_desktop.ui.screens.calendar.board import Board, Spot
from clinic_desktop.ui.screens.calendar.judging import Verdict, judge
from clinic_desktop.ui.screens.calendar.words import problem_text, span_text


class Held(Enum):
    """Which of the three."""

    APPOINTMENT = auto()
    EDGE = auto()
    STRETCH = auto()


class Lost(Enum):
    """Why nothing is held any more, though nobody let go."""

    CHANGED = auto()
    """Another desk has changed the appointment."""
    AWAY = auto()
    """The day or the doctor is not shown any more."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What was let go, and where."""

    held: Held
    row: PlannedRow | None
    doctor_id: UUID
    day: date
    start: datetime
    end: datetime
    verdict: Verdict
    minutes: int | None = None
    """How long the new appointment is to be; None: one place was meant, for as long as its services take."""


class Hand:
    """Holds one thing, snapped to the slots of the column under it, and says whether it may be let go there."""

    def __init__(
        self,
        board: Board,
        held: Held,
        column: int,
        start: datetime,
        end: datetime,
        *,
        now: Callable[[], datetime],
        may_override: bool,
        row: PlannedRow | None = None,
        grabbed: float = 0.0,
    ) -> None:
        self.held, self.row = held, row
        self._board, self._now, self._may_override = board, now, may_override
        self._column, self._grabbed = column, grabbed
        self._anchor, self.start, self.end = start, start, end
        self.is_by_keys = False
        self.verdict = self._judged()

    @property
    def cell(self) -> DoctorDay:
        """The doctor's day over which it is held."""
        return self._board.columns[self._column]

    @property
    def is_edge(self) -> bool:
        """Whether it is the lower edge of an appointment."""
        return self.held is Held.EDGE

    @property
    def has_left(self) -> bool:
        """Whether letting go would change anything."""
        if self.row is None:
            return True
        if self.held is Held.EDGE:
            return self.end != self.row.end
        return (self.cell.doctor_id, self.start) != (self.row.doctor_id, self.row.start)

    @property
    def rect(self) -> QRectF:
        """Where the ghost lies on the board."""
        return self._board.stretch(self._column, self.start, self.verdict.end if self.held is Held.APPOINTMENT else self.end)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the ghost: the new time, whose, and what is against it."""
        end = self.verdict.end if self.held is Held.APPOINTMENT else self.end
        problem, when = self.verdict.problem, span_text(self.start, end, self._board.shown.timezone)
        whose = () if self.row is None else (self.row.patient_name,)
        return (when, *(whose if problem is None else (problem_text(problem),)))

    def drop(self) -> Drop:
        """What letting go means."""
        cell, is_drawn = self.cell, self.held is Held.STRETCH and self.end > self._first_end(self.start)
        return Drop(self.held, self.row, cell.doctor_id, cell.day, self.start, self.end, self.verdict, self._minutes if is_drawn else None)

    # Where it goes

    def follow(self, spot: Spot) -> None:
        """Go along with the mouse."""
        board = self._board
        if self.held is Held.APPOINTMENT:
            self._column = spot.column
            self.start = board.snapped(spot.column, spot.minute - self._grabbed + board.step / 2)
        elif self.held is Held.EDGE:
            self._set_end(board.snapped_end(self._column, spot.minute))
        else:
            other = board.snapped(self._column, spot.minute)
            self.start = min(self._anchor, other)
            self.end = max(board.snapped_end(self._column, spot.minute), self._first_end(self._anchor))
        self.verdict = self._judged()

    def step(self, *, across: int = 0, down: int = 0) -> None:
        """Go by an arrow: to the slot before or after, or to the column beside."""
        board = self._board
        if self.held is not Held.APPOINTMENT:
            if down:  # an edge has no column beside it
                self._set_end(_next([slot.end for slot in self.cell.slots], self.end, down, board.step))
        elif across:
            minute = board.minute(self.start, self.cell.day)
            self._column = min(max(self._column + across, 0), len(board.columns) - 1)
            self.start = board.snapped(self._column, minute)
        else:
            self.start = _next([slot.start for slot in self.cell.slots], self.start, down, board.step)
        self.verdict = self._judged()

    def rest_on(self, board: Board) -> Lost | None:
        """Go on over a board that was read again, perhaps of other days; says why where that cannot be."""
        if self.row is not None:
            home = board.shown.cells.get((self.row.doctor_id, self.row.day))
            same = None if home is None else next((one for one in home.appointments if one.id == self.row.id), None)
            if home is not None and (same is None or same.row_version != self.row.row_version):
                return Lost.CHANGED
        before, minute = self.cell, self._board.minute(self.start, self.cell.day)
        again = board.place_of(before.doctor_id, before.day)
        if again is None:
            if self.held is not Held.APPOINTMENT:
                return Lost.AWAY  # a length and a stretch belong to their day
            doctors = [place for place, one in enumerate(board.columns) if one.doctor_id == before.doctor_id]
            again = doctors[0] if doctors else 0
            self.start = board.snapped(again, minute)
        self._board, self._column = board, again
        self.verdict = self._judged()
        return None

    def _set_end(self, end: datetime) -> None:
        self.end = max(end, self._first_end(self._anchor))

    @property
    def _minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    def _first_end(self, start: datetime) -> datetime:
        ends = [slot.end for slot in self.cell.slots if slot.start <= start < slot.end]
        return ends[0] if ends else start + timedelta(minutes=self._board.step)

    def _judged(self) -> Verdict:
        now, row = self._now(), self.row
        if row is None:
            return judge(self.cell, self.start, self._minutes, now, may_override=self._may_override)
        if self.held is Held.APPOINTMENT:
            return judge(self.cell, self.start, row.minutes, now, may_override=self._may_override, but=row.id)
        if self.end <= row.end:
            return Verdict(self.end, None)
        return judge(self.cell, row.start, self._minutes, now, may_override=self._may_override, but=row.id, upcoming=self.end)


def _next(marks: list[datetime], at: datetime, down: int, step: int) -> datetime:
    """The mark before or after an instant; by rows where there are no more of them."""
    place = bisect_right(marks, at) if down > 0 else bisect_left(marks, at) - 1
    if 0 <= place < len(marks):
        return marks[place]
    return at + timedelta(minutes=step * down)
