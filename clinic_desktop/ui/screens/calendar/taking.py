"""Taking things up from the board and letting them go: by mouse or by keys, with the same end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QPointF, Qt, QTimer

from clinic_desktop.clinic.frontdesk.commands import RESIZABLE, move, resize_appointment
from clinic_desktop.clinic.frontdesk.commands.places import OVERRIDE
from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.clinic.frontdesk.rules import FREED, VisitStatus
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.board import Block, Spot
from clinic_desktop.ui.screens.calendar.carrying import Hand, Held
from clinic_desktop.ui.screens.calendar.steering import Cursor
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import beside

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.grid import CalendarGrid

_NEAR, _SCROLL_MS = 28, 30


class Taking(QObject):
    """The hand over a board, and the scrolling at its edges while something is held."""

    def __init__(self, grid: CalendarGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.hand: Hand | None = None
        self.posting: UUID | None = None
        """The appointment whose new place is on its way to the database: it is not taken up again meanwhile."""
        self._point: QPointF | None = None
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)

    # What may be taken

    def can_move(self, row: PlannedRow) -> bool:
        """Whether the appointment may get another place."""
        return (
            self._grid.desk.may(move) and row.visit_status is VisitStatus.SCHEDULED and row.status not in FREED and row.id != self.posting
        )

    def can_resize(self, row: PlannedRow) -> bool:
        """Whether it may become longer or shorter."""
        return self._grid.desk.may(resize_appointment) and row.visit_status in RESIZABLE and row.id != self.posting

    # Taking up and letting go

    def take(self, block: Block, *, grabbed: float = 0.0, by_keys: bool = False) -> bool:
        """Take an appointment up; False (and the screen says why) where it cannot be moved any more."""
        if not self.can_move(block.row):
            if self._grid.desk.may(move) and block.row.id != self.posting:
                self._grid.fixed.emit(block.row)
            return False
        return self._hold(Held.APPOINTMENT, block, grabbed=grabbed, by_keys=by_keys)

    def take_edge(self, block: Block, *, by_keys: bool = False) -> bool:
        """Take the lower edge of an appointment."""
        return self.can_resize(block.row) and self._hold(Held.EDGE, block, by_keys=by_keys)

    def take_stretch(self, spot: Spot) -> bool:
        """Begin a stretch for a new appointment."""
        board = self._grid.board
        if board is None or not self._grid.desk.may(move):
            return False
        start = board.snapped(spot.column, spot.minute)
        end = board.instant(spot.column, board.minute(start, board.columns[spot.column].day) + board.step)
        self._draw(spot.column, start, end)
        return True

    def draw(self, cursor: Cursor) -> None:
        """Begin a stretch by keys, at an empty place."""
        board = self._grid.board
        column = None if board is None else board.place_of(cursor.doctor_id, cursor.day)
        if column is not None and self._grid.desk.may(move):
            self._draw(column, cursor.start, cursor.end).is_by_keys = True
            self._tell()

    def _draw(self, column: int, start: datetime, end: datetime) -> Hand:
        board, desk = self._grid.board, self._grid.desk
        assert board is not None
        self.hand = Hand(board, Held.STRETCH, column, start, end, now=desk.now, may_override=desk.actor.may(OVERRIDE))
        return self.hand

    def _hold(self, held: Held, block: Block, *, grabbed: float = 0.0, by_keys: bool = False) -> bool:
        board, desk, row = self._grid.board, self._grid.desk, block.row
        assert board is not None
        may = desk.actor.may(OVERRIDE)
        if by_keys:
            grabbed = board.step / 2  # a mouse that goes on with it points at the slot that is meant
        self.hand = Hand(board, held, block.column, row.start, row.end, now=desk.now, may_override=may, row=row, grabbed=grabbed)
        self.hand.is_by_keys = by_keys
        self._tell()
        return True

    def drop(self) -> None:
        """Let go where it is held; what cannot stand there is still held by keys, and back in its place by mouse."""
        hand = self.hand
        if hand is None:
            return
        if hand.verdict.is_refused and hand.is_by_keys:
            self._tell()
            return
        self.let_go()
        if hand.has_left:
            self._grid.dropped.emit(hand.drop())

    def let_go(self) -> None:
        """Hold nothing any more; everything is where it was."""
        self.hand, self._point = None, None
        self._scroll.stop()
        self._grid.viewport().unsetCursor()
        self._grid.viewport().update()

    # On the way

    def follow(self, point: QPointF) -> None:
        """Go along with the mouse, and scroll where it comes near an edge."""
        grid, hand = self._grid, self.hand
        if hand is None or grid.board is None:
            return
        self._point = point
        if not hand.is_by_keys and self._edges() != (0, 0) and not self._scroll.isActive():
            self._scroll.start()
        view = grid.viewport().rect()
        inside = QPointF(min(max(point.x(), 1), view.width() - 1), min(max(point.y(), 0), view.height()))
        spot = grid.board.spot(grid.content(inside))
        if spot is not None:
            hand.follow(spot)
            self._tell()

    def follow_again(self) -> None:
        """The board has scrolled below the mouse."""
        if self.hand is not None and not self.hand.is_by_keys and self._point is not None:
            self.follow(self._point)

    def step(self, *, across: int = 0, down: int = 0) -> None:
        """Go by an arrow."""
        if self.hand is not None:
            self.hand.step(across=across, down=down)
            self._grid.reveal()
            self._tell()

    def _tell(self) -> None:
        hand, grid = self.hand, self._grid
        assert hand is not None
        lines = hand.lines
        if hand.is_by_keys:
            doctor = next((one.name for one in grid.board.shown.doctors if one.id == hand.cell.doctor_id), "") if grid.board else ""
            grid.announce(beside(_("Moving") if hand.held is Held.APPOINTMENT else _("Changing the end"), *lines, doctor))
        shape = Qt.CursorShape.ForbiddenCursor if hand.verdict.is_refused else Qt.CursorShape.ClosedHandCursor
        grid.viewport().setCursor(Qt.CursorShape.SizeVerCursor if hand.is_edge and not hand.verdict.is_refused else shape)
        grid.viewport().update()

    def _edges(self) -> tuple[int, int]:
        """In which direction the mouse asks for more: across and down."""
        if self._point is None:
            return 0, 0
        view, near = self._grid.viewport().rect(), scaled(_NEAR)
        across = -1 if self._point.x() < near else 1 if self._point.x() > view.width() - near else 0
        down = -1 if self._point.y() < near else 1 if self._point.y() > view.height() - near else 0
        return across, down

    def _scroll_on(self) -> None:
        across, down = self._edges()
        if self.hand is None or (across, down) == (0, 0):
            self._scroll.stop()
            return
        bar, side = self._grid.verticalScrollBar(), self._grid.horizontalScrollBar()
        bar.setValue(bar.value() + down * scaled(12))
        side.setValue(side.value() + (across if not self._grid.isRightToLeft() else -across) * scaled(12))
