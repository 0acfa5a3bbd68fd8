"""What was just booked, with its token to print."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.acts import QUEUE_TOKEN
from clinic_desktop.ui.theme.tokens import GAP_8, Tone
from clinic_desktop.ui.widgets import Button, Label, beside, directed, keyed


class BookedNote(QWidget):
    """Booking number, token and time; hidden until something is booked."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.booking: BookingRow | None = None
        self.text = Label(tone="good", wrap=True)
        self.token = Button(_("Print token"), icon_name="printer")
        keyed(self.token, "F8")
        self.token.clicked.connect(self._print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.text)
        column.addWidget(self.token)
        self.hide()

    def show_booking(self, booking: BookingRow, name: str) -> None:
        """Say what was booked, here and in a toast."""
        self.booking = booking
        when = datetime_text(booking.start, timezone=self._screen.desk.place.timezone)
        token = _("token {number}").format(number=booking.queue_number) if booking.queue_number is not None else None
        self.text.setText(f"{beside(booking.booking_id, token)}\n{directed(when)}")
        self.token.setVisible(booking.queue_number is not None)
        self.show()
        self._screen.desk.toast(beside(booking.booking_id, name, when, token), tone=Tone.GOOD)

    def forget(self) -> None:
        """Another patient: what was booked before is not about them."""
        self.booking = None
        self.hide()

    def _print(self) -> None:
        if self.booking is not None:
            show_document(self._screen, _("Queue token"), QUEUE_TOKEN, visit_id=self.booking.visit_id)
