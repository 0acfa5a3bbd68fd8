"""The week of a doctor: a column for each day, a card for each span of hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.clinic.staff.queries import ScheduleRow
from clinic_desktop.kernel.formats import date_text, day_name, isolated, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Button, Card, Label, scrolled


class DayColumn(Card):
    """One day of the week."""

    def __init__(self, week: WeekView, weekday: int) -> None:
        super().__init__(day_name(weekday), week)
        self._week, self._weekday = week, weekday
        self.spans: dict[ScheduleRow, Button] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP_8)
        self._none = Label(_("Free"), self, tone="muted")
        self.add = Button(_("Add"), icon_name="plus", role="quiet", parent=self)
        self.copy = Button(_("Copy…"), icon_name="copy", role="quiet", parent=self)
        for button, words in ((self.add, _("Add hours on {day}")), (self.copy, _("Copy the hours of {day}"))):
            button.setAccessibleName(words.format(day=day_name(weekday)))
        layout = self.layout()
        if layout is not None:  # seven of them stand side by side on a small screen
            layout.setContentsMargins(GAP_8, GAP_8, GAP_8, GAP_8)
        self.copy.hide()
        self.body.addWidget(self._none)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.body.addWidget(self.add)
        self.body.addWidget(self.copy)
        self.add.clicked.connect(lambda: week.add_wanted.emit(weekday))
        self.copy.clicked.connect(lambda: week.copy_wanted.emit(weekday))

    def show_rows(self, rows: Sequence[ScheduleRow], today: date) -> None:
        """Show the hours of this day."""
        if list(self.spans) == list(rows):
            return
        for former in self.spans.values():
            self._list.removeWidget(former)
            former.hide()
            former.deleteLater()
        self.spans = {}
        for one in rows:
            button = Button(_words(one, today), parent=self)
            button.setAccessibleName(f"{day_name(one.weekday)}, {button.text()}".replace("\n", ", "))
            button.setProperty("flush", True)
            button.setMinimumHeight(scaled(20) * (1 + button.text().count("\n")) + GAP_8)
            button.setToolTip(_("Enter changes these hours, the right button ends them."))
            button.clicked.connect(lambda _checked, one=one: self._week.change_wanted.emit(one))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(lambda at, one=one: self._offer(one, at))
            self._list.addWidget(button)
            button.show()
            self.spans[one] = button
        self._none.setVisible(not rows)
        self.copy.setVisible(bool(rows))

    def _offer(self, row: ScheduleRow, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("pencil"), _("Change…")).triggered.connect(lambda: self._week.change_wanted.emit(row))
        menu.addAction(icon("calendar-off"), _("End…")).triggered.connect(lambda: self._week.end_wanted.emit(row))
        menu.popup(self.spans[row].mapToGlobal(at))


class WeekView(QWidget):
    """The days from Monday to Sunday."""

    add_wanted = Signal(int)
    copy_wanted = Signal(int)
    change_wanted = Signal(object)
    end_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        self.days = [DayColumn(self, weekday) for weekday in range(7)]
        for day in self.days:
            across.addWidget(day, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        scrolled(inside, whole)

    def show_rows(self, rows: Sequence[ScheduleRow], today: date) -> None:
        """Show these hours."""
        for weekday, day in enumerate(self.days):
            day.show_rows([one for one in rows if one.weekday == weekday], today)


def _words(row: ScheduleRow, today: date) -> str:
    lines = [f"{isolated(time_text(row.start))} –", isolated(time_text(row.end)), _("{n} min").format(n=row.slot_minutes)]
    if row.max_patients > 1:
        lines.append(_("{n} at a time").format(n=row.max_patients))
    if row.room:
        lines.append(_("Room {room}").format(room=isolated(f"{row.room[:8]}{'…' if len(row.room) > 8 else ''}")))
    if row.valid_from > today:
        lines += [_("from"), date_text(row.valid_from)]
    if row.valid_to is not None:
        lines += [_("until"), date_text(row.valid_to)]
    return "\n".join(lines)
