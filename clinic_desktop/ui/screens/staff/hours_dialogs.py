"""Weekly hours as they are typed: new ones, changed ones, copied ones, and their end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation.hours import WeekHours
from clinic_desktop.clinic.staff import commands
from clinic_desktop.clinic.staff.queries import ScheduleRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import day_name, isolated, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.weekdays import Weekdays
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, DateField, Dialog, Form, LineEdit
from clinic_desktop.ui.widgets.numbers import NumberEdit
from clinic_desktop.ui.widgets.times import TimeField


class HoursForm(Dialog):
    """What all of them have in common: a form, one button that saves, and what is typed is kept."""

    def __init__(self, screen: Screen, about: str, title: str, text: str, yes: str) -> None:
        super().__init__(screen, title, text, width=520)
        self._screen, self._about = screen, about
        self.form = Form(columns=2)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(yes, icon_name="save")
        self.save.setDefault(True)
        self.buttons.addWidget(self.save)
        self._clean: dict[str, Any] = {}

    def begin(self, first: QWidget) -> None:
        """Every field is there and filled."""
        self._clean = self.form.draft()
        self._screen.keep_typing(self._about, self)
        first.setFocus()

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        now = self.form.draft()
        return None if now == self._clean else now

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def run(self, command: Callable[..., Any], **params: Any) -> None:
        """Save; what is refused stands at its field."""
        self.save.run(self._screen.work, self, command, then=self._done, failed=self._refused, **params)

    def _done(self, _answer: object) -> None:
        self.accept()
        self._screen.desk.toast(_("Saved."), tone=Tone.GOOD)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.work.refused.emit(error)

    def add_hours(self, room: str) -> None:
        """The fields of a span of hours."""
        self.form.add("start", _("From"), TimeField(_("From")), required=True)
        self.form.add("end", _("Until"), TimeField(_("Until")), required=True)
        self.form.add("slot_minutes", _("Minutes a visit"), NumberEdit(_("Minutes a visit")), required=True)
        self.form.add("max_patients", _("Patients at one time"), NumberEdit(_("Patients at one time")), required=True)
        self.form.add("room", _("Room, where it is another"), LineEdit(limit=40, placeholder=room), span=2)


class NewHours(HoursForm):
    """Hours on some days of the week; ``opening`` is when the clinic is open and this doctor is not there yet."""

    def __init__(self, screen: Screen, doctor_id: UUID, clinic_id: UUID, weekday: int, room: str, opening: WeekHours) -> None:
        super().__init__(screen, f"hours {doctor_id}", _("New weekly hours"), "", _("Add"))
        self._places = {"doctor_id": doctor_id, "clinic_id": clinic_id}
        self._opening, self._suggested = opening, ("", "")
        today = screen.desk.today()
        self.form.add("weekdays", _("Days"), Weekdays(_("Days")), required=True, span=2)
        self.add_hours(room)
        self.form.add("valid_from", _("First day"), DateField(_("First day"), today=today), required=True)
        self.form.add("valid_to", _("Last day, if there is one"), DateField(_("Last day"), today=today))
        self.form["weekdays"].set_value([weekday])
        self.form["slot_minutes"].set_value(15)
        self.form["max_patients"].set_value(1)
        self.form["valid_from"].set_value(today)
        self._suggest()
        self.form["weekdays"].toggled.connect(self._suggest)
        self.save.clicked.connect(self._save)
        self.begin(self.form["start"])
        self.form["start"].selectAll()

    def _suggest(self) -> None:
        """The clinic's own hours of the first day, as long as nobody has typed others."""
        start, end = self.form["start"], self.form["end"]
        if (start.text(), end.text()) != self._suggested:
            return
        days = self.form["weekdays"].draft()
        spans = self._opening.get(days[0], ()) if days else ()
        for edit, at in zip((start, end), spans[0] if spans else (None, None), strict=True):
            edit.set_value(at)
        self._suggested = start.text(), end.text()

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.run(commands.add_schedule, **self._places, **values)


class ChangeHours(HoursForm):
    """Hours that are different from a day on."""

    def __init__(self, screen: Screen, row: ScheduleRow, room: str) -> None:
        text = _("Until the day before, everything stays as it was. What is booked stays booked: look through the doctor's appointments.")
        title = _("Hours on {day}").format(day=day_name(row.weekday))
        super().__init__(screen, f"hours {row.id}", title, text, _("Save"))
        self._row, today = row, screen.desk.today()
        self.add_hours(room)
        self.form.add("from_day", _("Changed from"), DateField(_("Changed from"), today=today), required=True)
        self.form.add("valid_to", _("Last day, if there is one"), DateField(_("Last day"), today=today))
        self.form["start"].set_value(row.start)
        self.form["end"].set_value(row.end)
        self.form["slot_minutes"].set_value(row.slot_minutes)
        self.form["max_patients"].set_value(row.max_patients)
        self.form["room"].setText(row.own_room or "")
        self.form["from_day"].set_value(max(today, row.valid_from))
        self.form["valid_to"].set_value(row.valid_to)
        self.save.clicked.connect(self._save)
        self.begin(self.form["start"])

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.run(commands.change_schedule, schedule_id=self._row.id, **values)


class EndHours(HoursForm):
    """The last day of hours."""

    def __init__(self, screen: Screen, row: ScheduleRow) -> None:
        span = isolated(f"{time_text(row.start)}–{time_text(row.end)}")
        title = _("End the hours on {day}, {hours}").format(day=day_name(row.weekday), hours=span)
        text = _("After the last day nobody can be booked in these hours. What is booked stays booked.")
        super().__init__(screen, f"end of hours {row.id}", title, text, _("End the hours"))
        self._row = row
        self.form.add("last_day", _("Last day"), DateField(_("Last day"), today=screen.desk.today()), required=True, span=2)
        self.form["last_day"].set_value(row.valid_to or screen.desk.today())
        self.save.clicked.connect(self._save)
        self.begin(self.form["last_day"])

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.run(commands.end_schedule, schedule_id=self._row.id, **values)


class CopyDay(HoursForm):
    """The hours of one day for others."""

    def __init__(self, screen: Screen, doctor_id: UUID, clinic_id: UUID, weekday: int) -> None:
        title = _("Copy the hours of {day}").format(day=day_name(weekday))
        text = _("The other days get the same hours, beside those that they have.")
        super().__init__(screen, f"copied hours {doctor_id} {weekday}", title, text, _("Copy"))
        self._given = {"doctor_id": doctor_id, "clinic_id": clinic_id, "weekday": weekday}
        self.form.add("to_weekdays", _("To"), Weekdays(_("To"), without=weekday), required=True, span=2)
        self.form.add("from_day", _("From"), DateField(_("From"), today=screen.desk.today()), required=True)
        self.form["from_day"].set_value(screen.desk.today())
        self.save.clicked.connect(self._save)
        self.begin(self.form["to_weekdays"])

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.run(commands.copy_weekday, **self._given, **values)


def has_ended(row: ScheduleRow, today: date) -> bool:
    """Whether hours are over."""
    return row.valid_to is not None and row.valid_to < today
