"""Booking a place and moving to one: each once, and then what was booked, or why not."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.reading import Wish
from clinic_desktop.ui.widgets import BusyButton, keyed


class Poster(QObject):
    """What the button of the screen does; ``booked(BookingRow)`` or ``refused(ClinicError)``."""

    booked = Signal(object)
    refused = Signal(object)

    def __init__(self, screen: Screen, button: BusyButton) -> None:
        super().__init__(screen)
        self._desk, self._button = screen.desk, button
        self._run = partial(button.run, screen.work, self, then=self.booked.emit, failed=self.refused.emit)

    def show_place(self, start: datetime | None, *, is_move: bool) -> None:
        """Say on the button which place it takes."""
        at = "" if start is None else time_text(start, timezone=self._desk.place.timezone)
        if is_move:
            self._button.setText(_("Move to {time}").format(time=at) if at else _("Move"))
        else:
            self._button.setText(_("Book {time}").format(time=at) if at else _("Book"))
        keyed(self._button, "F9")

    def book(self, patient_id: UUID, wish: Wish, start: datetime, override_reason: str | None, **details: Any) -> None:
        """Book a place."""
        self._run(
            commands.book,
            clinic_id=self._desk.clinic_id,
            patient_id=patient_id,
            doctor_id=wish.doctor_id,
            service_id=wish.service_id,
            more_services=wish.more_services,
            kind=wish.kind,
            minutes=wish.minutes,
            start=start,
            override_reason=override_reason,
            **details,
        )

    def move(self, visit: VisitRow, wish: Wish, start: datetime, override_reason: str | None, *, following: bool = False) -> None:
        """Move an appointment to another place; with those of its series that follow it, if wished."""
        if following:
            place: dict[str, Any] = {"appointment_id": visit.appointment_id, "doctor_id": wish.doctor_id, "start": start}
            self._run(commands.move_following, **place, then=lambda moved: self.booked.emit(moved[0]))
            return
        self._run(
            commands.move, appointment_id=visit.appointment_id, doctor_id=wish.doctor_id, start=start, override_reason=override_reason
        )
