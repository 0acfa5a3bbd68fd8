"""The column beside the screens of an area: which there are, under headings, found by typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.rail import RailButton
from clinic_desktop.ui.spec import Area, ScreenSpec
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16
from clinic_desktop.ui.widgets.inputs import SearchBox
from clinic_desktop.ui.widgets.layout import scrolled
from clinic_desktop.ui.widgets.text import Label

_WIDTH = 224


def by_group(area: Area, specs: Sequence[ScreenSpec]) -> list[tuple[str, list[ScreenSpec]]]:
    """The screens of an area under its headings, empty headings left out; what names no known heading comes last."""
    order = {title: place for place, title in enumerate(area.groups)}
    groups: dict[str, list[ScreenSpec]] = {}
    for spec in sorted(specs, key=lambda one: (order.get(one.group, len(order)), one.order, one.code)):
        groups.setdefault(spec.group, []).append(spec)
    return list(groups.items())


class AreaIndex(QWidget):
    """Lists the screens of one area; typing narrows the list, Enter opens the first that is left."""

    chosen = Signal(str)

    def __init__(self, area: Area, specs: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "index")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(scaled(_WIDTH))
        self.area = area
        self.buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._counts: dict[str, int] = {}
        self._headings: list[tuple[Label, list[str]]] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GAP_16, 0, GAP_8)
        whole.setSpacing(GAP_8)
        self.box = SearchBox(_("Find a page of this area"), placeholder=_("Find"))
        self.box.textChanged.connect(self._narrow)
        self.box.chosen.connect(self._open_first)
        top = QVBoxLayout()
        top.setContentsMargins(GAP_12, 0, GAP_12, 0)
        top.addWidget(self.box)
        whole.addLayout(top)
        scrolled(self._list(specs), whole, 1)

    def _list(self, specs: Sequence[ScreenSpec]) -> QWidget:
        inside = QWidget()
        inside.setProperty("role", "index")
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP_8, 0, GAP_8, 0)
        column.setSpacing(GAP_4 // 2)
        for title, found in by_group(self.area, specs):
            heading = Label(_(title) if title else "", voice=Text.STRONG, tone="muted")
            heading.setContentsMargins(GAP_8, GAP_12, 0, GAP_4)
            column.addWidget(heading)
            for spec in found:
                button = RailButton(spec)
                button.clicked.connect(lambda _checked, code=spec.code: self.chosen.emit(code))
                self._group.addButton(button)
                column.addWidget(button)
                self.buttons[spec.code] = button
            self._headings.append((heading, [spec.code for spec in found]))
        column.addStretch(1)
        return inside

    @property
    def count(self) -> int:
        """The counts of all its screens together: what the rail shows."""
        return sum(self._counts.values())

    def set_badge(self, code: str, count: int) -> None:
        """Show a count at one screen."""
        self._counts[code] = count
        self.buttons[code].set_badge(count)

    def mark(self, code: str) -> None:
        """Show which screen is open."""
        if code in self.buttons:
            self.buttons[code].setChecked(True)

    def _narrow(self, words: str) -> None:
        wanted = search_form(words).split()
        for heading, codes in self._headings:
            for code in codes:
                told = search_form(f"{heading.text()} {self.buttons[code].text()}")
                self.buttons[code].setVisible(all(word in told for word in wanted))
            heading.setVisible(any(not self.buttons[code].isHidden() for code in codes))

    def _open_first(self) -> None:
        left = next((code for code, button in self.buttons.items() if not button.isHidden()), None)
        if left is not None:
            self.box.clear()
            self.chosen.emit(left)
