"""How old the public display is, while the clinic's server says nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.display.lettering import paint_line
from clinic_desktop.ui.display.panels import Panel
from clinic_desktop.ui.theme.state import current


class NewsPanel(Panel):
    """A strip that is there only while what the display shows is old."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.hide()

    def show_old(self, since: str) -> None:
        """Say that what is shown is as of then, which is empty when nothing was ever read."""
        _ = self.language.gettext
        known = _("No connection. As of {time}. Please listen for your number.").format(time=since)
        self._show(known if since else _("No connection. Please listen for your number."))

    def show_new(self) -> None:
        """What is shown is true again."""
        self._show("")

    def _show(self, text: str) -> None:
        self.text = text
        self.setAccessibleName(text or self.language.gettext("Up to date"))
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        palette, unit = current(), self.unit
        painter = QPainter(self)
        self.card(painter, QColor(palette.warn_soft))
        room = QRectF(self.rect()).adjusted(2 * unit, 0, -2 * unit, 0)
        paint_line(painter, room, self.text, 4.8 * unit, palette.on_warn, bold=True, align=Qt.AlignmentFlag.AlignCenter)
