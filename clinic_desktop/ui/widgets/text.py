"""Text on screen: always plain, never taken for HTML."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import active
from clinic_desktop.ui.theme.fonts import Text, font
from clinic_desktop.ui.theme.mark import mark


def plain_tooltip(text: str) -> str:
    """The text as a tooltip that shows its characters as they are: Qt would take a lone ``<b>`` for markup."""
    return html.escape(text) if "<" in text or "&" in text else text


def literal(text: str) -> str:
    """The text for a menu, a tick or a tab, as it is: there ``&`` makes a key of the letter behind it, and is not seen."""
    return text.replace("&", "&&")


_STRONG = {"L": False, "R": True, "AL": True, "FSI": None}


def _runs_from_right(text: str) -> bool | None:
    """The direction that Qt gives a line: that of its first strong letter; None when that is left open."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), None)


def _is_turned(text: str, *, from_right: bool) -> bool:
    """Whether Qt would run a line of this direction the other way although it has letters of its own."""
    if text.isascii():
        return False
    first, own = _runs_from_right(text), ("R", "AL") if from_right else ("L",)
    is_other = first is not True if from_right else first is True
    return is_other and any(unicodedata.bidirectional(letter) in own for letter in text)


def directed(text: str) -> str:
    """The text as a line of the active language, whatever script its first word has: Qt would take the direction from that word.

    A label needs it only where all of its words may be of the other script, or where they can be selected.
    """
    first = _runs_from_right(text)
    is_rtl = active().is_right_to_left
    if first is is_rtl or (first is None and not is_rtl):
        return text
    return ("\u200f" if is_rtl else "\u200e") + text


def beside(*parts: str | None) -> str:
    """The parts that there are in one line with dots between them, each in its own direction."""
    return directed("  ·  ".join(isolated(part) for part in parts if part))


def overhang(text: str, voice: QFont) -> int:
    """Pixels by which letters stand out above their line: a font of another script says how high its lines are, not its vowel signs."""
    if text.isascii():
        return 0
    layout = QTextLayout(text.partition("\n")[0], voice)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return max(0, ceil(-QFontMetricsF(voice).tightBoundingRect(layout.text()).top() - line.ascent()))


class Label(QLabel):
    """A plain-text label; ``tone`` is one of muted, bad, warn, good, accent."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, voice: Text = Text.BODY, tone: str | None = None, wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        super().setFont(font(voice))  # room is made with the text
        self.setWordWrap(wrap)
        if active().is_right_to_left:
            # By itself Qt takes the side from the text: figures and Latin names would stand on the other one than their captions.
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        if tone is not None:
            self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        super().setText(text)
        self._make_room()

    def setFont(self, chosen: QFont | str | Sequence[str]) -> None:  # noqa: N802
        # Not by the event that tells of it: Qt sends each label half a dozen others while a screen is made.
        super().setFont(chosen)
        self._make_room()

    def _make_room(self) -> None:
        """Else what stands out would be cut off at the upper edge."""
        room = overhang(self.text(), self.font())
        if room != self.contentsMargins().top():
            self.setContentsMargins(0, room, 0, 0)

    def set_tone(self, tone: str | None) -> None:
        """Change the colour of the text."""
        mark(self, "tone", tone)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        text, from_right = self.text(), self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            super().paintEvent(event)  # what is selected is Qt's to show
        elif (from_right and self.wordWrap() and _runs_from_right(text)) or _is_turned(text, from_right=from_right):
            self._paint_lines()
        else:
            super().paintEvent(event)

    def _paint_lines(self) -> None:
        """Paint lines as this label runs. QLabel goes by the first letter, which may be a foreign name's.

        Wrapped lines from right to left it pushes by the space they were broken at, and cuts the last letter off.
        """
        layout, room = QTextLayout(self.text().replace("\n", "\u2028"), self.font()), QRectF(self.contentsRect())
        side = QStyle.visualAlignment(self.layoutDirection(), self.alignment()) & Qt.AlignmentFlag.AlignHorizontal_Mask
        how = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
        how.setTextDirection(self.layoutDirection())
        how.setWrapMode(QTextOption.WrapMode.WordWrap if self.wordWrap() else QTextOption.WrapMode.NoWrap)
        layout.setTextOption(how)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room.width())
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        is_top = bool(self.alignment() & Qt.AlignmentFlag.AlignTop)
        layout.draw(painter, QPointF(room.left(), room.top() + (0 if is_top else max((room.height() - height) / 2, 0))))


class ElidedLabel(Label):
    """One line that gives way: what does not fit ends in an ellipsis and stands in the tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, voice: Text = Text.BODY, tone: str | None = None) -> None:
        super().__init__(text, parent, voice=voice, tone=tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.setToolTip("" if shown == self.text() else plain_tooltip(self.text()))
        painter.drawText(self.contentsRect(), int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), shown)
