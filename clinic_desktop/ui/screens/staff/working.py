"""When one doctor works, in a few words, and the way to the week."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.staff.queries import DoctorRow, ScheduleRow, schedules
from clinic_desktop.kernel.formats import day_name, isolated, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Button, Label, directed, row


class HoursPanel(QWidget):
    """The weekly hours of the doctor in the form."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._doctor: DoctorRow | None = None
        self.week = Button(_("Weekly hours…"), icon_name="calendar-clock")
        self.said = Label(wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_8, 0, 0)
        column.setSpacing(GAP_4)
        column.addLayout(row(Label(_("Weekly hours"), voice=Text.STRONG), self.week, stretch_at=1))
        column.addWidget(self.said)
        self.week.clicked.connect(self._go)

    def show_doctor(self, doctor: DoctorRow | None) -> None:
        """Show the hours of this doctor."""
        self._doctor = doctor
        if doctor is not None:
            self.said.setText("")
            then = partial(self._show, self._screen.desk.today())
            self._screen.work.read(self, schedules, latest="hours", then=then, doctor_id=doctor.id)

    def _show(self, today: date, rows: list[ScheduleRow]) -> None:
        self.said.setText("\n".join(map(directed, _lines(today, rows))) or _("None: this doctor cannot be booked yet."))

    def _go(self) -> None:
        if self._doctor is not None:
            self._screen.desk.open("schedules", doctor_id=self._doctor.id)


def _lines(today: date, rows: list[ScheduleRow]) -> list[str]:
    """One line a weekday, of the hours that have not ended."""
    lines: dict[int, list[str]] = {}
    for one in rows:
        if one.valid_to is None or one.valid_to >= today:
            lines.setdefault(one.weekday, []).append(isolated(f"{time_text(one.start)}–{time_text(one.end)}"))
    return [f"{day_name(weekday)}  {', '.join(spans)}" for weekday, spans in sorted(lines.items())]
