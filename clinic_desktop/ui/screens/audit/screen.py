"""The audit trail: filters above, entries on one side, one of them in full on the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.audit.queries import AuditEntry, AuditFilter, AuditPage, Position
from clinic_desktop.clinic.audit.rules import Named, What
from clinic_desktop.kernel.formats import date_text, isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.audit.detail import DetailView
from clinic_desktop.ui.screens.audit.exporting import ask_where
from clinic_desktop.ui.screens.audit.filters import Filters
from clinic_desktop.ui.screens.audit.reading import offered, page, patient_name, told
from clinic_desktop.ui.screens.audit.verifying import VerifyDialog
from clinic_desktop.ui.table import Column, PageWanted, TableView
from clinic_desktop.ui.theme.tokens import GAP_16
from clinic_desktop.ui.widgets import Button, Label, Page, directed, keyed, row
from clinic_desktop.wording.audit import ONLY, AuditWords


class AuditScreen(Screen):
    """Home of the auditor. Opened with ``patient_id``, or ``entity_type`` and ``entity_id``, it shows all about one of them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.words = AuditWords(desk.place.timezone)
        self._about: Named | None = None
        self._after: Position | None = None
        self.verify = Button(_("Verify…"), icon_name="shield-check")
        self.export = Button(_("Export…"), icon_name="download")
        page_ = Page(self, _("Audit trail"), actions=[self.verify, self.export])
        self.subtitle = page_.subtitle
        self.filters = Filters(desk, self.words, self)
        self.about = Label(wrap=True)
        self.everything = Button(_("Show everything"), icon_name="x")
        self.table = TableView(
            _("Entries"),
            self._columns(),
            key=lambda entry: entry.seq,
            empty=_("Nothing like this has happened. Ask for more days, or clear the filters."),
            empty_icon="scroll-text",
            filterable=False,
            paged=True,
            parent=self,
        )
        self.detail = DetailView(self.words, self)
        page_.body.addWidget(self.filters)
        banner = row(self.about, self.everything, fill=True)
        banner.setStretch(0, 1)
        page_.body.addLayout(banner)
        sides = row(self.table, self.detail, fill=True, gap=GAP_16)
        sides.setStretch(0, 17)
        sides.setStretch(1, 10)
        page_.body.addLayout(sides, 1)
        self._wire()

    def _wire(self) -> None:
        self._show_about()
        self.table.grid.horizontalHeader().setSectionsClickable(False)  # the order of what happened is the only one
        keyed(self.verify, "F8")
        keyed(self.export, "Ctrl+E")
        keyed(self.everything, "Esc")
        self.verify.clicked.connect(lambda: VerifyDialog(self).open())
        self.export.clicked.connect(self._export)
        self.everything.clicked.connect(self._forget_about)
        self.filters.changed.connect(self._search)
        self.table.page_wanted.connect(self._page_wanted)
        self.table.selected.connect(self._choose)
        self.detail.record_wanted.connect(lambda record: self.show_about(record))
        self.detail.patient_wanted.connect(lambda patient_id: self.open(patient_id=patient_id))
        for keys, does, action in (("F5", _("Look again"), self._search), ("Ctrl+F", _("Find a number"), self._find_number)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setWhatsThis(does)
            shortcut.activated.connect(action)
        begin_at(self, self.table)

    def _columns(self) -> list[Column]:
        words = self.words
        return [
            Column(_("Time"), lambda entry: words.when(entry.at), width=148),
            Column(_("Person"), words.who, width=112, tooltip=words.who),
            Column(_("Action"), words.what, width=0, tooltip=words.what),
            Column(_("Record"), lambda entry: words.short(entry.subject), width=0, tooltip=lambda entry: words.record(entry.subject)),
            Column(_("Workstation"), lambda entry: entry.workstation or "", width=110, hidden=True),
            Column(_("Reason"), lambda entry: entry.reason or "", width=140, hidden=True),
            Column(_("Entry"), lambda entry: str(entry.seq), width=80, hidden=True),
        ]

    # What the shell does with it

    def refresh(self) -> None:
        """Read the pickers, then the first page."""
        self.work.read(self, offered, latest="offered", then=self.filters.offer)
        self._search()

    def open(self, *, patient_id: UUID | None = None, entity_type: str | None = None, entity_id: UUID | None = None, **_what: Any) -> None:
        """Show everything about a patient, or about one record."""
        if patient_id is not None:
            self.desk.record_read("patients", patient_id, What.HISTORY)
            self.show_about(Named("patients", patient_id))
            self.work.read(self, patient_name, latest="about", then=self._name_patient, patient_id=patient_id)
        elif entity_type is not None and entity_id is not None:
            self.show_about(Named(entity_type, entity_id))

    def scanned(self, code: str) -> bool:
        """A number on paper is looked for here."""
        self.filters.daily["number"].setText(code)
        return True

    def whereabouts(self) -> dict[str, Any] | None:
        about = None if self._about is None else [self._about.entity_type, str(self._about.entity_id)]
        return {"filters": self.filters.draft(), "about": about}

    def restore(self, draft: dict[str, Any]) -> None:
        self.filters.restore(draft["filters"])
        if draft["about"] is not None:
            kind, key = draft["about"]
            self.open(**({"patient_id": UUID(key)} if kind == "patients" else {"entity_type": kind, "entity_id": UUID(key)}))

    # How it behaves

    def show_about(self, record: Named) -> None:
        """Show everything about a record; about a patient, everything of the patient."""
        self._about = record
        self._show_about()
        self._search()

    def _name_patient(self, name: str) -> None:
        if self._about is not None and self._about.entity_type == "patients":
            self._about = replace(self._about, parts=(name,))
            self._show_about()

    def _forget_about(self) -> None:
        self._about = None
        self._show_about()
        self._search()

    def _show_about(self) -> None:
        about = self._about
        is_patient = about is not None and about.entity_type == "patients"
        said = _("Everything that happened to {name}") if is_patient else _("Everything about {name}")
        name = "" if about is None else self.words.name(about) or self.words.kind(about.entity_type)
        self.about.setText(directed(said.format(name=isolated(name))))
        for widget in (self.about, self.everything):
            widget.setVisible(about is not None)

    def wanted(self) -> AuditFilter | None:
        """What the filters and the record that is looked at ask for together."""
        wanted, about = self.filters.wanted(), self._about
        if wanted is None or about is None:
            return wanted
        if about.entity_type == "patients":
            return replace(wanted, patient_id=about.entity_id)
        return replace(wanted, entity_type=about.entity_type, entity_id=about.entity_id)

    def _search(self) -> None:
        self._read(None)

    def _page_wanted(self, wanted: PageWanted) -> None:
        if wanted.after is not None and self._after is not None:
            self._read(self._after)

    def _read(self, after: Position | None) -> None:
        wanted = self.wanted()
        if wanted is not None:
            then = self._show_first if after is None else self._show_next
            self.work.read(self, page, latest="page", then=then, actor=self.desk.actor, wanted=wanted, after=after)

    def _show_first(self, found: AuditPage) -> None:
        self._after = found.after
        self.table.set_rows(found.entries, has_more=found.after is not None)
        if self.table.current is None:
            self.detail.show_told(None)

    def _show_next(self, found: AuditPage) -> None:
        self._after = found.after
        self.table.add_rows(found.entries, has_more=found.after is not None)

    def _choose(self, entry: AuditEntry | None) -> None:
        if entry is None:
            self.detail.show_told(None)
        else:
            self.work.read(self, told, latest="told", then=self.detail.show_told, actor=self.desk.actor, seq=entry.seq)

    def _find_number(self) -> None:
        self.filters.daily["number"].setFocus()

    def _export(self) -> None:
        wanted = self.wanted()
        if wanted is not None:
            ask_where(self, wanted, self.asked(wanted))

    def asked(self, wanted: AuditFilter) -> str:
        """What was asked for, in words: it heads the export and stands in its trace."""
        daily, rare = self.filters.daily, self.filters.rare
        days = [date_text(day) for day in (wanted.first, wanted.last) if day is not None]
        chosen = [form[name].currentText() for form, name in _choices(daily, rare) if form[name].value() is not None]
        about = self.about.text() if self._about is not None else ""
        parts = [about, *chosen, " – ".join(days), wanted.number or "", _(ONLY[wanted.only]) if wanted.only else ""]
        return " · ".join(part for part in parts if part) or _("The whole audit trail")


def _choices(daily: Any, rare: Any) -> list[tuple[Any, str]]:
    return [(daily, "person_id"), (rare, "command"), (rare, "entity_type"), (rare, "workstation_id")]
