"""A price typed in the list itself: Enter saves it and goes on to the next row, so that a whole list is priced by the number keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.record_list import RecordList
from clinic_desktop.ui.rows import Row
from clinic_desktop.ui.widgets import MoneyEdit

_STEPS = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class PriceCell(MoneyEdit):
    """Lies over the price of one row; ``save(row, price)`` is called for a price that differs."""

    def __init__(self, records: RecordList, column: int, currency: str, save: Callable[[Row, Money], object]) -> None:
        self._table = records.table
        super().__init__(_("Price"), currency, parent=self._table.grid.viewport())
        self._records, self._column, self._save = records, column, save
        self._row: Row | None = None
        self.hide()
        model, grid = self._table.model, self._table.grid
        for moved in (model.layoutChanged, model.modelReset, model.rowsInserted, model.rowsRemoved, grid.resized):
            moved.connect(self._place)
        grid.verticalScrollBar().valueChanged.connect(self._place)
        grid.horizontalScrollBar().valueChanged.connect(self._place)

    @property
    def row(self) -> Row | None:
        """The row whose price is being typed."""
        return self._row

    def begin(self) -> None:
        """Type the price of the current row."""
        row = self._records.record
        place = None if row is None else self._table.model.position(self._table.model.key(row))
        if row is None or place is None:
            return
        self._row = row
        self._table.grid.scrollTo(self._table.model.index(place, self._column))
        self.set_value(row.price)
        self._place()
        self.show()
        self.selectAll()
        self.setFocus()

    def _place(self, *_why: object) -> None:
        """Stay over the cell, wherever it goes."""
        if self._row is None:
            return
        place = self._table.model.position(self._table.model.key(self._row))
        if place is None:
            self._leave()
        else:
            self.setGeometry(self._table.grid.visualRect(self._table.model.index(place, self._column)).adjusted(2, 2, -2, -2))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif step is None:
            super().keyPressEvent(event)
        elif self._finish():
            self._go(step)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._finish()
            self._row = None
            self.hide()

    def _finish(self) -> bool:
        """Save what differs; False where it is no price, which stays to be corrected."""
        row = self._row
        if row is None:
            return False
        try:
            price = self.value()
        except InvalidInput:
            price = None
        if price is None:
            self.selectAll()
            return False
        self._row = None
        if price != row.price:
            self._save(row, price)
        return True

    def _go(self, step: int) -> None:
        rows = self._table.rows
        place = self._table.grid.currentIndex().row() + step
        if 0 <= place < len(rows):
            self._records.choose(self._table.model.key(rows[place]))
            self.begin()
        else:
            self._leave()

    def _leave(self) -> None:
        self._row = None
        if self.isVisible():
            self._table.grid.setFocus()
            self.hide()
