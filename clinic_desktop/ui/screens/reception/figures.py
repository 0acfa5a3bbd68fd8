"""The day in six figures, each of which shows only its patients: by click, by Ctrl and its number, and once more for all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import DayCounts, VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.reception.words import did_not_come
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets import Stat, keyed

IN_ROOM = (VisitStatus.CALLED, VisitStatus.IN_PROGRESS)
SHOWS: dict[str, Callable[[VisitRow], bool]] = {
    "expected": lambda one: one.status is VisitStatus.SCHEDULED,
    "waiting": lambda one: one.status is VisitStatus.WAITING,
    "in_room": lambda one: one.status in IN_ROOM,
    "to_pay": lambda one: one.status is VisitStatus.PENDING_PAYMENT,
    "done": lambda one: one.status is VisitStatus.COMPLETED,
    "no_show": did_not_come,
}
"""Which visits stand behind each figure."""

UNSIGNED = "unsigned"
"""No figure, but shown like one: who is here and has consents to sign."""


class Figure(QPushButton):
    """A figure that can be pressed."""

    def __init__(self, caption: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # by its key: Tab goes from the search straight to the list
        self.stat = Stat(caption)
        self._caption = caption
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_12, GAP_8, GAP_12, GAP_8)
        self._column.addWidget(self.stat)
        self.toggled.connect(lambda _on: self._name())
        self._name()

    @property
    def figure(self) -> str:
        """What the figure says."""
        return self.stat.figure

    def show_figure(self, text: str) -> None:
        """Show another figure."""
        self.stat.show_figure(text)
        self._name()

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._column.sizeHint()

    def _name(self) -> None:
        said = f"{self._caption}: {self.figure}"
        self.setAccessibleName(_("{figure}, only these are shown").format(figure=said) if self.isChecked() else said)


class Figures(QWidget):
    """Six figures of which at most one is pressed; ``chosen(name)``, empty for all."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        captions = {
            "expected": _("Expected"),
            "waiting": _("Waiting"),
            "in_room": _("In the room"),
            "to_pay": _("To pay"),
            "done": _("Done"),
            "no_show": _("Did not come"),
        }
        self.figures = {name: Figure(caption, self) for name, caption in captions.items()}
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        for number, (name, one) in enumerate(self.figures.items(), start=1):
            across.addWidget(one, 1)
            one.setText(captions[name])
            keyed(one, f"Ctrl+{number}")
            one.setText("")
            one.clicked.connect(lambda on, name=name: self._pressed(name if on else ""))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()  # a button's own least height is that of a line: on a low screen the figures would be cut

    @property
    def choice(self) -> str:
        """The figure that is pressed."""
        return next((name for name, one in self.figures.items() if one.isChecked()), "")

    def show_counts(self, counts: DayCounts) -> None:
        """Show the day."""
        shown = {
            "expected": counts.expected,
            "waiting": counts.waiting,
            "in_room": counts.called + counts.in_room,
            "to_pay": counts.to_pay,
            "done": counts.done,
            "no_show": counts.no_show,
        }
        for name, number in shown.items():
            self.figures[name].show_figure(number_text(number))

    def choose(self, name: str) -> None:
        """Press one, or none."""
        for other, one in self.figures.items():
            one.setChecked(other == name)
        self.chosen.emit(name)

    def _pressed(self, name: str) -> None:
        self.choose(name)
