"""Which doctors and which appointments are shown, and the dialogs that choose them or a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.clinic.frontdesk.rules import FREED, OPEN_VISITS, AppointmentStatus, VisitStatus
from clinic_desktop.clinic.staff.queries import DoctorRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_24
from clinic_desktop.ui.widgets import DateField, Dialog, Form, scrolled
from clinic_desktop.ui.widgets.text import literal

KINDS = ("standing", "to_confirm", "confirmed", "here", "done", "freed")


def kind_text(kind: str) -> str:
    """A choice of appointments in words."""
    return {
        "standing": _("All but cancelled"),
        "to_confirm": _("To confirm"),
        "confirmed": _("Confirmed"),
        "here": _("Here now"),
        "done": _("Done"),
        "freed": _("Cancelled and missed"),
    }[kind]


def is_of_kind(row: PlannedRow, kind: str) -> bool:
    """Whether a choice of appointments holds one."""
    if row.status in FREED or kind == "freed":
        return row.status in FREED and kind == "freed"
    if kind == "here":
        return row.visit_status in OPEN_VISITS
    if kind == "done":
        return row.visit_status in (VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)
    if kind == "standing":
        return True
    wanted = AppointmentStatus.PENDING if kind == "to_confirm" else AppointmentStatus.CONFIRMED
    return row.status is wanted


def says(row: PlannedRow, text: str) -> bool:
    """Whether what is looked for stands in an appointment: in name, numbers, phone, service or reason."""
    there = (row.patient_name, row.patient_number, row.patient_phone, row.booking_id, row.service_name, row.reason)
    return all(any(word in (one or "").casefold() for one in there) for word in text.casefold().split())


@dataclass(slots=True)
class Filters:
    """What is left out of the calendar."""

    hidden: set[UUID] = field(default_factory=set)
    kind: str = "standing"
    text: str = ""

    def rows(self, rows: Iterable[PlannedRow]) -> list[PlannedRow]:
        """The appointments that are shown."""
        return [row for row in rows if is_of_kind(row, self.kind)]

    def faint(self, rows: Iterable[PlannedRow]) -> frozenset[UUID]:
        """Those of them that are not looked for."""
        return frozenset(row.id for row in rows if not says(row, self.text)) if self.text else frozenset()


class DoctorsDialog(Dialog):
    """Chooses whose columns are shown, one by one or a whole specialty; ``then(hidden)`` follows."""

    def __init__(self, parent: QWidget, everyone: Sequence[DoctorRow], hidden: set[UUID], then: Callable[[set[UUID]], object]) -> None:
        super().__init__(parent, _("Doctors shown"), _("Remembered for you on this computer."))
        self._then = then
        self.boxes: dict[UUID, QCheckBox] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_4)
        by_specialty: dict[str, list[DoctorRow]] = {}
        for one in everyone:
            by_specialty.setdefault(one.specialty, []).append(one)
        for specialty in sorted(by_specialty):
            whole = QCheckBox(literal(specialty))
            whole.setFont(font(Text.STRONG))
            whole.setChecked(all(one.id not in hidden for one in by_specialty[specialty]))
            column.addWidget(whole)
            for one in by_specialty[specialty]:
                box = QCheckBox(literal(one.full_name))
                box.setChecked(one.id not in hidden)
                whole.clicked.connect(box.setChecked)
                self.boxes[one.id] = box
                below = QHBoxLayout()
                below.setContentsMargins(GAP_24, 0, GAP_24, 0)
                below.addWidget(box)
                column.addLayout(below)
        column.addStretch(1)
        area = scrolled(inside)
        area.setMinimumHeight(min(scaled(30) * (len(everyone) + len(by_specialty)), scaled(360)))
        self.body.addWidget(area)
        self.add_button(_("All"), None, self._all)
        self.shown = self.add_button(_("Show these"), "primary", self._take, default=True)

    def _all(self) -> None:
        for box in self.boxes.values():
            box.setChecked(True)

    def _take(self) -> None:
        hidden = {doctor_id for doctor_id, box in self.boxes.items() if not box.isChecked()}
        self.accept()
        # Nobody at all would be an empty calendar, which nobody means.
        self._then(set() if len(hidden) == len(self.boxes) else hidden)


class GoToDialog(Dialog):
    """Asks for a day; ``then(day)`` follows."""

    def __init__(self, parent: QWidget, desk: Desk, day: date, then: Callable[[date], object]) -> None:
        super().__init__(parent, _("Go to a day"))
        self._then = then
        self.form = Form()
        self.form.add("day", _("Date"), DateField("", today=desk.today()), required=True)
        self.form["day"].set_value(day)
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.reject)
        self.add_button(_("Go"), "primary", self._take, default=True)
        self.form["day"].setFocus()
        self.form["day"].selectAll()

    def _take(self) -> None:
        values = self.form.values()
        if values is not None:
            self.accept()
            self._then(values["day"])
