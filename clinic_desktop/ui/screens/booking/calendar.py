"""A doctor's week and the places of one of its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import DayRow
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.booking.slots import SlotGrid
from clinic_desktop.ui.screens.booking.week import WeekStrip
from clinic_desktop.ui.theme.tokens import GAP_12


class DoctorCalendar(QWidget):
    """The chosen day and place; ``day_changed`` asks for the days to be read, ``picked`` and ``entered`` are about a place."""

    day_changed = Signal()
    picked = Signal()
    entered = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.day: date = desk.today()
        self.week = WeekStrip()
        self.slots = SlotGrid(desk.place.timezone, desk.now)
        self._seeks_day, self._seeks_focus = True, False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.week)
        column.addWidget(self.slots, 1)
        self.week.chosen.connect(self.choose_day)
        self.week.moved.connect(lambda weeks: self.choose_day(self.day + timedelta(weeks=weeks), seeking=True))
        self.week.today.clicked.connect(lambda: self.choose_day(desk.today()))
        self.slots.picked.connect(lambda _start: self.picked.emit())
        self.slots.entered.connect(lambda _start: self.entered.emit())

        for keys, does, days in (
            ("Ctrl+Right", _("Next day"), 1),
            ("Ctrl+Left", _("Day before"), -1),
            ("Ctrl+PgDown", _("Next week"), 7),
            ("Ctrl+PgUp", _("Week before"), -7),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setWhatsThis(does)
            shortcut.activated.connect(partial(self.step, days))

    @property
    def start(self) -> datetime | None:
        """The chosen place."""
        return self.slots.chosen

    def choose_day(self, day: date, *, seeking: bool = False) -> None:
        """Go to a day, not into the past; ``seeking`` goes on to the next one with a free place in its week."""
        self.day, self._seeks_day = max(day, self._desk.today()), seeking
        self.day_changed.emit()

    def want(self, day: date | None, start: datetime | None) -> None:
        """Go to a day or to a place of one; where that is not free the first free one of its day is offered, as ever."""
        if start is not None:
            self.slots.chosen, day = start, business_date(start, self._desk.place.timezone)
        if day is not None:
            self.choose_day(day)

    def step(self, days: int) -> None:
        """Go on or back by days, the hands on the places."""
        if self.day + timedelta(days=days) >= self._desk.today():
            self._seeks_focus = True
            self.choose_day(self.day + timedelta(days=days))

    def want_focus(self) -> None:
        """Put the focus on the first free place once the days are read."""
        self._seeks_focus = True

    def show_days(self, days: Sequence[DayRow], *, may_focus: bool) -> None:
        """Show the week of the chosen day."""
        shown = next((one for one in days if one.day == self.day), days[0])
        if self._seeks_day and not shown.free:
            shown = next((one for one in days if one.free and one.day >= self.day), shown)
        self.day, self._seeks_day = shown.day, False
        self.week.show_week(days, self.day, self._desk.today())
        self.slots.show_day(shown)
        if self._seeks_focus and may_focus:
            self._seeks_focus = False
            if not self.slots.focus_first():
                # In the search box Ctrl and the arrows would move by words, and not to another day.
                self.week.focus_day(self.day)
