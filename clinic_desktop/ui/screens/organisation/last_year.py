"""Taking over last year's holidays that fall on the same date again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands
from clinic_desktop.clinic.organisation.queries import HolidayOfYearRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, Label, scrolled
from clinic_desktop.ui.widgets.text import literal


class CopyHolidays(Dialog):
    """Each holiday of the year before with a tick; what is ticked becomes a holiday of this year."""

    def __init__(self, screen: Screen, before: Sequence[HolidayOfYearRow], year: int) -> None:
        text = _("Tick those that fall on the same date again. Feasts that move with the moon are better added by hand.")
        super().__init__(screen, _("Holidays of {year}").format(year=year), text, width=480)
        self._screen, self._year = screen, year
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        self.ticks: list[tuple[HolidayOfYearRow, QCheckBox]] = []
        for row in before:
            place = row.clinic_name or _("the whole hospital")
            tick = QCheckBox(literal(f"{date_text(_same_day(row.day, year), weekday=True)}   {row.name}   ({place})"))
            tick.setChecked(True)
            column.addWidget(tick)
            self.ticks.append((row, tick))
        column.addStretch(1)
        area = scrolled(inside)
        area.setMinimumHeight(min(scaled(32) * len(before) + GAP_8, scaled(320)))
        self.body.addWidget(area)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.take = BusyButton(_("Add"), icon_name="check")
        self.take.setDefault(True)
        self.take.clicked.connect(self._take)
        self.buttons.addWidget(self.take)
        self.take.setFocus()

    def _take(self) -> None:
        chosen = [row.id for row, tick in self.ticks if tick.isChecked()]
        self.take.run(
            self._screen.work, self, commands.copy_holidays, then=self._taken, failed=self._refused, holiday_ids=chosen, year=self._year
        )

    def _taken(self, added: int) -> None:
        said = ngettext("{n} holiday was added.", "{n} holidays were added.", added).format(n=added)
        self._screen.desk.toast(said, tone=Tone.GOOD)
        self.accept()
        self._screen.refresh()

    def _refused(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February: shown, and left out by the command
        return day
