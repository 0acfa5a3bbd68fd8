"""What the mouse does on the board: select, drag, pull an edge, draw a stretch, open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.screens.calendar.board import EDGE, Block, Spot
from clinic_desktop.ui.screens.calendar.steering import Cursor, cursor_of

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.grid import CalendarGrid

_LEFT = Qt.MouseButton.LeftButton


class Mouse:
    """Pressed, moved far enough, released: only then something has been dragged."""

    def __init__(self, grid: CalendarGrid) -> None:
        self._grid = grid
        self._pressed_at: QPointF | None = None
        self._spot: Spot | None = None
        self._block: Block | None = None
        self._by_edge = False

    def pressed(self, event: QMouseEvent) -> None:
        """Select what is under the mouse; whoever took something up by keys or in the menu lets go with a click."""
        if event.button() != _LEFT or self._grid.board is None:
            return
        if self._grid.taking.hand is not None:
            self._grid.taking.follow(event.position())
            self._grid.taking.drop()
            return
        self._pressed_at = event.position()
        self._spot = self._grid.board.spot(self._grid.content(event.position()))  # now: the board may scroll before it is a drag
        self._block = self._grid.block_at(event.position())
        self._by_edge = self._block is not None and self._is_edge(self._block, event.position())
        self.point(event.position())

    def moved(self, event: QMouseEvent) -> None:
        """Begin to drag once it is meant, then go along."""
        grid, start = self._grid, self._pressed_at
        if grid.taking.hand is not None:
            grid.taking.follow(event.position())
        elif start is None:
            self._hint(event.position())
        elif (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            if self._begin():
                grid.taking.follow(event.position())

    def released(self, event: QMouseEvent) -> None:
        """Let go of what was dragged."""
        self._pressed_at = None
        hand = self._grid.taking.hand
        if event.button() == _LEFT and hand is not None and not hand.is_by_keys:
            self._grid.taking.drop()

    def double_clicked(self, event: QMouseEvent) -> None:
        """Open an appointment, or book an empty place."""
        if event.button() != _LEFT or self._grid.board is None or self._grid.taking.hand is not None:
            return
        self._pressed_at = None
        block = self._grid.block_at(event.position()) or self._grid.walk_in_at(event.position())
        if block is not None:
            self._grid.opened.emit(block.row)
        elif self._grid.cursor_at is not None:
            self._grid.book_wanted.emit(self._grid.cursor_at)

    def point(self, at: QPointF) -> None:
        """Select what is at a point: an appointment, or the slot there."""
        grid, board = self._grid, self._grid.board
        if board is None:
            return
        block = grid.block_at(at) or grid.walk_in_at(at)
        if block is not None:
            grid.point_at(cursor_of(block))
            return
        spot = board.spot(grid.content(at))
        if spot is not None:
            cell = board.columns[spot.column]
            start = board.snapped(spot.column, spot.minute)
            slot = next((one.end for one in cell.slots if one.start == start), None)
            end = slot or board.instant(spot.column, board.minute(start, cell.day) + board.step)
            grid.point_at(Cursor(cell.doctor_id, cell.day, start, end))

    def _begin(self) -> bool:
        taking, board, spot = self._grid.taking, self._grid.board, self._spot
        assert board is not None
        if self._grid.walk_in is not None:
            return False  # nobody booked a time for them
        if self._block is None:
            return spot is not None and taking.take_stretch(spot)
        block = board.block(self._block.row.id)  # perhaps read again since it was pressed
        if block is None:
            return False
        if self._by_edge and taking.take_edge(block):
            return True
        grabbed = 0.0 if spot is None else spot.minute - board.minute(self._block.row.start, self._block.row.day)
        return taking.take(block, grabbed=grabbed)

    def _is_edge(self, block: Block, at: QPointF) -> bool:
        assert self._grid.board is not None
        return block.rect.bottom() - self._grid.content(at).y() <= EDGE and self._grid.taking.can_resize(block.row)

    def _hint(self, at: QPointF) -> None:
        """The shape of the mouse says that an edge can be pulled."""
        block = self._grid.block_at(at)
        view = self._grid.viewport()
        if block is not None and self._is_edge(block, at):
            view.setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            view.unsetCursor()
