"""What stays while the board scrolls: the doctors or days above it, the hours beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from clinic_desktop.kernel.formats import time_text
from clinic_desktop.ui.screens.calendar.board import Board
from clinic_desktop.ui.screens.calendar.painting import Brushes
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets.text import plain_tooltip

HEAD_HEIGHT, AXIS_WIDTH = 52, 72


@dataclass(frozen=True, slots=True)
class Head:
    """The two lines over a column."""

    title: str
    detail: str
    is_today: bool = False


class HeadRow(QWidget):
    """The heads of the columns; ``chosen(column)`` by a click."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget, offset: Callable[[], int]) -> None:
        super().__init__(parent)
        self._offset = offset
        self._board: Board | None = None
        self._brushes: Brushes | None = None
        self.heads: list[Head] = []
        self.setMouseTracking(True)

    def show_heads(self, board: Board, brushes: Brushes, heads: list[Head]) -> None:
        """Show these over the columns of a board."""
        self._board, self._brushes, self.heads = board, brushes, heads
        self.update()

    def room(self, place: int) -> QRectF:
        """Where the head of a column stands now."""
        assert self._board is not None
        assert self._brushes is not None
        width = self._board.column_width
        left = place * width - self._offset()
        return QRectF(self.width() - left - width if self._brushes.right_to_left else left, 0, width, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        if self._board is None or self._brushes is None:
            return
        painter, brushes = QPainter(self), self._brushes
        painter.fillRect(self.rect(), brushes.colour["surface"])
        for place, head in enumerate(self.heads):
            room = self.room(place)
            if not room.intersects(QRectF(self.rect())):
                continue
            inner = room.adjusted(GAP_8, GAP_4, -GAP_8, -GAP_4)
            upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
            painter.setPen(brushes.colour["accent" if head.is_today else "text"])
            brushes.text(painter, upper, head.title, strong=True)
            painter.setPen(brushes.colour["muted"])
            brushes.text(painter, upper.translated(0, upper.height()), head.detail)
            painter.setPen(QPen(brushes.colour["border"], 1))
            side = room.left() if brushes.right_to_left else room.right()
            painter.drawLine(QPointF(side, 0), QPointF(side, self.height()))
            if head.is_today:
                painter.fillRect(QRectF(room.left() + 1, self.height() - 3, room.width() - 2, 2), brushes.colour["accent"])
        painter.setPen(QPen(brushes.colour["border"], 1))
        painter.drawLine(QPointF(0, self.height() - 0.5), QPointF(self.width(), self.height() - 0.5))

    def _place(self, x: float) -> int | None:
        return next((place for place in range(len(self.heads)) if self.room(place).contains(x, 1)), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = self._place(event.position().x())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(place)

    def event(self, event: QEvent) -> bool:
        """The tooltip says in full what the head may cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place(event.pos().x())
            if place is not None:
                head = self.heads[place]
                QToolTip.showText(event.globalPos(), plain_tooltip(f"{head.title}\n{head.detail}"), self)
            return True
        return super().event(event)


class HourAxis(QWidget):
    """The hours, and the present moment among them."""

    def __init__(self, parent: QWidget, offset: Callable[[], int]) -> None:
        super().__init__(parent)
        self._offset = offset
        self._board: Board | None = None
        self._brushes: Brushes | None = None
        self._now: float | None = None

    def show_hours(self, board: Board, brushes: Brushes, now: float | None) -> None:
        """Show the hours of a board; ``now`` is the present minute where today is shown."""
        self._board, self._brushes, self._now = board, brushes, now
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        if self._board is None or self._brushes is None:
            return
        painter, brushes, board = QPainter(self), self._brushes, self._board
        painter.fillRect(self.rect(), brushes.colour["surface"])
        height = brushes.metrics[False].height()
        painter.setPen(brushes.colour["muted"])
        for hour in range(board.first // 60, board.last // 60):
            y = board.y(hour * 60) - self._offset()
            if -height < y < self.height():
                painter.setPen(brushes.colour["muted"])
                brushes.text(painter, QRectF(GAP_4, y, self.width() - GAP_8, height + GAP_4), time_text(time(hour % 24)))
                painter.setPen(QPen(brushes.colour["border"], 1))
                painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if self._now is not None and board.first <= self._now <= board.last:
            y = board.y(self._now) - self._offset()
            edge = 0 if brushes.right_to_left else self.width() - scaled(8)
            painter.fillRect(QRectF(edge, y - 2, scaled(8), 4), brushes.colour["danger"])
        painter.setPen(QPen(brushes.colour["border"], 1))
        side = 0.5 if brushes.right_to_left else self.width() - 0.5
        painter.drawLine(QPointF(side, 0), QPointF(side, self.height()))
