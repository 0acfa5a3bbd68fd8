"""A status in a coloured pill with a dot: the text tells it, the colour only helps."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.ui.theme.fonts import font, scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import Tone

_PAD, _DOT, _HEIGHT = 10, 6, 24


def chip_size(text: str, with_font: QFont) -> QSize:
    """The room that a chip needs."""
    return QSize(QFontMetrics(with_font).horizontalAdvance(text) + 2 * _PAD + _DOT + 6, scaled(_HEIGHT))


def paint_chip(painter: QPainter, room: QRectF, text: str, tone: Tone, with_font: QFont, *, right_to_left: bool) -> None:
    """Draw a chip at the leading side of ``room``, in the middle of its height."""
    size = chip_size(text, with_font)
    width = min(float(size.width()), room.width())
    left = room.right() - width if right_to_left else room.left()
    pill = QRectF(left, room.center().y() - size.height() / 2, width, size.height())
    palette = current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.soft(tone)))
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setBrush(QColor(palette.ink(tone)))
    dot_x = pill.right() - _PAD - _DOT / 2 if right_to_left else pill.left() + _PAD + _DOT / 2
    painter.drawEllipse(QPointF(dot_x, pill.center().y()), _DOT / 2, _DOT / 2)
    inner = pill.adjusted(_PAD, 0, -_PAD - _DOT - 6, 0) if right_to_left else pill.adjusted(_PAD + _DOT + 6, 0, -_PAD, 0)
    painter.setPen(QColor(palette.ink(tone)))
    painter.setFont(with_font)
    # One pixel of slack: rounding of widths must not cut a letter.
    shown = QFontMetrics(with_font).elidedText(text, Qt.TextElideMode.ElideRight, round(inner.width()) + 1)
    side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
    painter.drawText(inner.adjusted(-1, 0, 1, 0), int(side | Qt.AlignmentFlag.AlignVCenter), shown)
    painter.restore()


class Chip(QWidget):
    """One chip as a widget."""

    def __init__(self, text: str, tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(font())
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """What the chip says."""
        return self._text

    def show_status(self, text: str, tone: Tone) -> None:
        """Say something else."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return chip_size(self._text, self.font())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_chip(painter, QRectF(self.rect()), self._text, self._tone, self.font(), right_to_left=is_rtl)
