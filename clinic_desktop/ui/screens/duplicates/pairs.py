"""The pairs that wait: the list, and the chosen two beside it, with what one can say about them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import Compared, DuplicateRow, compared
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.duplicates import words as say
from clinic_desktop.ui.screens.duplicates.comparison import ComparisonGrid
from clinic_desktop.ui.screens.duplicates.merging import REASON_LIMIT, MergeDialog
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16, Tone
from clinic_desktop.ui.widgets import Button, Card, EmptyState, Label, ask_reason, beside, directed, keep_if, keyed, row, scrolled


class PairsPanel(QWidget):
    """Enter goes on to merge, the rest has keys of its own; after a decision the next pair is chosen."""

    decided = Signal()

    def __init__(self, screen: Screen, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen = screen
        self.both: Compared | None = None
        empty = _("No two records look like the same person.")
        self.table = TableView(_("To review"), _columns(), empty=empty, empty_icon="users", parent=self)
        self.why = Label(voice=Text.STRONG, wrap=True)
        self.grid = ComparisonGrid(screen.desk, self)
        self.merge = Button(_("Merge…"), icon_name="users", role="primary", parent=self)
        self.different = Button(_("Different people…"), icon_name="user-x", parent=self)
        self._lay_out()
        self._wire()
        self._show(None)

    def _lay_out(self) -> None:
        card = Card(parent=self)
        self._stack = QStackedLayout()
        card.body.addLayout(self._stack)
        self._stack.addWidget(EmptyState(_("Choose a pair to see both records beside each other."), icon_name="users"))
        whole = QWidget(card)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.why)
        scrolled(self.grid, column, 1)
        column.addLayout(row(self.merge, self.different))
        self._stack.addWidget(whole)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, GAP_12, 0, 0)
        across.setSpacing(GAP_16)
        across.addWidget(self.table, 5)
        across.addWidget(card, 7)

    def _wire(self) -> None:
        keyed(self.merge, "Ctrl+Return")
        keyed(self.different, "Ctrl+D")
        for place, opener in enumerate(self.grid.openers):
            keyed(opener, f"Ctrl+{place + 1}")
            opener.clicked.connect(partial(self._open, place))
        keep_if(self.merge, self._screen.desk.may(commands.merge_patients))
        self.merge.clicked.connect(self._merge)
        self.different.clicked.connect(self._ask)
        self.table.selected.connect(self._choose)
        self.table.activated.connect(lambda _row: self.merge.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def show_all(self, rows: list[DuplicateRow]) -> None:
        """Show the pairs; when the chosen one is gone the next one is chosen."""
        chosen = self.table.current
        place = next((at for at, one in enumerate(self.table.rows) if chosen is not None and one.id == chosen.id), 0)
        self.table.set_rows(rows)
        if self.table.current is None and rows:
            self.table.select(self.table.rows[min(place, len(self.table.rows) - 1)].id)
        self._choose(self.table.current)

    def select(self, patient_id: UUID) -> None:
        """Choose a pair of this patient, if there is one."""
        pair = next((one for one in self.table.rows if patient_id in (one.a_id, one.b_id)), None)
        if pair is not None:
            self.table.select(pair.id)

    def _choose(self, pair: DuplicateRow | None) -> None:
        if pair is None:
            self._show(None)
            return
        self._screen.work.read(self, compared, latest="compared", then=self._show, one_id=pair.a_id, other_id=pair.b_id)

    def _show(self, both: Compared | None) -> None:
        self.both = both
        self._stack.setCurrentIndex(0 if both is None else 1)
        if both is not None:
            self.why.setText(directed(beside(say.percent(both.score), say.reasons(both.reasons))))
            self.grid.show_pair(both)

    def _merge(self) -> None:
        if self.both is not None:
            dialog = MergeDialog(self._screen, self.both)
            dialog.merged.connect(self.decided)
            dialog.open()

    def _ask(self) -> None:
        pair = self.table.current
        if pair is None:
            return
        told = _("{first} and {second} are not offered again.").format(
            first=beside(pair.a_name, pair.a_number), second=beside(pair.b_name, pair.b_number)
        )
        title, yes = _("Two different people?"), _("Different people")
        ask_reason(self, title, told, yes=yes, then=lambda note: self._tell_apart(pair, note), role="primary", limit=REASON_LIMIT)

    def _tell_apart(self, pair: DuplicateRow, note: str) -> None:
        desk = self._screen.desk
        said = _("Noted: they are two people.")
        self._screen.work.do(
            self, commands.mark_as_different, then=lambda _nothing: desk.toast(said, tone=Tone.GOOD), pair_id=pair.id, note=note
        )

    def _open(self, place: int, _checked: bool = False) -> None:
        if self.both is not None:
            side = (self.both.older, self.both.newer)[place]
            self._screen.desk.open("patient", patient_id=side.patient.id)


def _columns() -> list[Column]:
    return [
        Column(_("First record"), lambda one: one.a_name, width=0, tooltip=lambda one: beside(one.a_name, one.a_number)),
        Column(_("Second record"), lambda one: one.b_name, width=0, tooltip=lambda one: beside(one.b_name, one.b_number)),
        Column(_("Alike"), lambda one: say.percent(one.score), width=76, sort_key=lambda one: one.score),
        Column(_("Why"), lambda one: say.reasons(one.reasons), width=220, tooltip=lambda one: say.reasons(one.reasons), hidden=True),
    ]
