"""When the clinic is open: one line a day, with a break where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation.hours import Span, hours_text
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import day_name
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.layout import row
from clinic_desktop.ui.widgets.text import Label
from clinic_desktop.ui.widgets.times import TimeField

_USUAL = (time(9), time(18), time(13), time(14))


class _Day:
    """The line of one day: open or not, from, to, and the break."""

    def __init__(self, day: int, step: QWidget) -> None:
        self.name = day_name(day)
        self.is_open = QCheckBox(self.name, step)
        parts = (_("opens"), _("closes"), _("break from"), _("break until"))
        self.times = [TimeField(f"{self.name}: {part}", parent=step) for part in parts]
        for place, edit in enumerate(self.times):
            edit.setObjectName(f"{day}-{place}")
            edit.setFixedWidth(scaled(96))
        self.is_open.toggled.connect(self._enable)

    def _enable(self, is_open: bool) -> None:
        for edit in self.times:
            edit.setEnabled(is_open)

    def put(self, is_open: bool, texts: Sequence[str]) -> None:
        for edit, text in zip(self.times, texts, strict=True):
            edit.setText(text)
        self.is_open.setChecked(is_open)
        self._enable(is_open)

    def spans(self) -> list[Span]:
        """The spans of the day; raises InvalidInput with the reason."""
        opens, closes, pause, goes_on = (edit.value() for edit in self.times)
        if opens is None or closes is None or (pause is None) is not (goes_on is None):
            raise InvalidInput("working_hours", "incomplete_hours")
        return [(opens, closes)] if pause is None or goes_on is None else [(opens, pause), (goes_on, closes)]


class Hours(Step):
    """A grid of seven days, in the order and with the working days of the country."""

    def __init__(self, parent: QWidget, *, first_day: int, working_days: Sequence[int]) -> None:
        super().__init__(parent)
        self.form.hide()
        self.days = {day: _Day(day, self) for day in range(7)}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_12)
        grid.setVerticalSpacing(GAP_8)
        for column, text in enumerate((_("Opens"), _("Closes"), _("Break from"), _("until")), start=1):
            grid.addWidget(Label(text, tone="muted"), 0, column)
        for place in range(7):
            one = self.days[(first_day + place) % 7]
            grid.addWidget(one.is_open, place + 1, 0)
            for column, edit in enumerate(one.times, start=1):
                grid.addWidget(edit, place + 1, column, Qt.AlignmentFlag.AlignLeading)
                edit.returnPressed.connect(self.entered)
        grid.setColumnMinimumWidth(0, scaled(150))
        grid.setColumnStretch(5, 1)
        self.column.addLayout(grid)
        self._trouble = Label(tone="bad", wrap=True)
        self._trouble.hide()
        self.column.addWidget(self._trouble)
        self._order = [(first_day + place) % 7 for place in range(7)]
        self.same = Button(_("The first open day's times for all"), icon_name="copy")
        self.same.clicked.connect(self.copy_first)
        self.column.addLayout(row(self.same))
        for day, one in self.days.items():
            one.put(day in working_days, [f"{at:%H:%M}" for at in _USUAL])

    @property
    def trouble(self) -> str:
        """What is wrong with the hours, or nothing."""
        return self._trouble.text()

    def start(self) -> None:
        """Begin with the first day."""
        self.days[self._order[0]].is_open.setFocus()

    def copy_first(self) -> None:
        """Give every open day the times of the first open one."""
        opened = [self.days[day] for day in self._order if self.days[day].is_open.isChecked()]
        for one in opened[1:]:
            one.put(True, [edit.text() for edit in opened[0].times])

    def read(self) -> dict[str, Any] | None:
        """The week as one line of text."""
        self._say(None)
        week: dict[int, list[Span]] = {}
        for day in self._order:
            one = self.days[day]
            if not one.is_open.isChecked():
                continue
            try:
                week[day] = one.spans()
                hours_text({day: week[day]})
            except InvalidInput as error:
                self._say(f"{one.name}: {wording.sentence(error)}")
                one.times[0].setFocus()
                return None
        return {"working_hours": hours_text(week)}

    def refuse(self, error: ClinicError) -> bool:
        """Everything that can be wrong is wrong with the hours."""
        if error.field is None:
            return False
        self._say(wording.sentence(error))
        return True

    def draft(self) -> dict[str, Any]:
        """Every line as it stands."""
        return {str(day): [one.is_open.isChecked(), *(edit.text() for edit in one.times)] for day, one in self.days.items()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the lines back."""
        for day, (is_open, *texts) in draft.items():
            self.days[int(day)].put(is_open, texts)

    def _say(self, text: str | None) -> None:
        self._trouble.setText(text or "")
        self._trouble.setVisible(bool(text))
