"""Tomorrow's appointments that nobody has confirmed: called one after the other."""

from __future__ import annotations

from datetime import timedelta

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import ToConfirmRow, to_confirm
from clinic_desktop.kernel.formats import date_text, number_text, phone_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, ask_reason, keep_if, keyed


class ConfirmDialog(ListDialog):
    """Enter: the patient comes; Ctrl+N: nobody answered; Ctrl+Delete: gives it up. Ctrl with arrows is another day."""

    def __init__(self, screen: Screen) -> None:
        text = _("Call the patients and keep what they say. The list goes on to the next one by itself.")
        super().__init__(
            screen,
            _("To be confirmed"),
            text,
            _columns(screen.desk.place.timezone),
            key=lambda one: one.appointment_id,
            empty=_("Everybody has confirmed, or nobody is booked."),
        )
        self._day = screen.desk.today() + timedelta(days=1)
        self.earlier = Button("", icon_name="chevron-left", role="quiet")
        self.later = Button("", icon_name="chevron-right", role="quiet")
        for button, name, keys, step in ((self.earlier, _("Day before"), "Ctrl+Left", -1), (self.later, _("Next day"), "Ctrl+Right", 1)):
            keyed(button, keys)
            button.setAccessibleName(name)
            button.setToolTip(f"{name}  ({keys})")
            button.clicked.connect(lambda _checked=False, by=step: self._go(by))
            self.table.tools.addWidget(button)
        self.confirm = self.act(_("Confirmed"), "check", "Ctrl+Return", self._confirm)
        self.unreached = self.act(_("Not reached"), "phone", "Ctrl+N", self._note_unreached)
        self.cancel = self.act(_("Gives it up…"), "x", "Ctrl+Delete", self._give_up)
        keep_if(self.cancel, screen.desk.may(commands.cancel))
        self.table.activated.connect(self._confirm)
        self.read()

    def read(self) -> None:
        """Read the day's list again."""
        self.table.count.setText(date_text(self._day, weekday=True))
        self.work.read(self, to_confirm, latest="list", then=self._show, clinic_id=self.desk.clinic_id, day=self._day)

    def _show(self, rows: list[ToConfirmRow]) -> None:
        self.show_rows(rows)
        self.table.count.setText(f"{date_text(self._day, weekday=True)}  ·  {number_text(len(rows))}")

    def _go(self, days: int) -> None:
        self._day = max(self._day + timedelta(days=days), self.desk.today())
        self.read()

    def _confirm(self, row: ToConfirmRow) -> None:
        self.run(self.confirm, commands.confirm, appointment_id=row.appointment_id)

    def _note_unreached(self, row: ToConfirmRow) -> None:
        self.run(self.unreached, commands.note_unreached, then=lambda _times: self._next(), appointment_id=row.appointment_id)

    def _next(self) -> None:
        place = self.table.grid.currentIndex().row() + 1
        if place < len(self.table.rows):
            self.table.select(self.table.model.key(self.table.rows[place]))

    def _give_up(self, row: ToConfirmRow) -> None:
        ask_reason(
            self,
            _("Cancel {booking}?").format(booking=row.booking_id),
            _("The place is free again and nothing is charged."),
            yes=_("Cancel the appointment"),
            no=_("Keep it"),
            then=lambda reason: self.run(self.cancel, commands.cancel, appointment_id=row.appointment_id, reason=reason),
        )


def _attempts(row: ToConfirmRow) -> str:
    return _("{n} times").format(n=number_text(row.attempts)) if row.attempts else ""


def _columns(zone: str) -> list[Column]:
    return [
        Column(_("Time"), lambda one: time_text(one.start, timezone=zone), width=92, sort_key=lambda one: one.start),
        Column(_("Patient"), lambda one: one.patient_name, width=0),
        Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=148, export=lambda one: one.patient_phone or ""),
        Column(_("Doctor"), lambda one: one.doctor_name, width=168),
        Column(_("Not reached"), _attempts, align=END, width=120, chip=lambda one: Tone.WARN if one.attempts else None),
    ]
