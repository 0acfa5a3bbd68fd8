"""What the keys do on the board: arrows go from place to place, Enter opens, M and L take up, Enter lets go, Esc gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from clinic_desktop.ui.screens.calendar.steering import begun, stepped

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.grid import CalendarGrid

_ARROWS = {Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
HELD_KEYS = (Qt.Key.Key_Escape, *_ENTER)
"""What means something to whoever holds an appointment, and nothing to the window then."""
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Keys:
    """The keys of one board."""

    def __init__(self, grid: CalendarGrid) -> None:
        self._grid = grid

    def pressed(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        if event.modifiers() not in _PLAIN:
            return False
        key = Qt.Key(event.key())
        if key in _ARROWS:
            across, down = _ARROWS[key]
            self._go(-across if self._grid.isRightToLeft() else across, down)
        elif self._grid.taking.hand is not None:
            self._end(key, is_repeat=event.isAutoRepeat())
        elif key in _ENTER and not event.isAutoRepeat():
            self._open()
        else:
            return False
        return True

    def take(self) -> None:
        """Take the selected appointment up."""
        block = self._grid.board.block(self._grid.current.id) if self._grid.board and self._grid.current else None
        if block is not None and self._grid.taking.hand is None:
            self._grid.taking.take(block, by_keys=True)

    def take_edge(self) -> None:
        """Take the lower edge of the selected appointment, or of an empty place: then a stretch is drawn."""
        grid = self._grid
        if grid.board is None or grid.cursor_at is None or grid.taking.hand is not None:
            return
        block = grid.board.block(grid.cursor_at.appointment_id)
        if block is not None:
            grid.taking.take_edge(block, by_keys=True)
        elif grid.cursor_at.is_empty:
            grid.taking.draw(grid.cursor_at)

    def _go(self, across: int, down: int) -> None:
        grid = self._grid
        if grid.taking.hand is not None:
            grid.taking.step(across=across, down=down)
        elif grid.board is not None and grid.cursor_at is None:
            grid.point_at(begun(grid.board, grid.desk.now()))
        elif grid.board is not None:
            grid.point_at(stepped(grid.board, grid.cursor_at, across=across, down=down))

    def _end(self, key: Qt.Key, *, is_repeat: bool) -> None:
        if key == Qt.Key.Key_Escape:
            self._grid.taking.let_go()
            self._grid.announce(self._grid.accessibleName())
        elif key in _ENTER and not is_repeat:
            self._grid.taking.drop()

    def _open(self) -> None:
        grid = self._grid
        if grid.current is not None:
            grid.opened.emit(grid.current)
        elif grid.walk_in is not None:
            grid.opened.emit(grid.walk_in)
        elif grid.cursor_at is not None:
            grid.book_wanted.emit(grid.cursor_at)
