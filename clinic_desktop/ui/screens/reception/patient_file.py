"""One patient as a desk needs them: who it is, what is planned, what was, what is owed, and what to do now."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.events import ConsentSigned, ConsentWithdrawn
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cards.printing import print_card
from clinic_desktop.ui.screens.reception.acts import arrival_text
from clinic_desktop.ui.screens.reception.aliases import Aliases
from clinic_desktop.ui.screens.reception.file_menu import FileMenu
from clinic_desktop.ui.screens.reception.file_tabs import FileTabs
from clinic_desktop.ui.screens.reception.file_visits import FileVisits
from clinic_desktop.ui.screens.reception.missing import MissingConsents
from clinic_desktop.ui.screens.reception.proving import Contacts
from clinic_desktop.ui.screens.reception.reading import PatientFile, patient_file
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.reception.words import banner_of, now_text, owed_text
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, ElidedLabel, PatientBanner, keep_if, keyed, row


class PatientFileView(QWidget):
    """The file of one patient; ``checked_in(visit_id)`` after an arrival, ``closed`` by Esc."""

    checked_in = Signal(object)
    closed = Signal()

    def __init__(self, screen: Screen, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent or screen)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self.file: PatientFile | None = None
        self.due: VisitRow | None = None
        self.shown: UUID | None = None
        """Whose file this is, from when it is asked for."""
        self._asked: tuple[UUID | None, bool] | None = None
        self.banner = PatientBanner()
        self.contacts, self.aliases = Contacts(screen), Aliases()
        self.now = ElidedLabel()
        self.check_in = BusyButton(_("Check in"), icon_name="user-check")
        self.walk_in = Button(_("Walk-in"), icon_name="ticket")
        self.book = Button(_("Book"), icon_name="calendar-plus")
        self.card = BusyButton(_("ID card"), icon_name="id-card", role=None)
        self.edit = Button(_("Edit"), icon_name="pencil")
        self.more = FileMenu(screen, lambda: self.file.patient if self.file else None, self)
        self.close_button = Button(_("Close"), icon_name="x", role="quiet")
        self.visits = FileVisits(self._desk.place.timezone)  # its place for Tab is that of the tabs
        self.owed = ElidedLabel(tone="bad")
        self.consents = MissingConsents(self._open_consents)
        self._lay_out(closable)
        self._wire(closable)

    # What the screen does with it

    def load(self, patient_id: UUID, visit_id: UUID | None = None, *, offering: bool = False) -> None:
        """Show a patient; ``offering`` puts the focus on what is to be done now: Enter does it."""
        if self.file is None or self.file.patient.id != patient_id:
            self._forget()
        self.shown, self._asked = patient_id, (visit_id, offering)
        self._work.read(
            self,
            patient_file,
            latest="file",
            then=lambda file: self._show(file, visit_id, offering),
            patient_id=patient_id,
            today=self._desk.today(),
            clinic_id=self._desk.clinic_id,
        )

    def reload(self) -> None:
        """Read the shown patient again."""
        if self.file is not None:
            # What is heard while it is being read reads once more, for the same purpose.
            visit_id, offering = self._asked or (self.due.visit_id if self.due else None, False)
            self.load(self.file.patient.id, visit_id, offering=offering)

    def _forget(self) -> None:
        """Nothing of the former patient may stand there, or be pressed, while the next one is read."""
        self.file = self.due = None
        self.banner.show_patient(None)
        self.contacts.show_patient(None)
        self.aliases.show_records(())
        self.now.setText("")
        self.consents.show_missing(())
        self.visits.show_visits([], [])
        self.owed.setText("")
        self.tabs.show_patient(None)

    # How it is built

    def _lay_out(self, closable: bool) -> None:
        keep_if(self.close_button, closable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.banner)
        facts, told = QVBoxLayout(), QHBoxLayout()
        column.addLayout(facts)
        facts.setSpacing(GAP_4)
        facts.addWidget(self.aliases)
        facts.addWidget(self.contacts)
        facts.addLayout(told)
        told.addWidget(self.now, 1)
        told.addWidget(self.owed)
        told.addWidget(self.consents)
        column.addLayout(row(self.check_in, self.walk_in, self.book, self.card, self.edit, self.more, self.close_button, stretch_at=6))
        self.tabs = FileTabs(self._screen, self.visits, self)  # here: Tab goes through what was put in first
        column.addWidget(self.tabs, 1)

    def _wire(self, closable: bool) -> None:
        for button, command, keys, action in (
            (self.check_in, frontdesk.check_in, "F4", self._check_in),
            (self.walk_in, frontdesk.walk_in, "F6", self._walk_in),
            (self.book, frontdesk.book, "F7", self._book),
            (self.card, patients.issue_id_card, "F8", self._id_card),
            (self.edit, patients.edit_patient, "F3", self._edit),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
            keep_if(button, self._desk.may(command))
        self.contacts.proved.connect(self.reload)
        self._work.on(self, ConsentSigned, ConsentWithdrawn, then=lambda _events: self.reload())
        keep_if(self.more, bool(self.more.specs))
        self.check_in.hide()
        for button in (self.walk_in, self.book, self.card, self.edit, self.more):
            button.setEnabled(False)
        self.now.setText(_("Find a patient with Ctrl+K, or scan a card."))
        if closable:
            keyed(self.close_button, "Esc")
            self.close_button.clicked.connect(self.closed)

    def _show(self, file: PatientFile, visit_id: UUID | None, offering: bool) -> None:
        today = self._desk.today()
        self._desk.record_read("patients", file.patient.id, What.FILE)
        self.file, self.due, self._asked = file, file.expected(today, visit_id), None
        self.banner.show_patient(banner_of(file.patient, today, same_name=file.same_name))
        self.contacts.show_patient(file.patient, file.contacts, file.numbers)
        self._desk.photo_of(self, file.patient, partial(self._show_photo, file.patient.id))
        self.consents.show_missing(file.missing_consents)
        self.aliases.show_records(file.merged)
        self.now.setText(now_text(file, self.due, visit_id, today=today, timezone=self._desk.place.timezone))
        self.visits.show_visits(file.upcoming, file.past)
        self.owed.setText(owed_text(file, self._desk.place.currency))
        self.tabs.show_patient(file.patient)
        self._offer(file, offering)

    def _show_photo(self, patient_id: UUID, photo: bytes | None) -> None:
        if self.file is not None and self.file.patient.id == patient_id:
            self.banner.show_photo(photo)

    def _offer(self, file: PatientFile, offering: bool) -> None:
        is_active = file.patient.status is PatientStatus.ACTIVE
        is_here = file.here(self._desk.today()) is not None
        self.check_in.setVisible(self.due is not None and self._desk.may(frontdesk.check_in))
        for button in (self.walk_in, self.book, self.card, self.edit):
            button.setEnabled(is_active)
        self.more.setEnabled(True)
        if offering:
            first = self.check_in if self.due is not None else self.book if is_here else self.walk_in
            first.setFocus()

    # What the keys do

    def _check_in(self) -> None:
        visit = self.due
        if visit is not None:
            self.check_in.run(
                self._work, self, frontdesk.check_in, visit_id=visit.visit_id, then=lambda arrival: self._arrived(visit, arrival)
            )

    def _arrived(self, visit: VisitRow, arrival: ArrivalRow) -> None:
        self._desk.toast(arrival_text(visit.patient_name, arrival), tone=Tone.GOOD)
        self.reload()
        self.checked_in.emit(visit.visit_id)

    def _walk_in(self) -> None:
        if self.file is not None:
            dialog = WalkInDialog(self._screen, self.file.patient.id, self.file.patient.full_name)
            dialog.added.connect(self.checked_in)
            dialog.open()

    def _book(self) -> None:
        if self.file is not None:
            self._desk.open("booking", patient_id=self.file.patient.id)

    def _edit(self) -> None:
        if self.file is not None:
            self._desk.open("registration", patient_id=self.file.patient.id)

    def _open_consents(self) -> None:
        self.tabs.open_part("consents")

    def _id_card(self) -> None:
        if self.file is not None:
            print_card(self._screen, self.card, self.file.patient.id)
