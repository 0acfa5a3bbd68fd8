"""The checklist of a side's fields: what is on the card, what could be, and what is added or taken away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.cards.design import Design
from clinic_desktop.ui.screens.cards.words import ITEMS, element_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import ActChoice, Button, row

_HIGH = 28
_LISTED = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled


class FieldsList(QWidget):
    """Ticks show and hide; the line that is chosen is chosen on the card. ``changed()`` after a step, ``chosen()`` after a choice."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, design: Design, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._design = design
        self.list = QListWidget()
        self.list.setAccessibleName(_("Fields of this side"))
        self.more = ActChoice(_("Add a field"), placeholder=_("Add a field…"))
        self.remove = Button(_("Remove"), icon_name="trash-2", role="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.list, 1)
        column.addWidget(self.more)
        column.addLayout(row(self.remove))
        self.list.itemChanged.connect(self._tick)
        self.list.currentRowChanged.connect(self._choose)
        self.more.activated.connect(lambda _place: self._add())
        self.remove.clicked.connect(self._remove)

    def show_design(self, *, may_change: bool) -> None:
        """Show the fields of the side that is up."""
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._design.elements:
            line = QListWidgetItem(element_text(one))
            line.setSizeHint(QSize(0, scaled(_HIGH)))
            line.setFlags(_LISTED | Qt.ItemFlag.ItemIsUserCheckable if may_change else _LISTED)
            line.setCheckState(Qt.CheckState.Checked if one.is_shown else Qt.CheckState.Unchecked)
            self.list.addItem(line)
        self.list.setCurrentRow(-1 if self._design.place is None else self._design.place)
        self.list.blockSignals(False)
        self.more.set_options([(_(ITEMS[item]), item) for item in self._design.missing()])
        self.more.set_value(None)
        self.more.setEnabled(may_change)
        self.remove.setEnabled(may_change and self._design.chosen is not None)

    def mark(self) -> None:
        """Show which field is chosen."""
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1 if self._design.place is None else self._design.place)
        self.list.blockSignals(False)

    def _tick(self, line: QListWidgetItem) -> None:
        self._design.choose(self.list.row(line))
        self._design.show(self.list.row(line), line.checkState() == Qt.CheckState.Checked)
        self.changed.emit()

    def _choose(self, place: int) -> None:
        self._design.choose(place if place >= 0 else None)
        self.chosen.emit()

    def _add(self) -> None:
        item = self.more.value()
        if item is not None:
            self._design.add(item)
            self.changed.emit()

    def _remove(self) -> None:
        self._design.remove()
        self.list.setFocus()  # the button has nothing to remove any more
        self.changed.emit()
