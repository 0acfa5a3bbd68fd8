"""Where the keyboard stands on the board: on an appointment or on an empty place, and where the arrows lead from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QRectF

from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.ui.screens.calendar.board import DAY, Block, Board, WalkInBlock


@dataclass(frozen=True, slots=True)
class Cursor:
    """An appointment, or the empty place from ``start`` to ``end``, of a doctor's day."""

    doctor_id: UUID
    day: date
    start: datetime
    end: datetime
    appointment_id: UUID | None = None
    visit_id: UUID | None = None
    """Of a walk-in."""

    @property
    def is_empty(self) -> bool:
        """Whether it is a place at which something could be booked."""
        return self.appointment_id is None and self.visit_id is None


def cursor_of(block: Block | WalkInBlock) -> Cursor:
    """The cursor on an appointment or a walk-in."""
    row = block.row
    place = (row.doctor_id, row.day, row.start, row.end)
    return Cursor(*place, row.id) if isinstance(row, PlannedRow) else Cursor(*place, visit_id=row.visit_id)


def stops(board: Board, column: int) -> list[Cursor]:
    """Everything in a column at which the arrows stop, by time; a column without anything is one stop."""
    cell = board.columns[column]
    found = [cursor_of(block) for block in board.blocks if block.column == column]
    found += [cursor_of(block) for block in board.walk_ins if block.column == column]
    found += [Cursor(cell.doctor_id, cell.day, slot.start, slot.end) for slot in cell.slots if slot.booked < slot.capacity]
    if not found:
        start = board.instant(column, board.first)
        found = [Cursor(cell.doctor_id, cell.day, start, start + timedelta(hours=1))]
    return sorted(found, key=lambda one: (one.start, one.is_empty, str(one.appointment_id or one.visit_id)))


def place_of(board: Board, doctor_id: UUID, start: datetime) -> Cursor | None:
    """The empty place of a doctor that begins then."""
    columns = (column for column, cell in enumerate(board.columns) if cell.doctor_id == doctor_id)
    return next((one for column in columns for one in stops(board, column) if one.start == start and one.is_empty), None)


def rect_of(board: Board, cursor: Cursor) -> QRectF | None:
    """Where a stop lies."""
    block = board.block(cursor.appointment_id) or board.walk_in(cursor.visit_id)
    if block is not None:
        return block.rect
    column = board.place_of(cursor.doctor_id, cursor.day)
    return None if column is None else board.stretch(column, cursor.start, cursor.end)


def stepped(board: Board, cursor: Cursor | None, *, across: int = 0, down: int = 0) -> Cursor | None:
    """The stop that an arrow leads to; the same where there is none further. None only on an empty board."""
    if not board.columns:
        return None
    column = None if cursor is None else board.place_of(cursor.doctor_id, cursor.day)
    if cursor is None or column is None:
        return stops(board, 0)[0]
    if across:
        beside = column + across
        return _nearest(board, beside, board.minute(cursor.start, cursor.day)) if 0 <= beside < len(board.columns) else cursor
    along = stops(board, column)
    here = along.index(cursor) if cursor in along else along.index(_nearest(board, column, board.minute(cursor.start, cursor.day)))
    return along[min(max(here + down, 0), len(along) - 1)]


def begun(board: Board, now: datetime) -> Cursor | None:
    """Where the first arrow goes: to the present in the first column that shows today, else to the first stop of all."""
    for column, cell in enumerate(board.columns):
        minute = board.minute(now, cell.day)
        if 0 <= minute < DAY:
            return _nearest(board, column, minute)
    return stepped(board, None)


def found_again(board: Board, cursor: Cursor | None) -> Cursor | None:
    """The cursor on a board that was read again: it goes along with its appointment, and stays where that is gone."""
    if cursor is None:
        return None
    block = board.block(cursor.appointment_id) or board.walk_in(cursor.visit_id)
    if block is not None:
        return cursor_of(block)
    column = board.place_of(cursor.doctor_id, cursor.day)
    if column is None:
        return None
    return _nearest(board, column, board.minute(cursor.start, cursor.day))


def _nearest(board: Board, column: int, minute: float) -> Cursor:
    day = board.columns[column].day
    return min(stops(board, column), key=lambda one: abs(board.minute(one.start, day) - minute))
