"""The frame of the board: what scrolls, what stays above and beside it, and the way from the one's points to the other's."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clinic_desktop.ui.screens.calendar.board import Block, Board, WalkInBlock
from clinic_desktop.ui.screens.calendar.heads import AXIS_WIDTH, HEAD_HEIGHT, HeadRow, HourAxis
from clinic_desktop.ui.theme.fonts import scaled


class BoardArea(QAbstractScrollArea):
    """A board in its frame; from the right in languages that run from there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board: Board | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.heads = HeadRow(self, lambda: self.horizontalScrollBar().value())
        self.axis = HourAxis(self, lambda: self.verticalScrollBar().value())
        self.corner = QWidget(self)
        self.corner.setObjectName("surface")
        self.corner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        axis = scaled(AXIS_WIDTH)  # Qt turns the scroll bar round by itself, and not these margins
        self.setViewportMargins(0 if self.isRightToLeft() else axis, scaled(HEAD_HEIGHT), axis if self.isRightToLeft() else 0, 0)

    # Coordinates

    def content(self, point: QPointF) -> QPointF:
        """A point of the viewport as a point of the board."""
        board = self.board
        assert board is not None
        x, y = point.x() + self.horizontalScrollBar().value(), point.y() + self.verticalScrollBar().value()
        if self.isRightToLeft():
            x = self.viewport().width() - point.x() + self.horizontalScrollBar().value()
        return QPointF(x, y)

    def shown_rect(self, rect: QRectF) -> QRectF:
        """A rectangle of the board as it stands in the viewport."""
        x, y = rect.left() - self.horizontalScrollBar().value(), rect.top() - self.verticalScrollBar().value()
        if self.isRightToLeft():
            x = self.viewport().width() - x - rect.width()
        return QRectF(x, y, rect.width(), rect.height())

    def block_at(self, point: QPointF) -> Block | None:
        """The appointment under a point of the viewport."""
        return None if self.board is None else self.board.block_at(self.content(point))

    def walk_in_at(self, point: QPointF) -> WalkInBlock | None:
        """The walk-in under a point of the viewport."""
        return None if self.board is None else self.board.walk_in_at(self.content(point))

    def scroll_to(self, rect: QRectF) -> None:
        """Scroll so far that a rectangle of the board is seen."""
        view = self.viewport()
        for bar, low, high, page in (
            (self.verticalScrollBar(), rect.top(), rect.bottom(), view.height()),
            (self.horizontalScrollBar(), rect.left(), rect.right(), view.width()),
        ):
            bar.setValue(round(min(max(bar.value(), high - page), low)))

    def announce(self, text: str) -> None:
        """Say something that has no place of its own: where what is held stands now."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        view = self.viewport().geometry()
        axis, head = scaled(AXIS_WIDTH), scaled(HEAD_HEIGHT)
        side = view.right() + 1 if self.isRightToLeft() else view.left() - axis
        self.heads.setGeometry(view.left(), view.top() - head, view.width(), head)
        self.axis.setGeometry(side, view.top(), axis, view.height())
        self.corner.setGeometry(side, view.top() - head, axis, head)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        self.viewport().scroll(dx, dy)
        if dx:
            self.heads.update()
        if dy:
            self.axis.update()
