"""Patients as one types: a search box somewhere on the screen, and the list that answers it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import PatientHit
from clinic_desktop.kernel.formats import phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import age
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets import Button, Label, SearchBox, keep_if, keyed

_MOST = 30


class PatientHits(QWidget):
    """The answer to a search box: ``chosen(PatientHit)``, or ``register_wanted(text)`` when it is somebody new."""

    chosen = Signal(object)
    register_wanted = Signal(str)
    searching = Signal(bool)
    """Whether there is something in the box, so that the screen makes room for the answer."""

    def __init__(
        self, screen: Screen, box: SearchBox, parent: QWidget | None = None, *, compact: bool = False, may_register: bool = True
    ) -> None:
        super().__init__(parent or screen)
        self._screen, self._box = screen, box
        self._answered_for = ""
        self._then: Callable[[], object] | None = None
        self._actions: list[Button] = []
        self.table = TableView(
            _("Patients found"), _columns(screen, compact), empty=_("Nobody found."), empty_icon="search", filterable=False
        )
        self.similar = Label(tone="warn", wrap=True)
        self.similar.hide()
        self.table.activated.connect(self.chosen)
        self.table.selected.connect(lambda _hit: self._offer())
        self.table.grid.typed.connect(self._type_on)
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
        column.addWidget(self.similar)
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

    def add_action(self, button: Button, action: Callable[[PatientHit], object]) -> None:
        """Add what can be done with the selected patient. Pressed while the search is under way, it is about whom that finds."""

        def act() -> None:
            if self.current is not None:
                action(self.current)

        button.clicked.connect(lambda: self._when_answered(act))
        self._actions.append(button)
        self.foot.addWidget(button)
        self._offer()

    def key_register(self, keys: str) -> None:
        """Give the button for a new patient its key."""
        keyed(self.register, keys)

    def forget(self) -> None:
        """Empty the box and the list."""
        self._box.clear()

    def _typed(self, text: str) -> None:
        self._answered_for, self._then = "", None
        self.searching.emit(bool(text.strip()))
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.table.set_rows([])
            self.similar.hide()
        self._offer()

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
        self._tell_similar(text, found)
        self.register.setText(_("Register “{text}”").format(text=text))
        self._offer()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _tell_similar(self, text: str, found: list[PatientHit]) -> None:
        """Say from where on the names are spelt otherwise than what was typed."""
        exact = sum(not hit.is_similar for hit in found)
        if not exact:
            self.similar.setText(_("Nobody is called exactly “{text}”. These names are similar:").format(text=text))
        else:
            self.similar.setText(_("Names that are only similar stand below those that match."))
        self.similar.setVisible(exact < len(found))

    def _nobody(self, text: str) -> str:
        if self._may_register:
            return _("Nobody found for “{text}”. Press Enter to register a new patient.").format(text=text)
        return _("Nobody found for “{text}”.").format(text=text)

    def _choose(self) -> None:
        """Enter in the box: the first hit, or registration when there is none."""
        if self._box.text().strip():
            self._when_answered(self._take)

    def _take(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)
        elif self._may_register:
            self.register_wanted.emit(self._box.text().strip())

    @property
    def _is_asking(self) -> bool:
        """Whether the list does not answer what stands in the box yet."""
        return self._box.text().strip() not in ("", self._answered_for)

    def _when_answered(self, then: Callable[[], object]) -> None:
        """Act on what is typed, never on the answer to something else: now, or when the search has found it."""
        if self._is_asking:
            self._then = then
        else:
            then()

    def _offer(self) -> None:
        for button in self._actions:
            button.setEnabled(self._is_asking or self.current is not None)

    def _enter_list(self) -> None:
        if self.table.rows:
            self.table.grid.setFocus()
            self.table.select_first()

    def _type_on(self, text: str) -> None:
        self._box.setFocus()
        self._box.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self._box.setFocus()
            self._box.clear()
        else:
            super().keyPressEvent(event)


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
