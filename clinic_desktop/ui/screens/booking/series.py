"""Several appointments at once: every so many days or weeks; each date with its place, before anything is booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import SeriesRow
from clinic_desktop.clinic.frontdesk.queries import SeriesDayRow, series_plan
from clinic_desktop.clinic.frontdesk.rules import Every, Repeat, series_days
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import date_text, number_text, time_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.screens.booking.reading import Wish
from clinic_desktop.ui.screens.staff.weekdays import Weekdays
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, DateField, Form, NumberField, keyed
from clinic_desktop.ui.widgets.times import TimeField

_TYPING_MS = 250


class SeriesDialog(ListDialog):
    """Space takes a date out or in again; where the wanted time is not free the nearest one stands there."""

    def __init__(self, screen: Screen, patient_id: UUID, wish: Wish, minutes: int, start: datetime | None, **details: Any) -> None:
        columns = [
            Column(_("Chosen"), lambda one: _("Yes") if self.is_chosen(one) else _("No"), width=84, chip=self._tone),
            Column(_("Date"), lambda one: date_text(self._day_of(one), weekday=True), width=200, sort_key=lambda one: one.wanted),
            Column(_("Time"), lambda one: "–" if one.start is None else time_text(one.start, timezone=self._zone), width=104),
            Column(_("Remark"), _remark, width=0, tooltip=_remark),
        ]
        self._zone, self._left_out = screen.desk.place.timezone, set[date]()
        self._patient_id, self._wish, self._minutes, self._details = patient_id, wish, minutes, details
        text = _("All chosen dates are booked together, or none of them.")
        super().__init__(screen, _("Several dates"), text, columns, key=lambda one: one.day, empty=_("No dates yet."), width=820)
        self.table.setMinimumHeight(scaled(230))
        self.form = self._form(start)
        self.body.insertWidget(0, self.form)
        self.toggle = self.act(_("Include or skip"), "check", "Ctrl+Space", self._toggle, when=lambda one: one.start is not None)
        self.table.activated.connect(self._toggle)
        self.book = BusyButton("", icon_name="check")
        self.book.clicked.connect(self._book)
        self.buttons.addWidget(self.book)
        self._wire()
        self._began = self.form.draft()
        screen.keep_typing(f"series {patient_id}", self)
        self.form["step"].setFocus()
        self.read()

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        for name in ("time", "until"):
            self.form[name].textEdited.connect(lambda _text: self._typing.start())
        for name in ("step", "count"):
            self.form[name].valueChanged.connect(lambda _number: self._typing.start())
        self.form["every"].currentIndexChanged.connect(lambda _place: self.read())
        self.form["weekdays"].toggled.connect(lambda _on: self.read())
        self.form["first"].changed.connect(lambda: self._typing.start())

    def draft(self) -> dict[str, Any] | None:
        """What differs from how the dialog opened."""
        typed = self.form.draft()
        return None if typed == self._began else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _form(self, start: datetime | None) -> Form:
        local = (start or self.desk.now()).astimezone(ZoneInfo(self._zone))
        form = Form(columns=4)
        form.add("step", _("Every"), NumberField(1, 366))
        form.add("every", _("Step"), Choice("", [(_("weeks"), Every.WEEK), (_("days"), Every.DAY)]))
        form.add("count", _("How often"), NumberField(1, 52))
        form.add("until", _("Not after"), DateField("", today=self.desk.today()))
        form.add("first", _("From"), DateField("", today=self.desk.today()), required=True)
        form.add("time", _("Time"), TimeField(""), required=True)
        form.add("weekdays", _("On"), Weekdays(_("Weekdays")), span=2)
        form["count"].setValue(4)
        form["first"].set_value(local.date())
        form["time"].set_value(time(local.hour, local.minute))
        return form

    # What is planned

    def read(self) -> None:
        """Work out the dates and read their places."""
        values = self.form.values()
        if values is None:
            return
        repeat = Repeat(values["every"], values["step"], frozenset(values["weekdays"] or ()), values["count"], values["until"])
        try:
            days = series_days(values["first"], repeat)
        except InvalidInput as error:
            if not self.form.refuse(error):
                self.say(wording.sentence(error))
            return
        self.work.read(
            self,
            series_plan,
            latest="list",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            doctor_id=self._wish.doctor_id,
            patient_id=self._patient_id,
            minutes=self._minutes,
            days=days,
            at=values["time"],
            now=self.desk.now(),
        )

    def is_chosen(self, row: SeriesDayRow) -> bool:
        """Whether a date is to be booked."""
        return row.start is not None and row.day not in self._left_out

    def chosen(self) -> list[datetime]:
        """The places to be booked."""
        return [one.start for one in self.table.rows if one.start is not None and self.is_chosen(one)]

    def _show(self, rows: Sequence[SeriesDayRow]) -> None:
        self.table.set_rows([])  # whether a date is chosen is no part of its row
        self.show_rows(rows)
        chosen = len(self.chosen())
        text = ngettext("Book {n} appointment", "Book {n} appointments", chosen).format(n=number_text(chosen))
        self.book.setText(text)
        keyed(self.book, "Ctrl+Return")
        self.book.setEnabled(bool(chosen))

    def _toggle(self, row: SeriesDayRow) -> None:
        self._left_out ^= {row.day}
        rows = list(self.table.rows)
        self._show(rows)
        self.table.select(row.day)

    def _tone(self, row: SeriesDayRow) -> Tone | None:
        if not self.is_chosen(row):
            return Tone.NEUTRAL
        return Tone.GOOD if row.problem is None else Tone.WARN

    def _day_of(self, row: SeriesDayRow) -> date:
        return (row.start or row.wanted).astimezone(ZoneInfo(self._zone)).date()

    # Booking

    def _book(self) -> None:
        self.book.run(
            self.work,
            self,
            commands.book_series,
            then=self._booked,
            failed=self.refuse,
            clinic_id=self.desk.clinic_id,
            doctor_id=self._wish.doctor_id,
            patient_id=self._patient_id,
            service_id=self._wish.service_id,
            more_services=self._wish.more_services,
            kind=self._wish.kind,
            minutes=self._wish.minutes,
            starts=self.chosen(),
            **self._details,
        )

    def refuse(self, error: ClinicError) -> None:
        """Somebody was faster with one of them: what is free now stands there."""
        self.say(wording.sentence(error))
        self.read()

    def _booked(self, made: SeriesRow) -> None:
        count = len(made.bookings)
        text = ngettext("{n} appointment is booked.", "{n} appointments are booked.", count).format(n=number_text(count))
        self.desk.toast(text, tone=Tone.GOOD)
        self.accept()


def _remark(row: SeriesDayRow) -> str:
    why = {
        None: "",
        "past": _("has passed"),
        "holiday": _("holiday"),
        "leave": _("doctor on leave"),
        "no_hours": _("doctor not in"),
        "patient_busy": _("patient has another appointment"),
        "taken": _("taken"),
        "outside_hours": _("outside working hours"),
    }[row.problem]
    if row.problem is None or row.start is not None:
        return "" if row.problem is None else _("{why}: the nearest free time").format(why=why)
    return _("{why}: nothing free within a week").format(why=why)
