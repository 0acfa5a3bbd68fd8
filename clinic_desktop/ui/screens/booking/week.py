"""Seven days side by side, each with how many places are free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import DayRow
from clinic_desktop.kernel.formats import date_text, weekday_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Button, Label


def day_note(row: DayRow, today: date) -> str:
    """What a day offers, in two words."""
    if row.day < today:
        return _("passed")
    if row.closed is not None:
        return {"holiday": _("holiday"), "leave": _("on leave")}.get(row.closed, _("not in"))
    return ngettext("{n} free", "{n} free", row.free).format(n=row.free) if row.free else _("full")


class DayButton(Button):
    """A day: its date above, what is free below."""

    def __init__(self) -> None:
        super().__init__("")
        self.day = date.min
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        # The style sheet's own minimum would give the two lines too little room, and those of some scripts are higher.
        lines = self.fontMetrics().size(0, self.text()).height()
        return QSize(0, max(scaled(52), lines + GAP_8))


class WeekStrip(QWidget):
    """The week of the chosen day; ``chosen(date)``, also a week on or back."""

    chosen = Signal(object)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.title = Label(voice=Text.STRONG)
        self.back = Button("", icon_name="chevron-left", role="quiet")
        self.on = Button("", icon_name="chevron-right", role="quiet")
        self.back.setAccessibleName(_("Week before"))
        self.on.setAccessibleName(_("Week after"))
        self.today = Button(_("Today"), role="quiet")
        self.days = [DayButton() for _place in range(7)]
        self.tools = QHBoxLayout()
        """Room for the screen's own buttons."""
        head = QHBoxLayout()
        head.setSpacing(GAP_4)
        head.addWidget(self.title, 1)
        head.addLayout(self.tools)
        for button in (self.back, self.today, self.on):
            head.addWidget(button)
        strip = QHBoxLayout()
        strip.setSpacing(GAP_8)
        for day in self.days:
            strip.addWidget(day, 1)
            day.clicked.connect(lambda _checked=False, one=day: self.chosen.emit(one.day))
        self.back.clicked.connect(lambda: self.moved.emit(-1))
        self.on.clicked.connect(lambda: self.moved.emit(1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addLayout(head)
        column.addLayout(strip)

    def focus_day(self, day: date) -> None:
        """Put the focus on a day."""
        next(button for button in self.days if button.day == day).setFocus()

    def show_week(self, rows: Sequence[DayRow], chosen: date, today: date) -> None:
        """Show these seven days."""
        self.title.setText(f"{date_text(rows[0].day)} – {date_text(rows[-1].day)}")
        for button, row in zip(self.days, rows, strict=True):
            note = day_note(row, today)
            button.day = row.day
            button.setText(f"{weekday_text(row.day)}\n{note}")
            button.updateGeometry()
            button.setAccessibleName(f"{date_text(row.day, weekday=True)}, {note}")
            button.setEnabled(row.day >= today)
            mark(button, "role", "primary" if row.day == chosen else None)
