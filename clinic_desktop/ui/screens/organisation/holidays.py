"""Holidays by year, for the whole hospital or for one clinic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import HolidayOfYearRow, clinics, holidays_of_year
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import date_text, isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.moved_away import tell_moved_away
from clinic_desktop.ui.screens.organisation.elsewhere import Elsewhere, elsewhere, why_closed
from clinic_desktop.ui.screens.organisation.last_year import CopyHolidays
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, DateField, LineEdit, Page, keyed

_YEARS_BACK, _YEARS_AHEAD = 3, 3


@dataclass(frozen=True, slots=True)
class Year:
    """The holidays of a year, those of the year before, the clinics that may have one, and those of other sites."""

    rows: Sequence[HolidayOfYearRow]
    before: Sequence[HolidayOfYearRow]
    clinics: Sequence[tuple[str, UUID]]
    elsewhere: Elsewhere


def read_year(session: Any, *, year: int) -> Year:
    """What the screen shows of a year."""
    places = [(one.name, one.id) for one in clinics(session)]
    return Year(holidays_of_year(session, year=year), holidays_of_year(session, year=year - 1), places, elsewhere(session))


class HolidaysScreen(Screen):
    """List and form of one year's holidays; on them nobody is booked."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._before: Sequence[HolidayOfYearRow] = ()
        self._clinics: Sequence[tuple[str, UUID]] = ()
        self._elsewhere: Elsewhere = {}
        this = desk.today().year
        self._years = range(this - _YEARS_BACK, this + _YEARS_AHEAD + 1)
        self.year = Choice(_("Year"), [(str(one), one) for one in self._years])
        self.year.set_value(this)
        self.year.setFixedWidth(scaled(110))
        self.copy = Button(_("Take over last year…"), icon_name="copy")
        self.page = Page(self, _("Holidays"), actions=[self.copy, self.year])
        self.records = RecordList(
            self,
            _("Holidays"),
            _columns(),
            fill=self._fill,
            save=self._save,
            new=_("New holiday"),
            empty=_("No holidays in this year yet. Press F2 to add one, or take over last year\u2019s."),
            form_columns=1,
            form_width=340,
        )
        form = self.records.form
        form.add("day", _("Day"), DateField(_("Day"), today=desk.today()), required=True)
        form.add("name", _("Name"), LineEdit(limit=100), required=True)
        form.add("clinic_id", _("Closed is"), Choice(_("Closed is"), placeholder=_("the whole hospital")))
        self.cancel_button = BusyButton(_("No holiday"), icon_name="calendar-check", role=None)
        self.cancel_button.clicked.connect(self._cancel)
        self.records.add_action(self.cancel_button)
        may = desk.may(commands.add_holiday)
        self.records.begin(may_change=may, closed=lambda row: why_closed(self._elsewhere, row.clinic_id))
        self.copy.setVisible(may)
        keyed(self.copy, "Ctrl+D")
        self.copy.clicked.connect(self._ask_copy)
        self.year.currentIndexChanged.connect(lambda _place: self.refresh())
        self.page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.HolidayAdded, events.ClinicAdded, events.ClinicChanged)

    def refresh(self) -> None:
        """Read the year again."""
        self.work.read(self, read_year, latest="year", then=self._show, year=self.year.value())

    def draft(self) -> dict[str, Any] | None:
        """What is typed, and the year it is about."""
        typed = self.records.draft()
        return None if typed is None else {"year": self.year.value(), **typed}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)
        self.year.set_value(draft["year"])

    def _show(self, found: Year) -> None:
        self._before, self._clinics, self._elsewhere = found.before, found.clinics, found.elsewhere
        self._offer_clinics(self.records.record)
        self.records.set_rows(found.rows)
        year = self.year.value()
        self.copy.setText(_("Take over {year}…").format(year=year - 1))
        keyed(self.copy, "Ctrl+D")
        self.copy.setEnabled(bool(found.before))
        self.page.subtitle.setText(ngettext("{n} holiday", "{n} holidays", len(found.rows)).format(n=len(found.rows)))

    def _fill(self, row: HolidayOfYearRow | None) -> None:
        form = self.records.form
        form["day"].set_value(row.day if row else None)
        form["name"].setText(row.name if row else "")
        self._offer_clinics(row)
        form["clinic_id"].set_value(row.clinic_id if row else None)
        form["day"].setEnabled(row is None)
        form["clinic_id"].setEnabled(row is None)

    def _offer_clinics(self, row: HolidayOfYearRow | None) -> None:
        known = None if row is None else row.clinic_id
        self.records.form["clinic_id"].set_options([one for one in self._clinics if one[1] not in self._elsewhere or one[1] == known])

    def _save(self, values: dict[str, Any], row: HolidayOfYearRow | None) -> Act | None:
        if row is not None:
            return commands.rename_holiday, {"holiday_id": row.id, "row_version": row.row_version, "name": values["name"]}
        if values["day"].year not in self._years:
            error = InvalidInput("day", "out_of_range", low=self._years[0], high=self._years[-1])
            self.records.refuse(error)
            return None
        self.year.blockSignals(True)  # the list is read once, after the save
        self.year.set_value(values["day"].year)
        self.year.blockSignals(False)
        return commands.add_holiday, values

    def _cancel(self) -> None:
        row = self.records.record
        if row is not None:
            self.cancel_button.run(
                self.work,
                self,
                commands.cancel_holiday,
                then=lambda _nothing: self._cancelled(row),
                failed=self.records.refuse,
                holiday_id=row.id,
            )

    def _cancelled(self, row: HolidayOfYearRow) -> None:
        def undo() -> None:
            self.work.do(self, commands.add_holiday, day=row.day, name=row.name, clinic_id=row.clinic_id)

        self.desk.toast(_("{name} is a working day again.").format(name=isolated(row.name)), tone=Tone.GOOD, undo=undo)
        self.refresh()
        tell_moved_away(self)

    def _ask_copy(self) -> None:
        CopyHolidays(self, [one for one in self._before if one.clinic_id not in self._elsewhere], self.year.value()).open()


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: one.name, width=0),
        Column(_("Day"), lambda one: date_text(one.day, weekday=True), width=168, sort_key=lambda one: one.day),
        Column(_("Closed is"), lambda one: one.clinic_name or _("the whole hospital"), width=150),
    ]
