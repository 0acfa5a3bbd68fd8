"""What waits to be done, one button each, declared by the folders whose screens do it; nothing is shown where nothing waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import load
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens import todos
from clinic_desktop.ui.screens.reception.figures import UNSIGNED
from clinic_desktop.ui.spec import TodoSpec
from clinic_desktop.ui.widgets import Button, keyed
from clinic_desktop.ui.widgets.flow import FlowLayout

_KEYS = 10
"""The figures of the keyboard: the last one is 0."""
_EVERY = 60_000


def counted(session: Any, *, specs: Sequence[TodoSpec], clinic_id: UUID, day: date, now: datetime) -> dict[str, int]:
    """How many of each wait."""
    return {one.code: load(one.count)(session, clinic_id=clinic_id, day=day, now=now) for one in specs}


class TodoStrip(QWidget):
    """The buttons; Ctrl+Shift and the number of its place presses one."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, screen.desk
        self._specs = [one for one in todos() if one.is_for(screen.desk.actor)]
        self.buttons = {one.code: Button(_(one.title), icon_name=one.icon, role="quiet", parent=self) for one in self._specs}
        self.setLayout(FlowLayout(*self.buttons.values()))
        for one in self._specs:
            button = self.buttons[one.code]
            button.hide()
            button.setCheckable(one.open.get("figure") == UNSIGNED)
            button.clicked.connect(lambda _checked=False, spec=one: self._desk.open(spec.screen, **spec.open))
        told_by = {load(event) for one in self._specs for event in one.told_by}
        if told_by:
            screen.work.on(self, *told_by, then=lambda _events: self._count_if_seen())
        # Lateness, and a new day, are told by nobody.
        again = QTimer(self, interval=_EVERY)
        again.timeout.connect(self._count_if_seen)
        again.start()
        self.hide()

    def count(self) -> None:
        """Count again, behind what the screen itself reads."""
        if self._specs:
            desk = self._desk
            self._screen.work.read(
                self,
                counted,
                latest="todos",
                then=self._show,
                specs=self._specs,
                clinic_id=desk.clinic_id,
                day=desk.today(),
                now=desk.now(),
            )

    def mark(self, figure: str) -> None:
        """Show which of them the list of the day is about."""
        for one in self._specs:
            if one.open.get("figure") == UNSIGNED:
                self.buttons[one.code].setChecked(figure == UNSIGNED)

    def _count_if_seen(self) -> None:
        if self._screen.isVisible():
            self.count()

    def _show(self, counts: dict[str, int]) -> None:
        shown = [one for one in self._specs if counts[one.code]]
        for one in self._specs:
            button, place = self.buttons[one.code], shown.index(one) + 1 if one in shown else 0
            button.setText(f"{_(one.title)}: {number_text(counts[one.code])}")
            keyed(button, f"Ctrl+Shift+{place % _KEYS}" if 0 < place <= _KEYS else "")
            button.setVisible(place > 0)
        self.setVisible(bool(shown))
