"""Text on screen: always plain, never taken for HTML."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from clinic_desktop.ui.theme.fonts import Text, font


def plain_tooltip(text: str) -> str:
    """The text as a tooltip that shows its characters as they are: Qt would take a lone ``<b>`` for markup."""
    return html.escape(text) if "<" in text or "&" in text else text


class Label(QLabel):
    """A plain-text label; ``tone`` is one of muted, bad, warn, good, accent."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, voice: Text = Text.BODY, tone: str | None = None, wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(voice))
        self.setWordWrap(wrap)
        if tone is not None:
            self.setProperty("tone", tone)
        self.setText(text)

    def set_tone(self, tone: str | None) -> None:
        """Change the colour of the text."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


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
