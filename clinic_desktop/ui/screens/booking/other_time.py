"""A time outside the doctor's places, for those who may: with a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.posting import Poster
from clinic_desktop.ui.screens.reception.reading import PatientFile
from clinic_desktop.ui.widgets import DateField, Dialog, Form, LineEdit
from clinic_desktop.ui.widgets.times import TimeField

_FIELD_OF = {"override_reason": "reason", "start": "time"}
Then = Callable[[datetime, str], object]


def ask_time(screen: Screen, file: PatientFile | None, day: date, poster: Poster, then: Then) -> None:
    """Ask for a time for the patient of the screen."""
    if file is not None:
        OtherTimeDialog(screen, file.patient.id, day, poster, then).open()


class OtherTimeDialog(Dialog):
    """Asks for day, time and reason; ``then(start, reason)`` follows, and what it is refused for stands here."""

    def __init__(self, screen: Screen, patient_id: UUID, day: date, poster: Poster, then: Then) -> None:
        text = _("Book in the past, outside working hours, on leave or on a holiday. The reason is kept with the appointment.")
        super().__init__(screen, _("Another time"), text)
        self._then, self._zone = then, screen.desk.place.timezone
        self.form = Form(columns=2)
        self.form.add("day", _("Date"), DateField("", today=screen.desk.today()), required=True)
        self.form.add("time", _("Time"), TimeField(""), required=True)
        self.form.add("reason", _("Reason"), LineEdit(), required=True, span=2)
        self.form["time"].setPlaceholderText("18:30")
        self.form["day"].set_value(day)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.add_button(_("Book this time"), "primary", self._take, default=True)
        poster.booked.connect(self._booked)
        poster.refused.connect(self.refuse)
        screen.keep_typing(f"other time {patient_id}", self)
        self.form["time"].setFocus()

    def draft(self) -> dict[str, Any] | None:
        """What is typed, once a time or a reason is."""
        typed = self.form.draft()
        return typed if typed["time"] or typed["reason"] else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def refuse(self, error: ClinicError) -> None:
        """Say at the field why it is not booked; what is typed stays."""
        field = self.form.fields[_FIELD_OF.get(error.field or "", "time")]
        field.set_error(wording.sentence(error))
        field.editor.setFocus()

    def _booked(self, _booking: object) -> None:
        self.accept()

    def _take(self) -> None:
        values = self.form.values()
        if values is not None:
            self._then(local_instant(values["day"], values["time"], self._zone), values["reason"])
