"""Reconcile: what sites did at once, both versions side by side; what could not be taken in; who may be the same person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.events import DuplicateDismissed, PatientChanged
from clinic_desktop.clinic.reconciling.events import ConflictDecided, ConflictFound, ParkedChanged
from clinic_desktop.clinic.reconciling.queries import ConflictRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reconcile import words as say
from clinic_desktop.ui.screens.reconcile.detail import DetailView
from clinic_desktop.ui.screens.reconcile.panels import AlikePanel, AsidePanel
from clinic_desktop.ui.screens.reconcile.reading import Everything, everything
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import Page
from clinic_desktop.wording.audit import AuditWords

_EVENTS = (ConflictFound, ConflictDecided, ParkedChanged, DuplicateDismissed, PatientChanged)


class ConflictPanel(QWidget):
    """A list above, one of it in full below."""

    def __init__(self, screen: Screen, words: AuditWords, name: str, empty: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen = screen
        self.table = TableView(name, _columns(screen, words), empty=empty, empty_icon="circle-check", parent=self)
        self.detail = DetailView(screen, words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 5)
        column.addWidget(self.detail, 6)
        self.table.selected.connect(lambda one: self.detail.show_one(one, screen.desk.now()))
        self.table.activated.connect(lambda _one: self.detail.begin())
        self.detail.settled.connect(self.table.setFocus)

    def show_all(self, rows: list[ConflictRow]) -> None:
        """Show these; the chosen one stays chosen, and when it is gone the next one is."""
        place = next((at for at, one in enumerate(self.table.rows) if self.detail.one is not None and one.id == self.detail.one.id), 0)
        self.table.set_rows(rows)
        if self.table.current is None and rows:
            self.table.select(self.table.rows[min(place, len(self.table.rows) - 1)].id)
        self.detail.show_one(self.table.current, self._screen.desk.now())
        self.detail.setVisible(bool(rows))


_Panel = ConflictPanel | AsidePanel | AlikePanel
"""Each is called as ``Everything`` calls what it shows."""


class ReconcileScreen(Screen):
    """What waits is counted at the tabs and in the rail. All lists but the first are built when somebody looks at them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._waiting: dict[str, Any] | None = None
        self._found: Everything | None = None
        self._words = AuditWords(desk.place.timezone)
        page = Page(self, _("Reconcile"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._titles = {"open": _("To decide"), "aside": _("Set aside"), "alike": _("The same person?"), "settled": _("Decided")}
        self._places = {name: QWidget(self.tabs) for name in self._titles}
        for name, title in self._titles.items():
            self.tabs.addTab(self._places[name], title)
        page.body.addWidget(self.tabs, 1)
        empty = _("All sites agree. When two of them change the same thing at once, both versions wait here for a decision.")
        self.open_ones = ConflictPanel(self, self._words, self._titles["open"], empty, self.tabs)
        self._panels: dict[str, _Panel] = {}
        self._put("open", self.open_ones)
        self.tabs.currentChanged.connect(lambda place: self.panel(list(self._titles)[place]))
        begin_at(self, self.open_ones.table)
        self.watch(*_EVENTS)

    def panel(self, name: str) -> _Panel:
        """One of the lists, with what is known; built when it is first asked for."""
        if name not in self._panels:
            self._put(name, self._build(name))
            self._fill()
        return self._panels[name]

    def refresh(self) -> None:
        """Read all of it."""
        self.work.read(self, everything, latest="all", then=self._show, actor=self.desk.actor)

    def open(self, *, tab: str = "", **_what: Any) -> None:
        """Show one part: aside, alike or settled."""
        if tab in self._places:
            self.tabs.setCurrentWidget(self._places[tab])

    def draft(self) -> dict[str, Any] | None:
        """The note that is typed, and to what."""
        if self._waiting is not None:
            return self._waiting
        one, note = self.open_ones.detail.one, self.open_ones.detail.note.text()
        return None if one is None or not note.strip() else {"conflict": str(one.id), "note": note}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the note back once its conflict is there again."""
        self._waiting = {"conflict": str(UUID(draft["conflict"])), "note": str(draft["note"])}

    def _build(self, name: str) -> _Panel:
        if name == "aside":
            panel = AsidePanel(self, self._words, self.tabs)
            panel.changed.connect(self.refresh)
            return panel
        if name == "alike":
            return AlikePanel(self, self.tabs)
        return ConflictPanel(self, self._words, self._titles[name], _("Nothing has been decided yet."), self.tabs)

    def _put(self, name: str, panel: _Panel) -> None:
        self._panels[name] = panel
        column = QVBoxLayout(self._places[name])
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        panel.show()  # now, not when the layout comes to it

    def _show(self, found: Everything) -> None:
        self._found = found
        self._fill()
        for place, (title, count) in enumerate(zip(self._titles.values(), found.waiting, strict=False)):
            self.tabs.setTabText(place, f"{title} ({count})" if count else title)
        self.desk.badge("reconcile", len(found.open) + len(found.aside))
        self._put_note_back()

    def _fill(self) -> None:
        if self._found is not None:
            for name, panel in self._panels.items():
                panel.show_all(getattr(self._found, name))

    def _put_note_back(self) -> None:
        left, self._waiting = self._waiting, None
        if left is not None and self.open_ones.table.select(UUID(left["conflict"])):
            self.open_ones.detail.note.setText(left["note"])


def _columns(screen: Screen, words: AuditWords) -> list[Column]:
    now = screen.desk.now
    return [
        Column(
            _("Waits"),
            lambda one: say.waits(one.detected_at, now()),
            chip=lambda one: say.age_tone(one.detected_at, now()) if one.decision is None else Tone.NEUTRAL,
            width=110,
            sort_key=lambda one: one.detected_at,
        ),
        Column(_("What happened"), lambda one: wording.status(one.kind), width=150),
        Column(_("Record"), lambda one: say.record(one, words), width=0, tooltip=lambda one: say.record(one, words)),
        Column(_("Field"), lambda one: say.about(one, words), width=150),
        Column(_("Patient"), lambda one: say.patient(one, words), width=170),
    ]
