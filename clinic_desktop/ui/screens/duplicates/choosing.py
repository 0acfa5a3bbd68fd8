"""A row of choices for each field that two records say differently: the arrow keys choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QSizePolicy, QWidget

from clinic_desktop.clinic.patients.combining import Choice, Difference
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, ROW_HEIGHT
from clinic_desktop.ui.widgets import Label, directed
from clinic_desktop.ui.widgets.text import plain_tooltip

_CAPTION, _LONGEST = 130, 44
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A field, and what the record that stays and the other one say."""

    difference: Difference
    caption: str
    kept: str
    merged: str


class Option(QRadioButton):
    """One value; Left and Right choose its neighbour, Up and Down go to the next field."""

    stepped = Signal(int)
    left = Signal(int)

    def __init__(self, text: str, caption: str, parent: QWidget) -> None:
        shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        super().__init__(directed(shown.replace("\n", ", ").replace("&", "&&") or _("(nothing)")), parent)
        self.setToolTip(plain_tooltip(text))
        self.setAccessibleName(f"{caption}: {text or _('(nothing)')}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        if key in _STEPS:
            is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            self.stepped.emit(-_STEPS[key] if is_rtl else _STEPS[key])
        elif key in _ROWS:
            self.left.emit(_ROWS[key])
        else:
            super().keyPressEvent(event)


class ChoiceRows(QWidget):
    """All the fields that differ."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, GAP_8, 0)
        self._grid.setHorizontalSpacing(GAP_16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, scaled(_CAPTION))
        for column in (1, 2):
            self._grid.setColumnStretch(column, 2)
        self._grid.setColumnStretch(3, 1)
        self.options: dict[str, dict[Choice, Option]] = {}
        self.is_touched = False
        self._shown: list[QWidget] = []
        self._groups: list[QButtonGroup] = []

    @staticmethod
    def height_of(rows: int) -> int:
        """How high so many rows are, with their heading."""
        return scaled(ROW_HEIGHT) * (rows + 1) if rows else 0

    def show_rows(self, rows: Sequence[ChoiceRow], numbers: tuple[str, str]) -> None:
        """Offer these, each with what is suggested; above them the numbers of the two records."""
        for widget in self._shown:
            widget.setParent(None)
            widget.deleteLater()
        for group in self._groups:
            group.deleteLater()
        self._shown, self._groups, self.options, self.is_touched = [], [], {}, False
        if rows:
            for column, number in enumerate(numbers):
                self._put(Label(number, self, voice=Text.STRONG), 0, 1 + column)
        for place, one in enumerate(rows):
            self._add(1 + place, one)
        self.setVisible(bool(rows))

    def chosen(self) -> dict[str, Choice]:
        """What is taken of each field."""
        return {field: next(c for c, option in options.items() if option.isChecked()) for field, options in self.options.items()}

    def begin(self) -> None:
        """The hands go to the first field."""
        for options in self.options.values():
            next(one for one in options.values() if one.isChecked()).setFocus(Qt.FocusReason.TabFocusReason)
            return

    def choose(self, choices: Mapping[str, Choice], *, by_hand: bool = False) -> None:
        """Choose, where it is offered."""
        for field, choice in choices.items():
            if choice in self.options.get(field, {}):
                self.options[field][choice].setChecked(True)
        self.is_touched = self.is_touched or by_hand

    def _add(self, place: int, one: ChoiceRow) -> None:
        field = one.difference.field
        self._put(Label(one.caption, self, tone="muted"), place, 0)
        texts = {Choice.KEPT: one.kept, Choice.MERGED: one.merged, Choice.BOTH: _("Both")}
        group = QButtonGroup(self)
        self._groups.append(group)
        self.options[field] = {}
        for column, choice in enumerate(one.difference.choices):
            option = Option(texts[choice], one.caption, self)
            option.setMinimumHeight(scaled(ROW_HEIGHT))
            option.setChecked(choice is one.difference.suggested)
            option.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            group.addButton(option)
            self._put(option, place, 1 + column)
            self.options[field][choice] = option
            option.stepped.connect(lambda step, field=field: self._step(field, step))
            option.left.connect(lambda step, field=field: self._go(field, step))
            option.clicked.connect(self._touched)

    def _put(self, widget: QWidget, place: int, column: int) -> None:
        self._grid.addWidget(widget, place, column)
        self._shown.append(widget)
        widget.show()

    def _touched(self) -> None:
        self.is_touched = True

    def _step(self, field: str, step: int) -> None:
        """Choose the neighbour, and go there."""
        options = list(self.options[field].values())
        at = next(place for place, one in enumerate(options) if one.isChecked())
        chosen = options[min(max(at + step, 0), len(options) - 1)]
        chosen.setChecked(True)
        chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.is_touched = True

    def _go(self, field: str, step: int) -> None:
        fields = list(self.options)
        at = fields.index(field) + step
        if 0 <= at < len(fields):
            checked = next(one for one in self.options[fields[at]].values() if one.isChecked())
            checked.setFocus(Qt.FocusReason.TabFocusReason)
