"""A follow-up so many days or weeks after the last visit, with the doctor who saw the patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets import Choice, Dialog, Form, Label, NumberField

_DAYS, _WEEKS = 1, 7


class FollowUpDialog(Dialog):
    """``then(day)`` follows; the screen goes to the first free place from that day on."""

    def __init__(self, screen: Screen, seen: VisitRow, then: Callable[[date], object]) -> None:
        text = _("Seen by {doctor} on {day}.").format(doctor=seen.doctor_name, day=date_text(seen.business_date))
        super().__init__(screen, _("Follow-up"), text, width=380)
        self._seen, self._then, self._today = seen.business_date, then, screen.desk.today()
        self.form = Form(columns=2)
        self.form.add("number", _("In"), NumberField(1, 366))
        self.form.add("unit", _("Unit"), Choice("", [(_("weeks"), _WEEKS), (_("days"), _DAYS)]))
        self.day = Label(tone="muted")
        self.body.addWidget(self.form)
        self.body.addWidget(self.day)
        self.form["number"].valueChanged.connect(lambda _number: self._show())
        self.form["unit"].currentIndexChanged.connect(lambda _place: self._show())
        self.add_button(_("Cancel"), None, self.reject)
        self.add_button(_("Show the free places"), "primary", self._take, default=True)
        self._show()
        self.form["number"].setFocus()
        self.form["number"].selectAll()

    def wanted(self) -> date:
        """The day, counted from the last visit; today at the earliest."""
        return max(self._seen + timedelta(days=self.form["number"].value() * self.form["unit"].value()), self._today)

    def _show(self) -> None:
        self.day.setText(date_text(self.wanted(), weekday=True))

    def _take(self) -> None:
        day = self.wanted()
        self.accept()
        self._then(day)
