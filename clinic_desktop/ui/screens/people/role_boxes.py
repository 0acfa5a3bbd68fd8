"""The roles of a person: a box for each, as one field of a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop.clinic.access.queries import RoleRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.people.words import role_name
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8


class RoleBoxes(QWidget):
    """Boxes in two columns; ``value()`` is the codes of those that are ticked. ``valueChanged`` when one is."""

    valueChanged = Signal()  # noqa: N815 - as Qt calls it: forms listen for that name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_8)
        self._grid.setVerticalSpacing(GAP_4)
        self._held: frozenset[str] = frozenset()

    def set_roles(self, rows: Sequence[RoleRow]) -> None:
        """Offer these roles; those out of use only to whoever holds them still."""
        ticked = frozenset(self.value())
        offered = {row.code: row for row in rows if row.is_active or row.code in ticked}
        if list(offered) != list(self.boxes):
            self._build(offered)
        self.set_value(ticked)

    def _build(self, rows: dict[str, RoleRow]) -> None:
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for place, (code, row) in enumerate(rows.items()):
            name = role_name(code, row.name)
            box = QCheckBox(name if row.is_active else _("{role} (not in use)").format(role=name), self)
            box.toggled.connect(lambda _on: self.valueChanged.emit())
            self._grid.addWidget(box, place // 2, place % 2)
            self.boxes[code] = box
            box.show()
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> tuple[str, ...]:
        """The codes of the ticked roles; those that are not offered stay as they are."""
        return tuple(sorted({code for code, box in self.boxes.items() if box.isChecked()} | (self._held - self.boxes.keys())))

    def set_value(self, codes: Iterable[str]) -> None:
        """Tick these."""
        self._held = frozenset(codes)
        for code, box in self.boxes.items():
            box.setChecked(code in self._held)

    def draft(self) -> list[str]:
        """What is ticked."""
        return list(self.value())

    def restore(self, codes: list[str]) -> None:
        """Tick it again."""
        self.set_value(codes)
