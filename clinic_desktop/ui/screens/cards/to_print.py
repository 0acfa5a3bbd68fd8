"""Who gets a card: the lists in one table, each line ticked or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import CardToPrintRow
from clinic_desktop.kernel.formats import date_text, datetime_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import CENTRE, END, Column, TableView


class Listed(StrEnum):
    """Which of the lists."""

    NOT_PRINTED = "NOT_PRINTED"
    WITHOUT_CARD = "WITHOUT_CARD"
    TO_RENEW = "TO_RENEW"
    CHOSEN = "CHOSEN"


class ToPrint(QWidget):
    """The table; Space or a click into the first column ticks, Ctrl+A ticks all or none. ``ticked()`` after each change."""

    ticked = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._zone = screen.desk.place.timezone
        self._left_out: set[UUID] = set()
        self.table = TableView(_("Cards to print"), self._columns(), key=lambda row: row.patient_id, empty_icon="id-card")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.table.grid.installEventFilter(self)
        self.table.grid.clicked.connect(self._clicked)

    @property
    def chosen(self) -> list[CardToPrintRow]:
        """The lines that are ticked and shown."""
        return [row for row in self.table.rows if row.patient_id not in self._left_out]

    def show_rows(self, rows: Iterable[CardToPrintRow], *, anew: bool) -> None:
        """Show these; ``anew`` with every line ticked."""
        if anew:
            self._left_out.clear()
        self.table.set_rows(rows)
        if self.table.current is None:  # whoever comes by Tab ticks at once
            self.table.select_first()
        self.ticked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space and self.table.current is not None:
                self._tick(self.table.current)
                return True
            if event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.tick_all()
                return True
        return super().eventFilter(watched, event)

    def tick_all(self) -> None:
        """Tick every line, or none where all are."""
        rows = {row.patient_id for row in self.table.rows}
        if rows & self._left_out:
            self._left_out -= rows
        else:
            self._left_out |= rows
        self._repaint()

    def _clicked(self, index: QModelIndex) -> None:
        row = self.table.model.row(index)
        if index.column() == 0 and row is not None:
            self._tick(row)

    def _tick(self, row: CardToPrintRow) -> None:
        self._left_out ^= {row.patient_id}
        self._repaint()

    def _repaint(self) -> None:
        self.table.grid.viewport().update()
        self.ticked.emit()

    def _columns(self) -> list[Column]:
        return [
            Column(_("Print"), lambda row: "" if row.patient_id in self._left_out else "✓", align=CENTRE, width=64),
            Column(_("Name"), lambda row: row.full_name, width=0, tooltip=lambda row: row.full_name),
            Column(_("Number"), lambda row: row.patient_number, width=150),
            Column(_("Sex"), lambda row: wording.status(row.gender), width=90),
            Column(_("Registered"), lambda row: self._when(row.registered_at), width=176, sort_key=lambda row: row.registered_at),
            Column(_("Card"), lambda row: row.card_number or _("none yet"), width=150),
            Column(_("Valid until"), lambda row: date_text(row.valid_until) if row.valid_until else "", width=120, sort_key=_end),
            Column(_("Printed"), lambda row: number_text(row.print_count) if row.print_count else "–", align=END, width=86),
        ]

    def _when(self, at: object) -> str:
        return datetime_text(at, timezone=self._zone)  # type: ignore[arg-type]


def _end(row: CardToPrintRow) -> date:
    return row.valid_until or date.max
