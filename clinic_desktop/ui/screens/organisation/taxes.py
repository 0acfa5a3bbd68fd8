"""Taxes: every rate with the days on which it holds; the one that holds today is marked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import TaxRow, tax_rates
from clinic_desktop.clinic.organisation.rules import TaxScope
from clinic_desktop.kernel.formats import date_text, percent_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Choice, DateField, Label, LineEdit, Page
from clinic_desktop.ui.widgets.percent import PercentEdit

_DETAILS = ("name", "rate_basis_points", "is_inclusive", "applies_to", "valid_from")


class TaxesScreen(Screen):
    """List and form of the rates. A rate on an invoice may only end; a new one begins the day after."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Taxes"))
        self._following: TaxRow | None = None
        self.records = RecordList(
            self,
            _("Tax rates"),
            self._columns(),
            fill=self._fill,
            save=self._save,
            new=_("New tax"),
            empty=_("No taxes: nothing is added to any price. Press F2 to add the first one."),
            form_width=340,
        )
        form, today = self.records.form, desk.today()
        form.add("name", _("Name on the bill"), LineEdit(limit=60), required=True)
        form.add("rate_basis_points", _("Rate in percent"), PercentEdit(_("Rate in percent")), required=True)
        ways = ((_("comes on top of the price"), False), (_("is in the price already"), True))
        form.add("is_inclusive", _("The tax"), Choice(_("The tax"), ways), span=2)
        scopes = [(wording.status(one), one) for one in TaxScope]
        form.add("applies_to", _("May be put on"), Choice(_("May be put on"), scopes), span=2)
        form.add("valid_from", _("First day"), DateField(_("First day"), today=today), required=True)
        form.add("valid_to", _("Last day"), DateField(_("Last day"), today=today))
        self._told = Label(tone="muted", wrap=True)
        self.records.below.addWidget(self._told)
        self.new_rate = Button(_("New rate…"), icon_name="percent")
        self.new_rate.clicked.connect(self._follow)
        self.records.add_action(self.new_rate)
        self.records.begin(may_change=desk.may(commands.add_tax))
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.TaxAdded, events.TaxCorrected, events.TaxEnded)

    def refresh(self) -> None:
        """Read the rates again."""
        self.work.read(self, tax_rates, latest="rows", then=self.records.set_rows)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _fill(self, row: TaxRow | None) -> None:
        form, like = self.records.form, row or self._following
        form["name"].setText(like.name if like else "")
        form["rate_basis_points"].set_value(row.rate_basis_points if row else None)
        form["is_inclusive"].set_value(like.is_inclusive if like else False)
        form["applies_to"].set_value(like.applies_to if like else TaxScope.ALL)
        form["valid_from"].set_value(row.valid_from if row else self._first_day())
        form["valid_to"].set_value(row.valid_to if row else None)
        if row is None:
            self._told.setText(_("An earlier rate of the same name ends by itself the day before."))
        else:
            self._told.setText(_("A rate that stands on an invoice can only end. For another rate press “New rate…”."))

    def _first_day(self) -> date:
        """A new tax from today; a further rate from tomorrow on, or after the one it follows."""
        today = self.desk.today()
        if self._following is None:
            return today
        return max(today, self._following.valid_from, self._following.valid_to or today) + timedelta(days=1)

    def _follow(self) -> None:
        """A further rate of the tax in the form."""
        self._following = self.records.record
        self.records.start_new()
        self._following = None
        if self.records.is_new:
            self.records.form["rate_basis_points"].setFocus()

    def _save(self, values: dict[str, Any], row: TaxRow | None) -> Act:
        if row is None:
            return commands.add_tax, values
        known = {"tax_configuration_id": row.id, "row_version": row.row_version}
        if all(values[name] == getattr(row, name) for name in _DETAILS):
            return commands.end_tax, {**known, "last_day": values["valid_to"]}
        return commands.correct_tax, {**known, **values}

    def _columns(self) -> list[Column]:
        return [
            Column(_("Tax"), lambda one: one.name, width=0),
            Column(
                _("Rate"), lambda one: percent_text(one.rate_basis_points), align=END, width=64, sort_key=lambda one: one.rate_basis_points
            ),
            Column(_("First day"), lambda one: date_text(one.valid_from), width=112, sort_key=lambda one: one.valid_from),
            Column(
                _("Last day"),
                lambda one: date_text(one.valid_to) if one.valid_to else "",
                width=112,
                sort_key=lambda one: one.valid_to or date.max,
            ),
            Column(_("Status"), lambda one: self._standing(one)[0], chip=lambda one: self._standing(one)[1], width=116),
            Column(_("May be put on"), lambda one: wording.status(one.applies_to), width=120, hidden=True),
        ]

    def _standing(self, row: TaxRow) -> tuple[str, Tone]:
        today = self.desk.today()
        if row.valid_from > today:
            return _("To come"), Tone.INFO
        if row.valid_to is not None and row.valid_to < today:
            return _("Ended"), Tone.NEUTRAL
        return _("Valid"), Tone.GOOD
