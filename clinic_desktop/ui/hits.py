"""How the lines of the search popup are drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.icons import ICON_PIXELS, pixmap
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, RADIUS, ROW_HEIGHT

HIT_ROLE = Qt.ItemDataRole.UserRole + 7


class HitDelegate(QStyledItemDelegate):
    """Headings are quiet, hits have an icon, a title and a detail at the end."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        return QSize(0, scaled(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        found = index.data(HIT_ROLE)
        palette = current()
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        room = option.rect.adjusted(GAP_8, 0, -GAP_8, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selection))
            painter.drawRoundedRect(option.rect, RADIUS, RADIUS)
        ink, quiet = (palette.on_selection, palette.on_selection) if is_selected else (palette.text, palette.muted)
        if found.hit is None:
            _draw(painter, option, room, found.title, quiet, Qt.AlignmentFlag.AlignLeading)
        else:
            colour = "on_selection" if is_selected else "muted"
            drawn = pixmap(found.icon, colour, ratio=painter.device().devicePixelRatioF())
            place = QRect(room.left(), room.center().y() - ICON_PIXELS // 2, ICON_PIXELS, ICON_PIXELS)
            painter.drawPixmap(QStyle.visualRect(option.direction, room, place), drawn)
            words = QStyle.visualRect(option.direction, room, room.adjusted(ICON_PIXELS + GAP_12, 0, 0, 0))
            used = _draw(painter, option, words, found.title, ink, Qt.AlignmentFlag.AlignLeading)
            taken = _draw_mark(painter, option, words, found.hit.mark) if found.hit.mark else 0
            rest = QStyle.visualRect(option.direction, words, words.adjusted(used + GAP_12, 0, -taken, 0))
            _draw(painter, option, rest, found.detail, quiet, Qt.AlignmentFlag.AlignTrailing)
        painter.restore()


def _draw_mark(painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str) -> int:
    """A warning at the end of the line, on its own ground; returns the room that it takes."""
    palette, measure = current(), QFontMetrics(option.font)
    width = measure.horizontalAdvance(text) + 2 * GAP_8
    high = measure.height() + GAP_4
    place = QRect(room.right() - width, room.center().y() - high // 2, width, high)
    place = QStyle.visualRect(option.direction, room, place)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.bad_soft))
    painter.drawRoundedRect(place, RADIUS, RADIUS)
    _draw(painter, option, place.adjusted(GAP_8, 0, -GAP_8, 0), text, palette.on_bad, Qt.AlignmentFlag.AlignLeading)
    return width + GAP_12


def _draw(painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str, colour: str, align: Qt.AlignmentFlag) -> int:
    measure = QFontMetrics(option.font)
    shown = measure.elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)  # widths are fractions
    painter.setPen(QColor(colour))
    painter.setFont(option.font)
    painter.drawText(room, int(QStyle.visualAlignment(option.direction, align | Qt.AlignmentFlag.AlignVCenter)), shown)
    return measure.horizontalAdvance(shown)
