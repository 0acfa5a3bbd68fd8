"""The reception's home: the day at a glance, patients found as one types, and a scanned card one Enter from checked in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.events import ConsentSigned, ConsentWithdrawn, PatientChanged
from clinic_desktop.clinic.patients.queries import PatientHit
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.card_warning import heeded
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.numbers import is_card, is_of
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.board import DayBoard
from clinic_desktop.ui.screens.reception.figures import UNSIGNED, Figures
from clinic_desktop.ui.screens.reception.hits import PatientHits
from clinic_desktop.ui.screens.reception.patient_file import PatientFileView
from clinic_desktop.ui.screens.reception.patient_screen import VISIT_EVENTS
from clinic_desktop.ui.screens.reception.reading import PatientFile, Scanned, Today, patient_file, scanned, today_at_desk
from clinic_desktop.ui.screens.reception.todos import TodoStrip
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.reception.words import now_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Page, SearchBox, keep_if, keyed


class ReceptionScreen(Screen):
    """Three pages under one search box: the board, who was found, and a patient's file."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.search = SearchBox(_("Find a patient"), placeholder=_("Name, phone, number or birth date"))
        self.search.setMinimumWidth(scaled(360))
        self.register = Button(_("Register"), icon_name="user-plus", role="primary")
        self.pages = QStackedWidget(self)
        self.board = DayBoard(self, self.pages)
        self.hits = PatientHits(self, self.search, self.pages)
        self.arrive = BusyButton(_("Check in"), icon_name="user-check", role=None)
        self.file = PatientFileView(self, self.pages)
        self.figures = Figures(self)
        self.stats = self.figures.figures
        self.todos = TodoStrip(self)
        self._enters_list = False
        self._lay_out()
        self._wire()
        self.watch(*VISIT_EVENTS, PatientChanged, ConsentSigned, ConsentWithdrawn)
        begin_at(self, self.search)

    def _lay_out(self) -> None:
        page = Page(self, _("Reception"), actions=[self.search, self.register])
        for widget in (self.board, self.hits, self.file):
            self.pages.addWidget(widget)
        page.body.addWidget(self.figures)
        page.body.addWidget(self.todos)
        page.body.addWidget(self.pages, 1)

    def _wire(self) -> None:
        keyed(self.register, "F2")
        keep_if(self.register, self.desk.may(patients.register_patient))
        self.register.clicked.connect(lambda: self._register(self.search.text().strip()))
        self.figures.chosen.connect(self._show_only)
        self.board.opened.connect(self._open_row)
        self.board.acts.walk_in_wanted.connect(self._walk_in_again)
        self.hits.searching.connect(lambda is_on: self.pages.setCurrentWidget(self.hits if is_on else self.board))
        self.hits.chosen.connect(self._open_hit)
        self.hits.register_wanted.connect(self._register)
        for button, keys, command, action in (
            (self.arrive, "F4", frontdesk.check_in, self._look_for_appointment),
            (Button(_("Walk-in"), icon_name="ticket"), "F6", frontdesk.walk_in, self._walk_in),
            (Button(_("Book"), icon_name="calendar-plus"), "F7", frontdesk.book, self._book),
        ):
            keyed(button, keys)
            keep_if(button, self.desk.may(command))
            self.hits.add_action(button, action)
        self.file.closed.connect(self._show_board)
        self.file.checked_in.connect(self._checked_in)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setWhatsThis(_("Find a patient"))
        find.activated.connect(self._show_board)

    # What the shell does with it

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self.pages.currentWidget() is not self.file:
            self.search.setFocus()

    def refresh(self) -> None:
        """Read the day again, and the file that is open."""
        day, figure = self.desk.today(), self.board.figure
        self.work.read(self, today_at_desk, latest="today", then=self._show, clinic_id=self.desk.clinic_id, day=day, figure=figure)
        if self.pages.currentWidget() is self.file:
            self.file.reload()
        self.todos.count()

    def open(self, *, patient_id: UUID | None = None, visit_id: UUID | None = None, figure: str = "", **_what: Any) -> None:
        """Show a patient's file, ready for Enter; or the patients behind a figure, and once more all of them."""
        if figure:
            self.figures.choose("" if figure == UNSIGNED == self.board.figure else figure)
        if patient_id is not None:
            self._open_file(patient_id, visit_id)

    def scanned(self, code: str) -> bool:
        """A card, a booking or a queue token opens its patient here, with the check-in under the Enter key."""
        if not is_card(code) and not is_of(code, "appointment", "queue"):
            return False
        self.work.read(self, scanned, latest="scan", then=lambda found: self._scanned(code, found), code=code, today=self.desk.today())
        return True

    def _scanned(self, code: str, found: Scanned | None) -> None:
        if found is None:
            self.desk.toast(_("Nothing belongs to {code}.").format(code=code), tone=Tone.WARN)
        else:
            heeded(self, found.warning, lambda: self._open_file(found.patient_id, found.visit_id))

    # Pages

    def _show(self, today: Today) -> None:
        self.board.show_visits(today.visits, today.owed, today.unsigned)
        self.figures.show_counts(today.counts)
        if self._enters_list:
            self._enter_list()

    def _show_only(self, figure: str) -> None:
        """The visits behind a figure, with the keyboard in their list; all of them when none is pressed."""
        self._show_board()
        self.board.show_only(figure)
        self.todos.mark(self.board.figure)
        self._enters_list = bool(figure)
        if figure == UNSIGNED:
            self.refresh()  # who that is, is read with the day
        elif figure:
            self._enter_list()

    def _enter_list(self) -> None:
        self._enters_list = False
        if self.board.table.rows:
            self.board.table.select_first()
            self.board.table.grid.setFocus()

    def _open_file(self, patient_id: UUID, visit_id: UUID | None = None) -> None:
        self.search.clear()
        self.pages.setCurrentWidget(self.file)
        self.file.load(patient_id, visit_id, offering=True)

    def _open_row(self, visit: VisitRow) -> None:
        self._open_file(visit.patient_id, visit.visit_id)

    def _open_hit(self, hit: PatientHit) -> None:
        self._open_file(hit.id)

    def _show_board(self) -> None:
        self.search.clear()
        self.pages.setCurrentWidget(self.board)
        self.search.setFocus()

    def _checked_in(self, visit_id: UUID) -> None:
        self._show_board()
        self.board.select(visit_id)

    # What the keys do

    def _look_for_appointment(self, hit: PatientHit) -> None:
        self.work.read(self, patient_file, latest="arriving", then=self._arrive, patient_id=hit.id, today=self.desk.today())

    def _arrive(self, file: PatientFile) -> None:
        """Check in whoever was found, for today's appointment; where there are several, the file has them."""
        today = self.desk.today()
        due = file.due(today)
        if len(due) > 1:
            self._open_file(file.patient.id)
        elif due:
            self.arrive.run(self.work, self, frontdesk.check_in, visit_id=due[0].visit_id, then=lambda row: self._arrived(due[0], row))
        else:
            why = now_text(file, None, None, today=today, timezone=self.desk.place.timezone)
            self.desk.toast(_("{name}: {what}").format(name=file.patient.full_name, what=why), tone=Tone.WARN)

    def _arrived(self, visit: VisitRow, arrival: ArrivalRow) -> None:
        self.board.acts.tell_arrived(visit, arrival)
        self._checked_in(visit.visit_id)

    def _register(self, text: str) -> None:
        self.search.clear()
        self.desk.open("registration", text=text)

    def _walk_in_again(self, visit: VisitRow) -> None:
        dialog = WalkInDialog(self, visit.patient_id, visit.patient_name)
        dialog.added.connect(self._checked_in)
        dialog.open()

    def _walk_in(self, hit: PatientHit) -> None:
        dialog = WalkInDialog(self, hit.id, hit.full_name)
        dialog.added.connect(self._checked_in)
        dialog.open()

    def _book(self, hit: PatientHit) -> None:
        self.desk.open("booking", patient_id=hit.id)
