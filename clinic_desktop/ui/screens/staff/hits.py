"""The appointments that a leave hits, and the way to each of them."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import AheadRow, hit_by_leave
from clinic_desktop.clinic.staff.queries import LeaveRow
from clinic_desktop.clinic.staff.rules import NO_LEAVE, LeaveStatus
from clinic_desktop.kernel.formats import date_text, isolated, phone_text, time_text, weekday_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.rebooking import RebookDialog
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Button, Label


class HitsPanel(QWidget):
    """Enter or a double click opens the patient with that visit, where it can be moved or cancelled."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._leave: LeaveRow | None = None
        self.said = Label("", voice=Text.STRONG, wrap=True)
        self.table = TableView(_("Appointments that this leave hits"), _columns(), filterable=False, parent=self)
        self.table.setMinimumHeight(scaled(280))
        self.go = Button(_("Open the patient"), icon_name="arrow-right")
        self.rebook = Button(_("New times…"), icon_name="calendar-clock")
        self.table.tools.addWidget(self.rebook)
        self.table.tools.addWidget(self.go)
        self.go.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_8, 0, 0)
        column.setSpacing(GAP_4)
        column.addWidget(self.said)
        column.addWidget(self.table)
        self.table.selected.connect(lambda one: self.go.setEnabled(one is not None))
        self.table.activated.connect(self._open)
        self.rebook.clicked.connect(self._find_new_times)
        self.go.clicked.connect(lambda: self._open(self.table.current))
        self.hide()

    def show_leave(self, leave: LeaveRow | None) -> None:
        """Show what this leave hits; one that was rejected or taken back hits nothing."""
        self._leave = leave
        is_wanted = leave is not None and leave.status not in NO_LEAVE
        self.setVisible(is_wanted)
        is_decided = leave is not None and leave.status is LeaveStatus.APPROVED
        self.rebook.setVisible(is_decided and self._screen.desk.may(commands.move))
        if leave is not None and is_wanted:
            self._screen.work.read(
                self,
                hit_by_leave,
                latest="hits",
                then=self._show,
                doctor_id=leave.doctor_id,
                first_day=leave.first_day,
                last_day=leave.last_day,
                start=leave.start,
                end=leave.end,
            )

    def _show(self, rows: list[AheadRow]) -> None:
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        one, many = _("It hits no appointments."), ngettext("It hits {n} appointment:", "It hits {n} appointments:", len(rows))
        self.said.setText(many.format(n=len(rows)) if rows else one)
        self.said.set_tone("warn" if rows else "muted")

    def _find_new_times(self) -> None:
        if self._leave is not None:
            RebookDialog(self._screen, self._leave.doctor_id).open()

    def _open(self, row: AheadRow | None) -> None:
        if row is not None:
            self._screen.desk.open("patient", patient_id=row.patient_id, visit_id=row.visit_id)


def _moment(row: AheadRow) -> str:
    return f"{isolated(weekday_text(row.day))}, {isolated(time_text(row.start))}"


def _when(row: AheadRow) -> tuple[date, time]:
    return row.day, row.start


def _columns() -> list[Column]:
    return [
        Column(_("When"), _moment, width=144, tooltip=lambda one: date_text(one.day, weekday=True), sort_key=_when),
        Column(_("Patient"), lambda one: one.patient_name, width=0),
        Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=124, export=lambda one: one.patient_phone or ""),
        Column(_("Clinic"), lambda one: one.clinic_name, width=120, hidden=True),
    ]
