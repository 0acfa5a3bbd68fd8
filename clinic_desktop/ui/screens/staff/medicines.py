"""Medicines: what they are, what they cost, and when they are ordered again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from clinic_desktop.clinic.organisation.rules import TaxScope
from clinic_desktop.clinic.stock import commands, events
from clinic_desktop.clinic.stock.importing import plan_medicines
from clinic_desktop.clinic.stock.queries import MedicineRow, medicines
from clinic_desktop.clinic.stock.rules import medicine_title
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.files import FileButtons, FileList
from clinic_desktop.ui.screens.staff.taxes import TaxChoices, tax_choices
from clinic_desktop.ui.screens.staff.words import active_first, add_ends, in_use_column
from clinic_desktop.ui.widgets import Choice, LineEdit, MoneyEdit, Page
from clinic_desktop.ui.widgets.numbers import NumberEdit

_LINES = ("name", "generic_name", "ingredients", "strength", "form", "manufacturer", "schedule", "category", "barcode", "storage_location")
_NUMBERS = ("pack_size", "min_stock", "max_stock", "reorder_quantity")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The medicines, and the taxes that they may carry."""

    rows: Sequence[MedicineRow]
    taxes: TaxChoices


def shelf(session: Any, *, today: date) -> Shelf:
    """All that the screen shows."""
    return Shelf(active_first(medicines(session, with_inactive=True)), tax_choices(session, TaxScope.MEDICINES, today=today))


class MedicinesScreen(Screen):
    """List and form of the medicines."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._taxes = TaxChoices((), {})
        self._wanted: UUID | None = None
        self.files = FileButtons(
            self, FileList("medicines", _("Medicines"), plan_medicines, commands.import_medicines, commands.export_medicines)
        )
        page = Page(self, _("Medicines"), actions=[self.files.bring, self.files.take])
        self.records = RecordList(
            self,
            _("Medicines"),
            _columns(),
            fill=self._fill,
            save=self._save,
            new=_("New medicine"),
            empty=_("No medicines yet. Press F2 to add the first one, or import your list."),
            form_width=400,
        )
        self._add_fields()
        add_ends(
            self.records,
            (_("Withdraw"), commands.deactivate_item),
            (_("Use again"), commands.restore_item),
            lambda row: {"item_id": row.item_id},
        )
        self.records.begin(may_change=desk.may(commands.change_medicine))
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.ItemSaved, events.ItemsImported)

    def _add_fields(self) -> None:
        form, currency = self.records.form, self.desk.place.currency
        form.add("code", _("Code"), LineEdit(limit=40), required=True)
        form.add("barcode", _("Barcode"), LineEdit(limit=60))
        form.add("name", _("Name"), LineEdit(), required=True, span=2)
        form.add("generic_name", _("Generic name"), LineEdit(), span=2)
        form.add("ingredients", _("Ingredients"), LineEdit(placeholder=_("those of the generic name")), span=2)
        form.add("strength", _("Strength"), LineEdit(limit=60))
        form.add("form", _("Form"), LineEdit(limit=60))
        form.add("unit", _("Unit that is counted"), LineEdit(limit=20, placeholder=_("tablet")), required=True)
        form.add("pack_size", _("Units in a pack"), NumberEdit(_("Units in a pack")), required=True)
        form.add("price", _("Price of a unit"), MoneyEdit(_("Price"), currency), required=True)
        form.add("cost", _("Cost of a unit"), MoneyEdit(_("Cost"), currency), required=True)
        form.add("tax_configuration_id", _("Tax"), Choice(_("Tax"), placeholder=_("No tax")))
        form.add("storage_location", _("Shelf"), LineEdit(limit=80))
        form.add("min_stock", _("Least stock"), NumberEdit(_("Least stock")), required=True)
        form.add("max_stock", _("Most stock"), NumberEdit(_("Most stock")))
        form.add("reorder_quantity", _("Order quantity"), NumberEdit(_("Order quantity")))
        form.add("category", _("Category"), LineEdit(limit=80))
        form.add("manufacturer", _("Manufacturer"), LineEdit())
        form.add("schedule", _("Schedule"), LineEdit(limit=20))
        form.add("is_controlled", _("Dispensing"), QCheckBox(_("Controlled medicine")), span=2)

    def refresh(self) -> None:
        """Read the medicines again."""
        self.work.read(self, shelf, latest="rows", then=self._show, today=self.desk.today())

    def open(self, *, medicine_id: UUID | None = None, **_what: Any) -> None:
        """Show one."""
        if medicine_id is not None and not self.records.choose(medicine_id):
            self._wanted = medicine_id

    def scanned(self, code: str) -> bool:
        """A barcode shows its medicine, or goes into the form of a new one."""
        found = next((one for one in self.records.table.rows if code in (one.barcode, one.code)), None)
        if found is not None:
            self.records.choose(found.id)
        elif self.records.is_new:
            self.records.form["barcode"].setText(code)
        return found is not None or self.records.is_new

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _show(self, found: Shelf) -> None:
        self._taxes = found.taxes
        self.records.form["tax_configuration_id"].set_options(found.taxes.options)
        self.records.set_rows(found.rows)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.records.choose(wanted)

    def _fill(self, row: MedicineRow | None) -> None:
        form = self.records.form
        for name in ("code", "unit", *_LINES):
            edit: QLineEdit = form[name]
            edit.setText((getattr(row, name) if row else None) or "")
        for name in _NUMBERS:
            form[name].set_value(getattr(row, name) if row else {"pack_size": 1, "min_stock": 0}.get(name))
        for name in ("price", "cost"):
            form[name].set_value(getattr(row, name) if row else None)
        form["tax_configuration_id"].set_value(self._taxes.shown(row.tax_configuration_id) if row else None)
        form["is_controlled"].setChecked(row.is_controlled if row else False)

    def _save(self, values: dict[str, Any], row: MedicineRow | None) -> Act:
        if row is None:
            return commands.add_medicine, values
        return commands.change_medicine, {"medicine_id": row.id, "row_version": row.row_version, **values}


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: medicine_title(one.name, one.strength), width=0),
        Column(_("Generic name"), lambda one: one.generic_name or "", width=0),
        Column(_("Price"), lambda one: money_text(one.price), align=END, width=84, sort_key=lambda one: one.price.minor),
        in_use_column(_("Withdrawn")),
        Column(_("Strength"), lambda one: one.strength or "", width=92, hidden=True),
        Column(_("Code"), lambda one: one.code, width=110, hidden=True),
        Column(_("Barcode"), lambda one: one.barcode or "", width=130, hidden=True),
        Column(_("Shelf"), lambda one: one.storage_location or "", width=90, hidden=True),
        Column(_("Unit"), lambda one: one.unit, width=80, hidden=True),
    ]
