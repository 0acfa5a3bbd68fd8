"""The waiting list: who wants an earlier place, who is offered one, and what they said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QCheckBox

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.events import AppointmentBooked, AppointmentCancelled, PlaceOffered, WaitingListChanged
from clinic_desktop.clinic.frontdesk.queries import WaitingRow, waiting_list
from clinic_desktop.clinic.frontdesk.rules import DayPart, WaitingStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, days_text, phone_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.screens.booking.reading import Wish
from clinic_desktop.ui.screens.reception.reading import PatientFile
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, DateField, Dialog, Form, LineEdit, beside, keyed

_USUAL = timedelta(days=14)


class WaitingListDialog(ListDialog):
    """Those who are offered a place stand first: call them, Ctrl+Enter books, Ctrl+N offers it to the next one."""

    def __init__(self, screen: Screen) -> None:
        text = _("A place that comes free is offered to the first one for whom it fits. Until somebody confirms, any desk can book it.")
        super().__init__(
            screen,
            _("Waiting list"),
            text,
            _columns(screen.desk.place.timezone),
            key=lambda one: one.entry_id,
            empty=_("Nobody waits for a place."),
            width=1000,
        )
        is_offered = _is_offered
        self.accept_button = self.act(_("Book it"), "check", "Ctrl+Return", self._accept, when=is_offered)
        self.decline = self.act(_("Does not want it"), "skip-forward", "Ctrl+N", self._decline, when=is_offered)
        self.withdraw = self.act(_("Waits no longer"), "x", "Ctrl+Delete", self._withdraw)
        self.work.on(self, WaitingListChanged, PlaceOffered, AppointmentBooked, AppointmentCancelled, then=lambda _events: self.read())
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self.work.read(self, waiting_list, latest="list", then=self.show_rows, clinic_id=self.desk.clinic_id)

    def _accept(self, row: WaitingRow) -> None:
        self.run(self.accept_button, commands.accept_offer, then=lambda booked: self._booked(booked, row), entry_id=row.entry_id)

    def _booked(self, booked: BookingRow, row: WaitingRow) -> None:
        when = datetime_text(booked.start, timezone=self.desk.place.timezone)
        self.desk.toast(beside(booked.booking_id, row.patient_name, when), tone=Tone.GOOD)

    def _decline(self, row: WaitingRow) -> None:
        self.run(self.decline, commands.decline_offer, entry_id=row.entry_id)

    def _withdraw(self, row: WaitingRow) -> None:
        self.run(self.withdraw, commands.withdraw_waiting, entry_id=row.entry_id)


def _is_offered(row: WaitingRow) -> bool:
    return row.status is WaitingStatus.OFFERED


def _columns(zone: str) -> list[Column]:
    def offer(row: WaitingRow) -> str:
        if row.offered_start is None or not _is_offered(row):
            return ""
        return beside(datetime_text(row.offered_start, timezone=zone), row.offered_doctor_name)

    def until(row: WaitingRow) -> str:
        if row.offered_until is None or not _is_offered(row):
            return _("Urgent") if row.is_urgent else ""
        return _("until {time}").format(time=time_text(row.offered_until, timezone=zone))

    return [
        Column(_("Patient"), lambda one: one.patient_name, width=0, tooltip=lambda one: one.note or ""),
        Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=124, export=lambda one: one.patient_phone or ""),
        Column(_("Wishes"), _wish, width=180, tooltip=_wish),
        Column(_("Between"), lambda one: days_text(one.first_day, one.last_day), width=128, sort_key=lambda one: one.first_day),
        Column(_("Offered"), offer, width=216, tooltip=offer),
        Column(_("Answer"), until, width=152, chip=lambda one: Tone.INFO if _is_offered(one) else Tone.WARN if one.is_urgent else None),
    ]


def _wish(row: WaitingRow) -> str:
    part = None if row.day_part is DayPart.ANY else wording.status(row.day_part)
    return beside(row.service_name, row.doctor_name or _("any doctor"), part)


class WaitDialog(Dialog):
    """Puts the patient of the screen on the waiting list."""

    def __init__(self, screen: Screen, file: PatientFile, wish: Wish, doctor: str) -> None:
        text = _("{patient} is offered the first place that fits and comes free.").format(patient=file.patient.full_name)
        super().__init__(screen, _("Put on the waiting list"), text)
        self._screen, self._file, self._wish = screen, file, wish
        today = screen.desk.today()
        self.form = Form(columns=2)
        self.form.add("doctor_id", _("Doctor"), Choice("", [(doctor, wish.doctor_id), (_("Whoever has a place first"), None)]), span=2)
        self.form.add("first_day", _("From"), DateField("", today=today), required=True)
        self.form.add("last_day", _("Until"), DateField("", today=today), required=True)
        self.form.add("day_part", _("Time of day"), Choice("", [(wording.status(one), one) for one in DayPart]))
        self.form.add("is_urgent", _("Priority"), QCheckBox(_("Urgent")))
        self.form.add("note", _("Note"), LineEdit(limit=500), span=2)
        self.form["doctor_id"].set_value(wish.doctor_id)
        self.form["first_day"].set_value(today)
        self.form["last_day"].set_value(today + _USUAL)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.keep = BusyButton(_("Put on the list"), icon_name="check")
        keyed(self.keep, "Ctrl+Return")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._keep)
        self.buttons.addWidget(self.keep)
        self._began = self.form.draft()
        self.form["first_day"].setFocus()
        screen.keep_typing(f"wait {file.patient.id}", self)

    def draft(self) -> dict[str, Any] | None:
        """What differs from how the dialog opened."""
        typed = self.form.draft()
        return None if typed == self._began else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _keep(self) -> None:
        values = self.form.values()
        if values is not None:
            wish = {"patient_id": self._file.patient.id, "service_id": self._wish.service_id, "clinic_id": self._screen.desk.clinic_id}
            self.keep.run(self._screen.work, self, commands.add_waiting, then=self._kept, failed=self._refused, **wish, **values)

    def _kept(self, _entry: object) -> None:
        self._screen.desk.toast(_("{patient} is on the waiting list.").format(patient=self._file.patient.full_name), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.work.refused.emit(error)
