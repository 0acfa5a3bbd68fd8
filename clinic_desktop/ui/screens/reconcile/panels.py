"""The other lists of the screen: changes of other sites that could not be taken in, and records that may be one person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.patients.commands import mark_as_different
from clinic_desktop.clinic.patients.queries import DuplicateRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.sync.aside import AsideRow
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reconcile import words as say
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Label, ask_reason, beside, directed, keyed
from clinic_desktop.wording.audit import AuditWords
from clinic_desktop.wording.sync import WAITING

TRY_AGAIN = late("clinic_desktop.sync.aside:try_again")
SET_ASIDE = late("clinic_desktop.sync.aside:set_aside")


class AsidePanel(QWidget):
    """What waits, why, and what it touches; ``changed`` when one was dealt with."""

    changed = Signal()

    def __init__(self, screen: Screen, words: AuditWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen, self._words = screen, words
        empty = _(
            "Everything that other sites sent fits here. Changes that do not would wait in this list, and nothing of them would be lost."
        )
        self.table = TableView(_("Set aside"), self._columns(), empty=empty, empty_icon="circle-check", parent=self)
        self.why, self.touches = Label(wrap=True), Label(tone="muted", wrap=True)
        self.again = BusyButton(_("Try again"), icon_name="rotate-ccw", role=None, parent=self)
        self.without = Button(_("Do without it…"), icon_name="trash-2", parent=self)
        for button in (self.again, self.without):
            self.table.tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.table, 1)
        column.addWidget(self.why)
        column.addWidget(self.touches)
        keyed(self.again, "Ctrl+R")
        self.again.clicked.connect(self._try)
        self.without.clicked.connect(self._ask)
        self.table.selected.connect(self._offer)
        self.table.activated.connect(lambda _row: self.again.click())
        self._offer(None)

    def _columns(self) -> list[Column]:
        desk, words = self._screen.desk, self._words
        return [
            Column(_("Waits"), lambda one: say.waits(one.parked_at, desk.now()), width=96, sort_key=lambda one: one.parked_at),
            Column(_("Site"), lambda one: one.site or "–", width=130),
            Column(_("What was done"), lambda one: words.action(one.command), width=0, tooltip=lambda one: words.action(one.command)),
            Column(_("By"), lambda one: one.actor_name, width=150),
            Column(_("Why it waits"), why_text, width=0, tooltip=why_text),
        ]

    def show_all(self, rows: list[AsideRow]) -> None:
        """Show what waits."""
        self.table.set_rows(rows)
        self._offer(self.table.current)

    def _offer(self, one: AsideRow | None) -> None:
        for widget in (self.again, self.without, self.why, self.touches):
            widget.setVisible(one is not None)
        if one is not None:
            self.why.setText(directed(why_text(one)))
            records = list(dict.fromkeys(self._words.record(named) for named in one.touched))
            self.touches.setText(beside(_("Touches: {records}").format(records=", ".join(records) or "–"), self._words.when(one.at)))

    def _try(self) -> None:
        one, work = self.table.current, self._screen.work
        if one is None or self.again.is_busy:
            return
        self.again.set_busy(True)
        work.call(
            self,
            TRY_AGAIN,
            db=work.db,
            actor=self._screen.desk.actor,
            parked_id=one.id,
            then=self._tried,
            settled=lambda: self.again.set_busy(False),
        )

    def _tried(self, went_in: bool) -> None:
        if went_in:
            self._screen.desk.toast(_("It fits now, and is taken in."), tone=Tone.GOOD)
        else:
            self._screen.desk.toast(_("It does not fit yet. It goes on waiting."), tone=Tone.WARN)
        self.changed.emit()

    def _ask(self) -> None:
        one = self.table.current
        if one is not None:
            text = _(
                "This change of another site will never be taken in here: this database and the others will differ in what it touches."
            )
            ask_reason(self, _("Do without this change?"), text, yes=_("Do without it"), then=lambda note: self._drop(one, note))

    def _drop(self, one: AsideRow, note: str) -> None:
        work, actor = self._screen.work, self._screen.desk.actor
        work.call(self, SET_ASIDE, db=work.db, actor=actor, parked_id=one.id, note=note, then=lambda _nothing: self.changed.emit())


def why_text(one: AsideRow) -> str:
    """Why a change set waits."""
    known = WAITING.get(one.reason)
    return _(known) if known else one.reason


class AlikePanel(QWidget):
    """Pairs of patients' records that look like one person, found when sites met or at registration."""

    def __init__(self, screen: Screen, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen = screen
        empty = _("No two records look like the same person.")
        self.table = TableView(_("The same person?"), _alike_columns(), empty=empty, empty_icon="users", parent=self)
        self.first = Button(_("Open the first"), icon_name="user", parent=self)
        self.second = Button(_("Open the second"), icon_name="user", parent=self)
        self.different = BusyButton(_("Two people"), role=None, icon_name="users", parent=self)
        self.compare = Button(_("Compare and merge"), icon_name="arrow-right", parent=self)
        told = _("If these are two people, say so here. If they are one, compare the records and merge them.")
        self.told = Label(told, tone="muted", wrap=True)
        for button in (self.first, self.second, self.different, self.compare):
            self.table.tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.table, 1)
        column.addWidget(self.told)
        self.first.clicked.connect(lambda: self._open(lambda one: one.a_id))
        self.second.clicked.connect(lambda: self._open(lambda one: one.b_id))
        self.different.clicked.connect(self._tell_apart)
        self.compare.clicked.connect(self._compare)
        self.table.activated.connect(lambda _row: self.first.click())
        self.table.selected.connect(self._offer)
        self._offer(None)

    def show_all(self, rows: list[DuplicateRow]) -> None:
        """Show the pairs."""
        self.table.set_rows(rows)
        self._offer(self.table.current)

    def _offer(self, one: DuplicateRow | None) -> None:
        for widget in (self.first, self.second, self.told):
            widget.setVisible(one is not None)
        for button in (self.different, self.compare):
            button.setVisible(one is not None and self._screen.desk.may(mark_as_different))

    def _open(self, which: object) -> None:
        if self.table.current is not None and callable(which):
            self._screen.desk.open("patient", patient_id=which(self.table.current))

    def _compare(self) -> None:
        if self.table.current is not None:
            self._screen.desk.open("duplicates", patient_id=self.table.current.a_id)

    def _tell_apart(self) -> None:
        one = self.table.current
        if one is not None:
            self.different.run(self._screen.work, self, mark_as_different, pair_id=one.id)


def _alike_columns() -> list[Column]:
    return [
        Column(_("First record"), lambda one: beside(one.a_name, one.a_number), width=0),
        Column(_("Second record"), lambda one: beside(one.b_name, one.b_number), width=0),
        Column(_("Alike"), say.likeness, width=90, sort_key=lambda one: one.score),
    ]
