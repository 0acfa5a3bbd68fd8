"""Patients as one types: a search box somewhere on the screen, and the list that answers it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import PatientHit
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import age, keep_if, keyed, phone_text
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets import Button, SearchBox

_MOST = 30


class PatientHits(QWidget):
    """The answer to a search box: ``chosen(PatientHit)``, or ``register_wanted(text)`` when it is somebody new."""

    chosen = Signal(object)
    register_wanted = Signal(str)
    searching = Signal(bool)
    """Whether there is something in the box, so that the screen makes room for the answer."""

    def __init__(self, screen: Screen, box: SearchBox, *, compact: bool = False, may_register: bool = True) -> None:
        super().__init__(screen)
        self._screen, self._box = screen, box
        self._answered_for, self._takes_first = "", False
        self.table = TableView(
            _("Patients found"), _columns(screen, compact), empty=_("Nobody found."), empty_icon="search", filterable=False
        )
        self.table.activated.connect(self.chosen)
        self.register = Button(_("Register a new patient"), icon_name="user-plus")
        self.register.clicked.connect(lambda: self.register_wanted.emit(self._box.text().strip()))
        self._may_register = may_register and screen.desk.may(commands.register_patient)
        keep_if(self.register, self._may_register)
        self.foot = QHBoxLayout()
        """Room for what the screen can do with the selected patient."""
        self.foot.setSpacing(GAP_8)
        self.foot.addWidget(self.register)
        self.foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 1)
        column.addLayout(self.foot)
        self._pause = QTimer(self, singleShot=True, interval=15)
        self._pause.timeout.connect(self._ask)
        box.textChanged.connect(self._typed)
        box.down.connect(self._enter_list)
        box.chosen.connect(self._choose)

    @property
    def current(self) -> PatientHit | None:
        """The selected patient."""
        found: PatientHit | None = self.table.current
        return found

    def key_register(self, keys: str) -> None:
        """Give the button for a new patient its key."""
        keyed(self.register, keys)

    def forget(self) -> None:
        """Empty the box and the list."""
        self._box.clear()

    def _typed(self, text: str) -> None:
        self._takes_first = False
        self.searching.emit(bool(text.strip()))
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._answered_for = ""
            self.table.set_rows([])

    def _ask(self) -> None:
        text = self._box.text().strip()
        self._screen.work.read(self, queries.search, latest="hits", then=lambda found: self._show(text, found), text=text, limit=_MOST)

    def _show(self, text: str, found: list[PatientHit]) -> None:
        if text != self._box.text().strip():
            return
        self._answered_for = text
        self.table.set_rows(found)
        self.table.select_first()
        self.table.set_empty(self._nobody(text))
        self.register.setText(_("Register “{text}”").format(text=text))
        if self._takes_first:
            self._choose()

    def _nobody(self, text: str) -> str:
        if self._may_register:
            return _("Nobody found for “{text}”. Press Enter to register a new patient.").format(text=text)
        return _("Nobody found for “{text}”.").format(text=text)

    def _choose(self) -> None:
        """Enter in the box: the first hit, or registration when there is none; waits for an answer that is under way."""
        text = self._box.text().strip()
        if not text:
            return
        if self._answered_for != text:
            self._takes_first = True
            return
        self._takes_first = False
        if self.current is not None:
            self.chosen.emit(self.current)
        elif self._may_register:
            self.register_wanted.emit(text)

    def _enter_list(self) -> None:
        if self.table.rows:
            self.table.grid.setFocus()
            self.table.select_first()


def _columns(screen: Screen, compact: bool) -> list[Column]:
    today = screen.desk.today()
    name = Column(_("Name"), lambda hit: hit.full_name, width=0, tooltip=lambda hit: hit.full_name)
    number = Column(_("Number"), lambda hit: hit.patient_number, width=150)
    if compact:
        return [name, number]
    return [
        name,
        number,
        Column(_("Age"), lambda hit: age(hit, today), width=120),
        Column(_("Sex"), lambda hit: wording.status(hit.gender), width=100),
        Column(_("Phone"), lambda hit: phone_text(hit.phone), width=160, export=lambda hit: hit.phone or ""),
        Column(_("Allergies"), lambda hit: hit.allergies or "", width=180, tooltip=lambda hit: hit.allergies or ""),
    ]
