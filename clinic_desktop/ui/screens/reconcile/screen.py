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


class ReconcileScreen(Screen):
    """What waits is counted at the tabs and in the rail."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._waiting: dict[str, Any] | None = None
        words = AuditWords(desk.place.timezone)
        page = Page(self, _("Reconcile"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        empty = _("All sites agree. When two of them change the same thing at once, both versions wait here for a decision.")
        self.open_ones = ConflictPanel(self, words, _("To decide"), empty, self.tabs)
        self.aside = AsidePanel(self, words, self.tabs)
        self.alike = AlikePanel(self, self.tabs)
        self.settled = ConflictPanel(self, words, _("Decided"), _("Nothing has been decided yet."), self.tabs)
        self._titles: dict[QWidget, str] = {
            self.open_ones: _("To decide"),
            self.aside: _("Set aside"),
            self.alike: _("The same person?"),
            self.settled: _("Decided"),
        }
        for panel, title in self._titles.items():
            self.tabs.addTab(panel, title)
        page.body.addWidget(self.tabs, 1)
        self.aside.changed.connect(self.refresh)
        begin_at(self, self.open_ones.table)
        self.watch(*_EVENTS)

    def refresh(self) -> None:
        """Read all of it."""
        self.work.read(self, everything, latest="all", then=self._show, actor=self.desk.actor)

    def open(self, *, tab: str = "", **_what: Any) -> None:
        """Show one part: aside or alike."""
        panel = {"aside": self.aside, "alike": self.alike}.get(tab)
        if panel is not None:
            self.tabs.setCurrentWidget(panel)

    def draft(self) -> dict[str, Any] | None:
        """The note that is typed, and to what."""
        if self._waiting is not None:
            return self._waiting
        one, note = self.open_ones.detail.one, self.open_ones.detail.note.text()
        return None if one is None or not note.strip() else {"conflict": str(one.id), "note": note}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the note back once its conflict is there again."""
        self._waiting = {"conflict": str(UUID(draft["conflict"])), "note": str(draft["note"])}

    def _show(self, found: Everything) -> None:
        self.open_ones.show_all(found.open)
        self.settled.show_all(found.settled)
        self.aside.show_all(found.aside)
        self.alike.show_all(found.alike)
        for panel, count in ((self.open_ones, len(found.open)), (self.aside, len(found.aside)), (self.alike, len(found.alike))):
            title = self._titles[panel]
            self.tabs.setTabText(self.tabs.indexOf(panel), f"{title} ({count})" if count else title)
        self.desk.badge("reconcile", len(found.open) + len(found.aside))
        self._put_note_back()

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
