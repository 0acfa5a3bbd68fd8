"""How table cells are drawn: room around the text, a quiet line below, chips for statuses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from clinic_desktop.ui.rows import CHIP_ROLE
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets.chip import chip_size, paint_chip
from clinic_desktop.ui.widgets.text import plain_tooltip

_PICTURE = QSize(34, 28)
"""Room of a picture in a row."""


class CellDelegate(QStyledItemDelegate):
    """Paints one cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        palette = current()
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = palette.selection if is_selected else palette.surface
        painter.save()
        painter.fillRect(option.rect, QColor(ground))
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        room = option.rect.adjusted(GAP_12, 0, -GAP_12, 0)
        text = str(index.data() or "")
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            room = _paint_picture(painter, option, room, picture)
        tone = index.data(CHIP_ROLE)
        if tone is not None and text:
            is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
            paint_chip(painter, QRectF(room), text, tone, option.font, right_to_left=is_rtl)
        else:
            painter.setPen(QColor(palette.on_selection if is_selected else palette.text))
            painter.setFont(option.font)
            align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            _paint_line(painter, option, room, shown, QStyle.visualAlignment(option.direction, align))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        text = str(index.data() or "")
        if index.data(CHIP_ROLE) is not None:
            return chip_size(text, option.font) + QSize(2 * GAP_12, 4)
        pictured = scaled(_PICTURE.width()) + GAP_12 if index.data(Qt.ItemDataRole.DecorationRole) is not None else 0
        # One more: the exact width is a fraction wider than the whole number, and would be cut.
        return QSize(option.fontMetrics.horizontalAdvance(text) + 2 * GAP_12 + 1 + pictured, option.fontMetrics.height())

    def helpEvent(  # noqa: N802
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """What is cut is told in full, where the column itself tells nothing."""
        is_asked = event.type() == QEvent.Type.ToolTip and index.isValid() and not index.data(Qt.ItemDataRole.ToolTipRole)
        if is_asked and self.sizeHint(option, index).width() > option.rect.width():
            QToolTip.showText(event.globalPos(), plain_tooltip(str(index.data() or "")), view, option.rect)
            return True
        return super().helpEvent(event, view, option, index)


def _paint_picture(painter: QPainter, option: QStyleOptionViewItem, room: QRect, picture: QPixmap) -> QRect:
    """A picture in its place before the text, as large as it is there or smaller; returns the room that is left."""
    place = QRect(room.topLeft(), QSize(scaled(_PICTURE.width()), room.height()))
    is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
    if is_rtl:
        place.moveRight(room.right())
    drawn = picture.deviceIndependentSize()
    most = QSizeF(scaled(_PICTURE.width()), scaled(_PICTURE.height()))
    if drawn.width() > most.width() or drawn.height() > most.height():
        drawn.scale(most, Qt.AspectRatioMode.KeepAspectRatio)
    at = QRectF(QPointF(), drawn)
    at.moveCenter(QRectF(place).center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(at, picture, QRectF(picture.rect()))
    taken = place.width() + GAP_12
    return room.adjusted(0, 0, -taken, 0) if is_rtl else room.adjusted(taken, 0, 0, 0)


def _paint_line(painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    """One line on the row's own baseline: centred by Qt, a name in another script stands higher than the words beside it."""
    measure, free = option.fontMetrics, room.width() - option.fontMetrics.horizontalAdvance(text)
    right, centre = side & Qt.AlignmentFlag.AlignRight, side & Qt.AlignmentFlag.AlignHCenter
    left = room.left() + (free if right else free // 2 if centre else 0)
    painter.drawText(QPoint(left, room.top() + (room.height() + measure.ascent() - measure.descent()) // 2), text)
