"""What was merged, by whom and why; each can be undone, the latest of a record first."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import MergeRow
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.duplicates.merging import REASON_LIMIT
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import Button, ask, ask_reason, beside, keep_if, keyed


class MergesPanel(QWidget):
    """The list, and the way back."""

    def __init__(self, screen: Screen, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen = screen
        empty = _("Nothing was merged yet. Each merge stands here, and can be undone.")
        self.table = TableView(_("Merged"), self._columns(), empty=empty, empty_icon="users", parent=self)
        self.open_button = Button(_("Open"), icon_name="user", parent=self)
        self.undo = Button(_("Undo…"), icon_name="undo-2", parent=self)
        for button in (self.open_button, self.undo):
            self.table.tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.addWidget(self.table)
        keyed(self.undo, "Ctrl+Z")
        self.open_button.clicked.connect(self._open)
        self.undo.clicked.connect(self._ask)
        self.table.activated.connect(lambda _row: self.open_button.click())
        self.table.selected.connect(self._offer)
        self._offer(None)

    def _columns(self) -> list[Column]:
        zone = self._screen.desk.place.timezone
        return [
            Column(_("When"), lambda one: datetime_text(one.merged_at, timezone=zone), width=160, sort_key=lambda one: one.merged_at),
            Column(_("Record in use"), lambda one: beside(one.kept_name, one.kept_number), width=0),
            Column(_("Merged into it"), lambda one: beside(one.merged_name, one.merged_number), width=0),
            Column(_("Reason"), lambda one: one.reason or "", width=0, tooltip=lambda one: one.reason or ""),
            Column(_("By"), lambda one: one.merged_by or "", width=140),
            Column(_("Status"), _status, chip=lambda one: Tone.NEUTRAL if one.undone_at else Tone.GOOD, width=110),
        ]

    def show_all(self, rows: list[MergeRow]) -> None:
        """Show what was merged."""
        self.table.set_rows(rows)
        self._offer(self.table.current)

    def _offer(self, one: MergeRow | None) -> None:
        keep_if(self.open_button, one is not None)
        self.open_button.setVisible(one is not None)
        self.undo.setVisible(one is not None and one.undone_at is None and self._screen.desk.may(commands.undo_merge))

    def _tell_later(self, one: MergeRow, later_id: UUID) -> None:
        """Not this one yet: and the way to the one that is to be undone before."""
        later = next(row for row in self.table.rows if row.id == later_id)
        told = _("{second} was merged into {first} after this. Undo that merge first, then this one.").format(
            first=beside(later.kept_name, later.kept_number), second=beside(later.merged_name, later.merged_number)
        )
        ask(self, _("Another merge stands on this one"), told, yes=_("Go to that merge"), then=lambda: self._go_to(later_id))

    def _go_to(self, merge_id: UUID) -> None:
        self.table.select(merge_id)
        self.table.grid.setFocus()

    def _open(self) -> None:
        if self.table.current is not None:
            self._screen.desk.open("patient", patient_id=self.table.current.kept_id)

    def _ask(self) -> None:
        one = self.table.current
        if one is None or one.undone_at is not None:
            return
        if one.later_id is not None:
            self._tell_later(one, one.later_id)
            return
        told = _(
            "{first} and {second} will be two records again, each with what was its own. What was written since stays where it was written."
        ).format(first=beside(one.kept_name, one.kept_number), second=beside(one.merged_name, one.merged_number))
        title, yes = _("Undo this merge?"), _("Undo the merge")
        ask_reason(self, title, told, yes=yes, then=lambda reason: self._undo(one, reason), role="primary", limit=REASON_LIMIT)

    def _undo(self, one: MergeRow, reason: str) -> None:
        desk = self._screen.desk
        told = _("Undone: they are two records again.")
        self._screen.work.do(
            self, commands.undo_merge, then=lambda _nothing: desk.toast(told, tone=Tone.GOOD), merge_id=one.id, reason=reason
        )


def _status(one: MergeRow) -> str:
    return _("Undone") if one.undone_at else _("Merged")
