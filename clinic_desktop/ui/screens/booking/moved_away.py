"""Appointments that a leave or a holiday had moved away, now that their former place is there again: to be read and called about."""

from __future__ import annotations

from collections.abc import Sequence

from clinic_desktop.clinic.frontdesk.queries import MovedAwayRow, moved_away
from clinic_desktop.kernel.formats import datetime_text, phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside


class MovedAwayDialog(ListDialog):
    """Nothing is moved back by itself: the patient has been told of the new time."""

    def __init__(self, screen: Screen) -> None:
        zone = screen.desk.place.timezone

        def former(one: MovedAwayRow) -> str:
            return beside(datetime_text(one.former_start, timezone=zone), one.former_doctor_name)

        def now(one: MovedAwayRow) -> str:
            return beside(datetime_text(one.start, timezone=zone), one.doctor_name)

        columns = [
            Column(_("Patient"), lambda one: one.patient_name, width=0),
            Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=124, export=lambda one: one.patient_phone or ""),
            Column(_("Former place"), former, width=248, sort_key=lambda one: one.former_start, tooltip=former),
            Column(_("New place"), now, width=248, sort_key=lambda one: one.start, tooltip=now),
            Column(_("Status"), _state, width=124, chip=lambda one: Tone.GOOD if one.is_free else Tone.NEUTRAL),
        ]
        text = _("The leave or holiday was taken back. These appointments stay where they are: nobody is moved back by itself.")
        title, empty = _("Moved away by a leave or a holiday"), _("Nobody was moved away from a place that is there again.")
        super().__init__(screen, title, text, columns, key=lambda one: one.appointment_id, empty=empty, width=1000)
        self.patient = self.act(_("Open the patient"), "arrow-right", "Ctrl+O", self._open)
        self.table.activated.connect(self._open)
        self.read()

    def read(self) -> None:
        """Read who was moved away."""
        self.work.read(self, moved_away, latest="list", then=self.show_rows, clinic_id=self.desk.clinic_id, now=self.desk.now())

    def _open(self, row: MovedAwayRow) -> None:
        self.accept()
        self.desk.open("patient", patient_id=row.patient_id, visit_id=row.visit_id)


def _state(row: MovedAwayRow) -> str:
    return _("free") if row.is_free else _("taken")


def tell_moved_away(screen: Screen) -> None:
    """Name those who were moved away, where there are any."""

    def tell(rows: Sequence[MovedAwayRow]) -> None:
        if rows:
            MovedAwayDialog(screen).open()

    screen.work.read(screen, moved_away, latest="moved away", then=tell, clinic_id=screen.desk.clinic_id, now=screen.desk.now())
