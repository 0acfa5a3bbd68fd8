"""What one doctor charges by visit type: what holds now, what is to come, what has ended."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.staff import commands
from clinic_desktop.clinic.staff.queries import DoctorRow, FeeRow, fees
from clinic_desktop.clinic.staff.rules import FeeKind
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text, isolated, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import TableView, put_title
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, DateField, Dialog, Form, Label, MoneyEdit, keep_if
from clinic_desktop.ui.widgets.numbers import NumberEdit


class FeesPanel(QWidget):
    """The fees of the doctor in the form."""

    def __init__(self, screen: Screen, may_change: bool) -> None:
        super().__init__(screen)
        self._screen = screen
        self._doctor: DoctorRow | None = None
        self._rows: list[FeeRow] = []
        self.new = Button(_("New fee…"), icon_name="plus")
        self.end = Button(_("End…"), icon_name="calendar-off")
        self.table = TableView(
            _("Fees by visit type"),
            self._columns(),
            empty=_("None: every visit costs the fee among the details."),
            filterable=False,
            parent=self,
        )
        put_title(self.table, _("Fees by visit type"))
        for button in (self.new, self.end):
            self.table.tools.addWidget(button)
            keep_if(button, may_change)
        self.table.setMinimumHeight(scaled(300))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_8, 0, 0)
        column.addWidget(self.table)
        self.end.setEnabled(False)
        self.new.clicked.connect(self._ask_new)
        self.end.clicked.connect(self._ask_end)
        self.table.selected.connect(lambda one: self.end.setEnabled(one is not None and self._standing(one)[2]))
        self.table.activated.connect(self._ask_change)

    def show_doctor(self, doctor: DoctorRow | None) -> None:
        """Show the fees of this doctor; of a new one there are none yet."""
        if doctor is None or self._doctor is None or doctor.id != self._doctor.id:
            self.table.set_rows([])
        self._doctor = doctor
        if doctor is not None:
            self._screen.work.read(self, fees, latest="fees", then=self._show, doctor_id=doctor.id)

    def _show(self, rows: list[FeeRow]) -> None:
        self._rows = rows
        self.table.set_rows(rows)

    def _ask_new(self) -> None:
        if self._doctor is not None:
            FeeDialog(self._screen, self._doctor, None).open()

    def _ask_change(self, row: FeeRow) -> None:
        if self._doctor is not None and self.new.isVisible():
            FeeDialog(self._screen, self._doctor, row).open()

    def _ask_end(self) -> None:
        row = self.table.current
        if row is not None:
            EndFee(self._screen, row).open()

    def _standing(self, row: FeeRow) -> tuple[str, Tone, bool]:
        """Where a fee stands today, and whether it can be ended."""
        today = self._screen.desk.today()
        begun = [one.valid_from for one in self._rows if one.visit_type is row.visit_type and one.valid_from <= today]
        if row.valid_from > today:
            return _("To come"), Tone.INFO, True
        if row.valid_from < max(begun) or (row.valid_to is not None and row.valid_to < today):
            return _("Ended"), Tone.NEUTRAL, False
        return _("Holds now"), Tone.GOOD, True

    def _columns(self) -> list[Column]:
        return [
            Column(_("Visit"), lambda one: wording.status(one.visit_type), width=112),
            Column(_("Fee"), lambda one: money_text(one.amount), align=END, width=98, sort_key=lambda one: one.amount.minor),
            Column(_("From"), lambda one: date_text(one.valid_from), width=112, sort_key=lambda one: one.valid_from),
            Column(_("Until"), lambda one: date_text(one.valid_to) if one.valid_to else "", width=104, hidden=True),
            Column(_("Status"), lambda one: self._standing(one)[0], chip=lambda one: self._standing(one)[1], width=118),
        ]


class FeeDialog(Dialog):
    """A fee of one visit type from a day on; of the same type and day it is replaced."""

    def __init__(self, screen: Screen, doctor: DoctorRow, row: FeeRow | None) -> None:
        text = _("It applies to visits booked for that day and later. What is booked already keeps its fee.")
        super().__init__(screen, _("Fee of {doctor}").format(doctor=isolated(doctor.full_name)), text)
        self._screen, self._doctor = screen, doctor
        today = screen.desk.today()
        self.form = Form(columns=2)
        self.form.add("visit_type", _("Visit"), Choice(_("Visit"), [(wording.status(one), one) for one in FeeKind]), required=True)
        self.form.add("amount", _("Fee"), MoneyEdit(_("Fee"), screen.desk.place.currency), required=True)
        self.form.add("valid_from", _("First day"), DateField(_("First day"), today=today), required=True)
        self.form.add("valid_to", _("Last day"), DateField(_("Last day"), today=today))
        days = NumberEdit(_("Days in which a return is a follow-up"))
        self.form.add("follow_up_days", _("Days in which a return is a follow-up"), days, required=True, span=2)
        days.set_value(0)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(_("Save"), icon_name="save")
        self.save.setDefault(True)
        self.buttons.addWidget(self.save)
        self.save.clicked.connect(self._save)
        if row is not None:
            self.form["visit_type"].set_value(row.visit_type)
            self.form["amount"].set_value(row.amount)
            days.set_value(row.follow_up_days)
        self.form["valid_from"].set_value(today if row is None else max(row.valid_from, today))
        self._clean = self.form.draft()
        self.form["amount" if row is not None else "visit_type"].setFocus()
        screen.keep_typing(f"fee {doctor.id} {'new' if row is None else row.visit_type}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        now = self.form.draft()
        return None if now == self._clean else now

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self.save.run(
                self._screen.work, self, commands.set_fee, then=self._done, failed=self._refused, doctor_id=self._doctor.id, **values
            )

    def _done(self, _fee: object) -> None:
        self.accept()
        self._screen.desk.toast(_("Saved."), tone=Tone.GOOD)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._screen.work.refused.emit(error)


class EndFee(Dialog):
    """The last day of a fee."""

    def __init__(self, screen: Screen, row: FeeRow) -> None:
        super().__init__(screen, _("End the fee for {visit}").format(visit=wording.status(row.visit_type)), _meaning(row.visit_type))
        self._screen, self._row = screen, row
        self.form = Form(columns=1)
        self.form.add("last_day", _("Last day"), DateField(_("Last day"), today=screen.desk.today()), required=True)
        self.body.addWidget(self.form)
        if row.valid_from > screen.desk.today():
            self.body.addWidget(
                Label(_("It has not begun: a day before {day} takes it out.").format(day=date_text(row.valid_from)), wrap=True)
            )
        self.add_button(_("Cancel"), None, self.leave)
        self.end = BusyButton(_("End the fee"), icon_name="calendar-off")
        self.end.setDefault(True)
        self.buttons.addWidget(self.end)
        self.end.clicked.connect(self._end)
        self.form["last_day"].set_value(row.valid_to or screen.desk.today())
        self.form["last_day"].setFocus()

    def _end(self) -> None:
        values = self.form.values()
        if values is not None:
            self.end.run(
                self._screen.work,
                self,
                commands.end_fee,
                then=lambda _nothing: self.accept(),
                failed=lambda error: None if self.form.refuse(error) else self._screen.work.refused.emit(error),
                fee_id=self._row.id,
                last_day=values["last_day"],
            )


def _meaning(kind: FeeKind) -> str:
    if kind is FeeKind.OPD:
        return _("From then on the doctor's own fee applies. What is booked keeps its fee.")
    return _("From then on such a visit costs what a consultation costs. What is booked keeps its fee.")
