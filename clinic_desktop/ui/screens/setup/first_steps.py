"""What is left to do after the set-up: each step says what it is for, whether it is done, and goes there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_desktop.clinic.access.events import UserChanged, UserCreated
from clinic_desktop.clinic.organisation.events import SettingChanged, WorkstationAdded, WorkstationChanged
from clinic_desktop.clinic.staff.events import DoctorChanged, DoctorRegistered, ScheduleChanged, ServiceAdded, ServicesImported
from clinic_desktop.clinic.stock.events import ItemSaved, ItemsImported
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.setup.reading import Progress, progress
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12
from clinic_desktop.ui.widgets import Button, Card, Label, Page, scrolled

_WATCHED = (
    UserCreated,
    UserChanged,
    SettingChanged,
    WorkstationAdded,
    WorkstationChanged,
    DoctorRegistered,
    DoctorChanged,
    ScheduleChanged,
    ServiceAdded,
    ServicesImported,
    ItemSaved,
    ItemsImported,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: where, what it is called and good for, and whether it is done."""

    screen: str
    title: str
    text: str
    is_done: bool


def steps(found: Progress, *, is_placed: bool) -> list[Step]:
    """The steps in the order in which each makes the next one easy."""
    return [
        Step("services", _("Services and prices"), _("What the clinic does, and what it costs."), found.services > 0),
        Step("users", _("People"), _("Everybody who works here gets an own account."), found.users > 1),
        Step("doctors", _("Doctors"), _("Specialty, fees and share of each doctor."), found.doctors > 0),
        Step("schedules", _("Schedules"), _("When each doctor sees patients: appointments are booked by it."), found.schedules > 0),
        Step("medicines_list", _("Medicines"), _("For prescriptions and the pharmacy; a list can be imported."), found.medicines > 0),
        Step(
            "workstations",
            _("Workstations"),
            _("Name this computer: queue, till and printers belong to a place."),
            found.workstations > 0 and is_placed,
        ),
        Step(
            "backups",
            _("Backups"),
            _("They are made by themselves. Choose a folder on another disk, so that a broken one takes nothing along."),
            found.backup_elsewhere,
        ),
    ]


class StepRow(QWidget):
    """One step, with a button that goes there."""

    def __init__(self, step: Step, parent: QWidget) -> None:
        super().__init__(parent)
        self.step = step
        picture = QLabel(self)  # picture only
        name, colour = ("circle-check", "accent") if step.is_done else ("circle", "muted")
        picture.setPixmap(pixmap(name, colour, size=20, ratio=self.devicePixelRatioF()))
        self.button = Button(_("Look") if step.is_done else _("Do this"), role="quiet" if step.is_done else None, parent=self)
        self.button.setAccessibleName(f"{self.button.text()}: {step.title}")
        self.button.setMinimumWidth(scaled(110))
        words = QVBoxLayout()
        words.setSpacing(GAP_4)
        words.addWidget(Label(step.title, self, voice=Text.STRONG))
        words.addWidget(Label(step.text, self, tone="muted", wrap=True))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, GAP_4, 0, GAP_4)
        across.setSpacing(GAP_12)
        across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        across.addWidget(self.button)
        self.setAccessibleName(f"{step.title}: {_('done') if step.is_done else _('to do')}")


class FirstStepsScreen(Screen):
    """A list of steps; the badge counts what is left."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.page = Page(self, _("First steps"))
        self._card = Card()
        self._card.setMaximumWidth(scaled(860))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card)
        column.addStretch(1)
        scrolled(inside, self.page.body, 1)
        self.rows: list[StepRow] = []
        self.watch(*_WATCHED)

    def refresh(self) -> None:
        """Count again."""
        place = self.desk.place
        self.work.read(self, progress, latest="progress", then=self._show, clinic_id=place.clinic_id, workstation_id=place.workstation_id)

    def _show(self, found: Progress) -> None:
        likes = self.desk.preferences
        wanted = steps(found, is_placed=likes is not None and likes.workstation_id is not None)
        if wanted != [one.step for one in self.rows]:
            self._make(wanted)
        left = sum(not one.is_done for one in wanted)
        self.desk.badge("first_steps", left)
        done = _("{done} of {all} done").format(done=len(wanted) - left, all=len(wanted))
        self.page.subtitle.setText(done if left else _("Everything is ready."))

    def _make(self, wanted: list[Step]) -> None:
        focused = next((row.step.screen for row in self.rows if row.button.hasFocus()), None)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for step in wanted:
            row = StepRow(step, self._card)
            row.button.clicked.connect(lambda _checked, code=step.screen: self.desk.open(code))
            self._card.body.addWidget(row)
            row.show()
            self.rows.append(row)
            if step.screen == focused:
                row.button.setFocus()
        following = next((row for row in self.rows if not row.step.is_done), self.rows[0])
        begin_at(self, following.button)
