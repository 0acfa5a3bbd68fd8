"""The board as a widget: scrolls, paints what is seen, and turns keys and mouse into wishes that the screen fulfils."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from clinic_desktop.clinic.frontdesk.queries import PlannedRow, WalkInRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.calendar.area import BoardArea
from clinic_desktop.ui.screens.calendar.board import STEPS, Board
from clinic_desktop.ui.screens.calendar.keys import HELD_KEYS, Keys
from clinic_desktop.ui.screens.calendar.mouse import Mouse
from clinic_desktop.ui.screens.calendar.painting import BoardPainter, Brushes
from clinic_desktop.ui.screens.calendar.painting_walk_ins import paint_walk_ins
from clinic_desktop.ui.screens.calendar.picture import Picture
from clinic_desktop.ui.screens.calendar.steering import Cursor, cursor_of, found_again, place_of, rect_of
from clinic_desktop.ui.screens.calendar.taking import Taking
from clinic_desktop.ui.screens.calendar.words import said, span_text, told
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets.text import plain_tooltip

ROW, LEAST_COLUMN = 24, 100
_HIGHER = {30: 34}
"""Where a row holds two of the usual slots, each has room for a line."""


class CalendarGrid(BoardArea):
    """Columns of doctors or days; what ``opened``, ``book_wanted(Cursor)``, ``dropped(Drop)`` and ``menu_wanted(QPoint)`` ask for is done
    by the screen."""

    selected = Signal()
    opened = Signal(object)
    book_wanted = Signal(object)
    dropped = Signal(object)
    menu_wanted = Signal(object)
    head_chosen = Signal(int)
    zoomed = Signal(int)
    lost = Signal(object)
    """Why (a Lost) what was held is held no more."""
    fixed = Signal(object)
    """A PlannedRow that somebody tried to move though it cannot be moved any more."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.step = STEPS[2]
        self.cursor_at: Cursor | None = None
        self._picture: Picture | None = None
        self._brushes: Brushes | None = None
        self._has_scrolled = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.taking = Taking(self)
        self.heads.chosen.connect(self.head_chosen)
        self._mouse, self._keys = Mouse(self), Keys(self)
        minute = QTimer(self, interval=30_000)
        minute.timeout.connect(self._tell_time)
        minute.start()
        self._say()

    # What it shows

    def show_picture(self, picture: Picture) -> None:
        """Show other days or the same ones read again: selection, place and what is held stay."""
        self._picture = picture
        self._lay_out()
        board = self.board
        assert board is not None
        self.cursor_at = found_again(board, self.cursor_at)
        why = None if self.taking.hand is None else self.taking.hand.rest_on(board)
        if why is not None:
            self.taking.let_go()
            self.lost.emit(why)
        if not self._has_scrolled and board.columns:
            self._has_scrolled = True
            self._scroll_to_now()
        self._say()

    def set_step(self, step: int) -> None:
        """Let a row stand for so many minutes; what is in the middle stays there."""
        if step == self.step or step not in STEPS:
            return
        bar, board = self.verticalScrollBar(), self.board
        middle = 0.0 if board is None else (bar.value() + self.viewport().height() / 2) / board.pixels
        self.step = step
        self._lay_out()
        if self.board is not None:
            bar.setValue(round(middle * self.board.pixels - self.viewport().height() / 2))
        self.zoomed.emit(step)

    def zoom(self, by: int) -> None:
        """Nearer (1) or further (-1)."""
        place = STEPS.index(self.step) - by
        self.set_step(STEPS[min(max(place, 0), len(STEPS) - 1)])

    @property
    def current(self) -> PlannedRow | None:
        """The selected appointment."""
        block = self.board.block(self.cursor_at.appointment_id) if self.board is not None and self.cursor_at is not None else None
        return None if block is None else block.row

    @property
    def walk_in(self) -> WalkInRow | None:
        """The selected walk-in."""
        block = self.board.walk_in(self.cursor_at.visit_id) if self.board is not None and self.cursor_at is not None else None
        return None if block is None else block.row

    def point_at(self, cursor: Cursor | None) -> None:
        """Select an appointment or an empty place, and bring it into view."""
        self.cursor_at = cursor
        self.reveal()
        self._say()
        self.viewport().update()
        self.selected.emit()

    def reveal(self) -> None:
        """Scroll so that the cursor, or what is held, is seen."""
        hand = self.taking.hand
        if self.board is not None and hand is not None:
            self.scroll_to(hand.rect.adjusted(0, -scaled(ROW), 0, 2 * scaled(ROW)))  # with its lines, and something around it
        elif self.board is not None and self.cursor_at is not None and (rect := rect_of(self.board, self.cursor_at)) is not None:
            self.scroll_to(rect)

    def select(self, appointment_id: UUID) -> bool:
        """Select an appointment; False when it is not shown."""
        block = self.board.block(appointment_id) if self.board is not None else None
        if block is not None:
            self.point_at(cursor_of(block))
        return block is not None

    def select_place(self, doctor_id: UUID, start: datetime) -> bool:
        """Select the empty place of a doctor that begins then; False when it is not shown."""
        found = None if self.board is None else place_of(self.board, doctor_id, start)
        if found is not None:
            self.point_at(found)
        return found is not None

    def pick_up(self) -> None:
        """Take the selected appointment up by keys."""
        self._keys.take()

    def pick_up_edge(self) -> None:
        """Take its lower edge up by keys."""
        self._keys.take_edge()

    def _lay_out(self) -> None:
        picture = self._picture
        if picture is None:
            return
        self._brushes = Brushes(right_to_left=self.isRightToLeft())
        room = max(self.viewport().width(), 1)
        self.board = Board(
            picture.shown,
            picture.columns,
            picture.rows,
            step=self.step,
            row_height=scaled(_HIGHER.get(self.step, ROW)),
            room=room,
            least=scaled(LEAST_COLUMN),
            walk_ins=picture.walk_ins,
        )
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(round(self.board.width) - room, 0))
        across.setPageStep(room)
        across.setSingleStep(round(self.board.column_width))
        down.setRange(0, max(round(self.board.height) - self.viewport().height(), 0))
        down.setPageStep(self.viewport().height())
        down.setSingleStep(scaled(ROW))
        self.heads.show_heads(self.board, self._brushes, list(picture.heads))
        self._tell_time()
        self.viewport().update()

    def _tell_time(self) -> None:
        board = self.board
        if board is None or self._brushes is None:
            return
        now, today = self.desk.now(), self.desk.today()
        self.axis.show_hours(board, self._brushes, board.minute(now, today) if today in board.shown.days else None)
        self.viewport().update()

    def _scroll_to_now(self) -> None:
        board = self.board
        assert board is not None
        now, today = self.desk.now(), self.desk.today()
        if today in board.shown.days:
            self.verticalScrollBar().setValue(round(board.y(board.minute(now, today)) - self.viewport().height() / 3))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        board, brushes, picture = self.board, self._brushes, self._picture
        if board is None or brushes is None or picture is None:
            return
        painter = QPainter(self.viewport())
        origin = self.shown_rect(QRectF(0, 0, board.width, board.height)).topLeft()
        painter.translate(origin)
        seen = QRectF(event.rect()).translated(-origin)
        over, hand = BoardPainter(board, brushes, self.devicePixelRatioF()), self.taking.hand
        over.ground(painter, seen)
        today = self.desk.today()
        over.now_line(painter, self.desk.now(), [place for place, cell in enumerate(board.columns) if cell.day == today])
        cursor, row = self.cursor_at, self.current
        if cursor is not None and cursor.is_empty and hand is None and self.hasFocus() and (rect := rect_of(board, cursor)) is not None:
            over.cursor(painter, rect, span_text(cursor.start, cursor.end, board.shown.timezone))
        carried = hand.row.id if hand is not None and hand.row is not None else self.taking.posting
        over.blocks(painter, seen, selected=None if row is None else row.id, faint=picture.faint, carried=carried)
        chosen = None if cursor is None else cursor.visit_id
        paint_walk_ins(painter, board, over, brushes, seen, selected=chosen, ratio=self.devicePixelRatioF())
        if hand is not None:
            problem = hand.verdict.problem
            over.ghost(painter, hand.rect, hand.lines, refused=hand.verdict.is_refused, doubtful=problem is not None)

    # What Qt tells

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        super().scrollContentsBy(dx, dy)
        self.taking.follow_again()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """While something is held Esc and Enter are the hand's, not those of the window."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and self.taking.hand is not None
        if is_asked and isinstance(event, QKeyEvent) and event.key() in HELD_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not self._keys.pressed(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._mouse.pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._mouse.moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._mouse.released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._mouse.double_clicked(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._mouse.point(QPointF(event.pos()))
            self.menu_wanted.emit(event.globalPos())
        elif self.board is not None and self.cursor_at is not None and (rect := rect_of(self.board, self.cursor_at)) is not None:
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.shown_rect(rect).center().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.board is not None:
            block = self.block_at(QPointF(event.pos())) or self.walk_in_at(QPointF(event.pos()))
            text = "" if block is None else told(block.row, self.board.shown.timezone)
            QToolTip.showText(event.globalPos(), plain_tooltip(text), self)
            return True
        return super().viewportEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.taking.let_go()  # another screen, or the lock: nobody holds anything any more

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._say()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.viewport().update()

    def _say(self) -> None:
        """What a screen reader hears of this widget: the selected appointment or place."""
        self.setAccessibleName(said(self.board, self.cursor_at))
