"""A time outside the doctor's places, for those who may: with a reason that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets import DateField, Dialog, Form, LineEdit
from clinic_desktop.ui.widgets.inputs import latin_digits

_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})?")


def read_time(text: str) -> time | None:
    """``9``, ``9:30``, ``0930`` or ``17.15``; None when nothing is typed."""
    plain = latin_digits(text).strip()
    if not plain:
        return None
    found = _TIME.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise InvalidInput("time", "not_a_time")
    return time(int(found[1]), int(found[2] or 0))


class TimeEdit(LineEdit):
    """A time of the day, typed quickly."""

    def value(self) -> time | None:
        """The time; raises InvalidInput."""
        return read_time(self.text())


class OtherTimeDialog(Dialog):
    """Asks for day, time and reason; ``then(start, reason)`` follows."""

    def __init__(self, parent: QWidget, desk: Desk, day: date, then: Callable[[datetime, str], object]) -> None:
        text = _("Book in the past, outside working hours, on leave or on a holiday. The reason is kept with the appointment.")
        super().__init__(parent, _("Another time"), text)
        self._then, self._zone = then, desk.place.timezone
        self.form = Form(columns=2)
        self.form.add("day", _("Date"), DateField("", today=desk.today()), required=True)
        self.form.add("time", _("Time"), TimeEdit("", placeholder="18:30", limit=5), required=True)
        self.form.add("reason", _("Reason"), LineEdit(), required=True, span=2)
        self.form["day"].set_value(day)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.reject)
        self.add_button(_("Book this time"), "primary", self._take, default=True)
        self.form["time"].setFocus()

    def _take(self) -> None:
        values = self.form.values()
        if values is not None:
            self.accept()
            self._then(local_instant(values["day"], values["time"], self._zone), values["reason"])
