"""Finding another patient than the one whose file is open: search, Down, Enter."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal

from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow, search
from clinic_desktop.kernel.formats import phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import age
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import BusyButton, Dialog, SearchBox

_MOST, _PAUSE_MS, _HEIGHT = 20, 150, 260


class OtherPatientDialog(Dialog):
    """``chosen(PatientHit)``; the patient of the open file is not among those found."""

    chosen = Signal(object)

    def __init__(self, screen: Screen, patient: PatientRow, title: str, told: str, *, sought: str, go: str, begun: str = "") -> None:
        super().__init__(screen, title, told, width=640)
        self._screen, self._patient = screen, patient
        self.box = SearchBox(sought, placeholder=_("Name, phone, number or birth date"))
        self.table = TableView(_("Found"), self._columns(), empty=_("Type a name, a number or a phone."), filterable=False, parent=self)
        self.table.setMinimumHeight(scaled(_HEIGHT))
        self.body.addWidget(self.box)
        self.body.addWidget(self.table, 1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.box.textChanged.connect(lambda _text: self._pause.start())
        self.box.chosen.connect(self._choose)
        self.box.down.connect(self.table.grid.setFocus)
        self.table.activated.connect(lambda _row: self._choose())
        self.add_button(_("Cancel"), None, self.reject).setAutoDefault(False)
        self.go = BusyButton(go, parent=self)
        self.go.clicked.connect(self._choose)
        self.buttons.addWidget(self.go)
        self.table.selected.connect(lambda one: self.go.setEnabled(one is not None))
        self.go.setEnabled(False)
        self.box.setFocus()
        self.box.setText(begun)

    def _columns(self) -> list[Column]:
        today = self._screen.desk.today()
        return [
            Column(_("Number"), lambda one: one.patient_number, width=140),
            Column(_("Name"), lambda one: one.full_name, width=0),
            Column(_("Age"), lambda one: age(one, today), width=90),
            Column(_("Phone"), lambda one: phone_text(one.phone), width=140),
        ]

    def _search(self) -> None:
        self._screen.work.read(self, search, latest="others", then=self._found, text=self.box.text(), limit=_MOST)

    def _found(self, hits: list[PatientHit]) -> None:
        self.table.set_rows([one for one in hits if one.id != self._patient.id])
        self.table.set_empty(_("Nobody else is found by this.") if self.box.text().strip() else _("Type a name, a number or a phone."))
        self.table.select_first()

    def _choose(self) -> None:
        if self.table.current is not None:
            self.chosen.emit(self.table.current)
