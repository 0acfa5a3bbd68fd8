"""Some of the days of a week, by a row of boxes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop.kernel.formats import day_name
from clinic_desktop.ui.theme.tokens import GAP_8

_ACROSS = 4


class Weekdays(QWidget):
    """Boxes for the days of the week; 0 is Monday."""

    toggled = Signal(bool)

    def __init__(self, name: str, *, without: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.boxes: dict[int, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_8)
        for place, day in enumerate(day for day in range(7) if day != without):
            box = QCheckBox(day_name(day), self)
            box.toggled.connect(self.toggled)
            grid.addWidget(box, *divmod(place, _ACROSS))
            self.boxes[day] = box
        self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> list[int] | None:
        """The chosen days; None when there is none."""
        return self.draft() or None

    def set_value(self, days: Iterable[int]) -> None:
        """Choose these."""
        chosen = set(days)
        for day, box in self.boxes.items():
            box.setChecked(day in chosen)

    def draft(self) -> list[int]:
        """The chosen days, for a draft."""
        return [day for day, box in self.boxes.items() if box.isChecked()]

    def restore(self, raw: list[int]) -> None:
        """Put a draft back."""
        self.set_value(raw)
