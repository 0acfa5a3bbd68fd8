"""Times that are added to one day by hand, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.staff import commands
from clinic_desktop.clinic.staff.queries import TimeSlotRow, time_slots
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import number_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, DateField, Form, LineEdit, NumberField, keyed
from clinic_desktop.ui.widgets.times import TimeField


class AddedSlotsDialog(ListDialog):
    """Adds a time of a doctor's day outside the weekly hours; what is booked in one that is taken back stays booked."""

    def __init__(self, screen: Screen, doctor_id: UUID, doctor_name: str, day: date) -> None:
        columns = [
            Column(_("From"), lambda one: time_text(one.start), width=110, sort_key=lambda one: one.start),
            Column(_("Until"), lambda one: time_text(one.end), width=110),
            Column(_("Patients at once"), lambda one: number_text(one.capacity), align=END, width=140),
            Column(_("Room"), lambda one: one.room or "", width=0),
        ]
        title = _("Added times of {doctor}").format(doctor=doctor_name)
        text = _("For one day, also on a holiday or in a leave. Whoever waits for a place is offered it.")
        super().__init__(screen, title, text, columns, key=lambda one: one.id, empty=_("Nothing is added on this day."), width=640)
        self._doctor_id, self._began = doctor_id, day
        self.table.setMinimumHeight(scaled(180))
        self.form = Form(columns=5)
        self.form.add("day", _("Date"), DateField("", today=screen.desk.today()), required=True)
        self.form.add("start", _("From"), TimeField(""), required=True)
        self.form.add("end", _("Until"), TimeField(""), required=True)
        self.form.add("capacity", _("Patients at once"), NumberField(1, 50))
        self.form.add("room", _("Room"), LineEdit(limit=40))
        self.form["day"].set_value(day)
        self.form["day"].changed.connect(self.read)
        self.body.insertWidget(0, self.form)
        self.take_back = self.act(_("Take it back"), "x", "Ctrl+Delete", self._close_slot)
        self.add = BusyButton(_("Add the time"), icon_name="plus")
        keyed(self.add, "Ctrl+Return")
        self.add.setDefault(True)
        self.add.clicked.connect(self._add)
        self.buttons.addWidget(self.add)
        screen.keep_typing(f"added slot {doctor_id}", self)
        self.form["start"].setFocus()
        self.read()

    def draft(self) -> dict[str, Any] | None:
        """What is typed, once a time is."""
        typed = self.form.draft()
        return typed if typed["start"] or typed["end"] else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def read(self) -> None:
        """Read what is added on the chosen day."""
        try:
            day = self.form.fields["day"].value()
        except ClinicError:
            return
        self.work.read(
            self,
            time_slots,
            latest="list",
            then=self.show_rows,
            clinic_id=self.desk.clinic_id,
            first=day,
            last=day,
            doctor_id=self._doctor_id,
        )

    def _add(self) -> None:
        values = self.form.values()
        if values is not None:
            self.add.run(
                self.work,
                self,
                commands.add_time_slot,
                then=lambda _id: self._added(),
                failed=self.refuse,
                doctor_id=self._doctor_id,
                clinic_id=self.desk.clinic_id,
                **values,
            )

    def _added(self) -> None:
        self.say("")
        self.desk.toast(_("The time is added."), tone=Tone.GOOD)
        for name in ("start", "end"):
            self.form[name].clear()
        self.form["start"].setFocus()
        self.read()

    def refuse(self, error: ClinicError) -> None:
        """Say at the field what is wrong with it."""
        if not self.form.refuse(error):
            self.say(wording.sentence(error))

    def _close_slot(self, row: TimeSlotRow) -> None:
        self.run(self.take_back, commands.close_time_slot, time_slot_id=row.id)
