"""Lettering that is read across a waiting room: sizes are shares of the window's height, never design pixels.

From eight metres a letter should be about four centimetres high: on a 43-inch screen that is a tenth of its height, which is
the size of the numbers in the list; what is called stands three times as high.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.ui.theme.fonts import font

_LEAST = 0.55
"""How far a text is shrunk to fit before it is cut."""


def letters(pixels: float, *, bold: bool = False) -> QFont:
    """The font of the program at a height in pixels."""
    chosen = font()
    chosen.setPixelSize(max(int(pixels), 1))
    chosen.setBold(bold)
    return chosen


def fitting(text: str, pixels: float, width: float, *, bold: bool = False) -> QFont:
    """The font at most ``pixels`` high in which a text is no wider than that, as far as it may be shrunk."""
    chosen, least = letters(pixels, bold=bold), int(pixels * _LEAST)
    # Step by step: widths do not shrink quite as sizes do.
    while QFontMetricsF(chosen).horizontalAdvance(text) > width and chosen.pixelSize() > least:
        chosen = letters(chosen.pixelSize() - 1, bold=bold)
    return chosen


def paint_line(
    painter: QPainter, room: QRectF, text: str, pixels: float, colour: str, *, bold: bool = False, align: Qt.AlignmentFlag | None = None
) -> None:
    """One line at most ``pixels`` high, shrunk where the room is narrow, cut where that is not enough."""
    chosen = fitting(text, pixels, room.width(), bold=bold)
    shown = QFontMetricsF(chosen).elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.setFont(chosen)
    painter.setPen(QColor(colour))
    # Left means leading: the painter mirrors it. The isolate keeps Latin names and times whole between Arabic words.
    side = align if align is not None else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(room, int(side | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip), isolated(shown))


def mixed(first: str, second: str, share: float) -> QColor:
    """A colour between two; 0 is the first."""
    a, b = QColor(first), QColor(second)
    return QColor(*(round(x + (y - x) * share) for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))))
