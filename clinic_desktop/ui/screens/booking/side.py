"""The column at the side: what is wished for, what went wrong, what was booked, and the button that books."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.booked import BookedNote
from clinic_desktop.ui.screens.booking.wish_form import WishForm
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import BusyButton, Card, Label, scrolled


class Side(Card):
    """The wish gives way on a low screen; the rest always stands there."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.wish = WishForm()
        self.note = BookedNote(screen)
        self.problem = Label(tone="bad", wrap=True)
        self.book = BusyButton(_("Book"), icon_name="check")
        self.wish.setObjectName("surface")
        self.wish.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(scaled(300))
        scrolled(self.wish, self.body, 1)
        for widget in (self.note, self.problem, self.book):
            self.body.addWidget(widget)
        self.say("")

    def say(self, text: str) -> None:
        """Say what went wrong, or nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
