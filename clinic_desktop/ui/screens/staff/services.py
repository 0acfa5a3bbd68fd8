"""Services and their prices: one list, priced in place, and a form for all else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.clinic.organisation.rules import TaxScope
from clinic_desktop.clinic.staff import commands, events
from clinic_desktop.clinic.staff.importing import plan_prices, plan_services
from clinic_desktop.clinic.staff.queries import ServiceRow, services
from clinic_desktop.clinic.staff.rules import PricingModel, ServiceCategory, ToothChartUse
from clinic_desktop.kernel.formats import isolated, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.files import FileButtons, FileList
from clinic_desktop.ui.screens.staff.price_cell import PriceCell
from clinic_desktop.ui.screens.staff.taxes import TaxChoices, tax_choices
from clinic_desktop.ui.screens.staff.words import active_first, add_ends, in_use_column
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Choice, LineEdit, MoneyEdit, Notes, Page, keyed
from clinic_desktop.ui.widgets.numbers import NumberEdit
from clinic_desktop.ui.widgets.percent import PercentEdit

_PRICE_COLUMN = 2


@dataclass(frozen=True, slots=True)
class Offered:
    """The services, and what they may refer to."""

    rows: Sequence[ServiceRow]
    departments: Sequence[tuple[str, UUID]]
    taxes: TaxChoices


def offered(session: Any, *, today: date) -> Offered:
    """Every service, the departments that are open or used, and the taxes that hold today or are used."""
    rows = services(session, with_inactive=True)
    used = {one.department_id for one in rows}
    places = [(one.name, one.id) for one in departments(session, with_inactive=True) if one.is_active or one.id in used]
    by_name = sorted(rows, key=lambda one: search_form(one.name))
    return Offered(active_first(by_name), places, tax_choices(session, TaxScope.SERVICES, today=today))


class ServicesScreen(Screen):
    """List and form of the services."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._taxes = TaxChoices((), {})
        prices, columns = _("code, name and price"), _("all columns")
        self.files = FileButtons(
            self,
            FileList("prices", _("Price list"), plan_prices, commands.import_prices, commands.export_prices, prices),
            FileList("services", _("Services"), plan_services, commands.import_services, commands.export_services, columns),
        )
        self.reprice = Button(_("Type prices"), icon_name="pencil")
        page = Page(self, _("Services and prices"), actions=[self.reprice, self.files.bring, self.files.take])
        self.records = RecordList(
            self,
            _("Services"),
            _columns(),
            fill=self._fill,
            save=self._save,
            new=_("New service"),
            empty=_("No services yet. Press F2 to add the first one, or import your price list."),
            form_width=388,
        )
        self._add_fields()
        add_ends(
            self.records,
            (_("Withdraw"), commands.withdraw_service),
            (_("Offer again"), commands.restore_service),
            lambda row: {"service_id": row.id},
        )
        self.records.begin(may_change=desk.may(commands.change_service))
        self.price = PriceCell(self.records, _PRICE_COLUMN, desk.place.currency, self._reprice)
        keyed(self.reprice, "F4")
        self.reprice.setEnabled(desk.may(commands.change_price))
        self.reprice.clicked.connect(self._type_prices)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.ServiceAdded, events.ServiceChanged, events.PriceChanged, events.ServicesImported)

    def _add_fields(self) -> None:
        form = self.records.form
        form.add("code", _("Code"), LineEdit(limit=20), required=True)
        form.add("price", _("Price"), MoneyEdit(_("Price"), self.desk.place.currency), required=True)
        form.add("name", _("Name"), LineEdit(limit=120), required=True, span=2)
        form.add("category", _("Category"), Choice(_("Category"), [(wording.status(one), one) for one in ServiceCategory]), required=True)
        form.add("duration_minutes", _("Minutes"), NumberEdit(_("Minutes")), required=True)
        form.add("tax_configuration_id", _("Tax"), Choice(_("Tax"), placeholder=_("No tax")))
        form.add("department_id", _("Department"), Choice(_("Department"), placeholder=_("None")))
        form.add("doctor_share_basis_points", _("Doctor's share in percent"), PercentEdit(_("Doctor's share in percent")))
        form["doctor_share_basis_points"].setPlaceholderText(_("the doctor's own"))
        form.add("pricing_model", _("The price is"), Choice(_("The price is"), [(wording.status(one), one) for one in PricingModel]))
        form.add("uses_doctor_fee", _("Fee"), QCheckBox(_("Costs what the doctor charges")), span=2)
        form.add("tooth_chart_use", _("Teeth"), Choice(_("Teeth"), [(wording.status(one), one) for one in ToothChartUse]), span=2)
        form.add("description", _("Description"), Notes(_("Description"), lines=3), span=2)

    def refresh(self) -> None:
        """Read the services again."""
        self.work.read(self, offered, latest="rows", then=self._show, today=self.desk.today())

    def open(self, *, service_id: UUID | None = None, **_what: Any) -> None:
        """Show one."""
        if service_id is not None:
            self.records.choose(service_id)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _show(self, found: Offered) -> None:
        form = self.records.form
        form["department_id"].set_options(found.departments)
        self._taxes = found.taxes
        form["tax_configuration_id"].set_options(found.taxes.options)
        self.records.set_rows(found.rows)

    def _fill(self, row: ServiceRow | None) -> None:
        form = self.records.form
        form["code"].setText(row.code if row else "")
        form["name"].setText(row.name if row else "")
        form["price"].set_value(row.price if row else None)
        form["category"].set_value(row.category if row else ServiceCategory.CONSULTATION)
        form["duration_minutes"].set_value(row.duration_minutes if row else 15)
        form["tax_configuration_id"].set_value(self._taxes.shown(row.tax_configuration_id) if row else None)
        form["department_id"].set_value(row.department_id if row else None)
        form["doctor_share_basis_points"].set_value(row.doctor_share_basis_points if row else None)
        form["pricing_model"].set_value(row.pricing_model if row else PricingModel.PER_SESSION)
        form["uses_doctor_fee"].setChecked(row.uses_doctor_fee if row else False)
        form["tooth_chart_use"].set_value(row.tooth_chart_use if row else ToothChartUse.NOT_NEEDED)
        form["description"].set_value(row.description if row else None)

    def _save(self, values: dict[str, Any], row: ServiceRow | None) -> Act:
        if row is None:
            return commands.add_service, values
        return commands.change_service, {"service_id": row.id, "row_version": row.row_version, **values}

    def _type_prices(self) -> None:
        self.price.begin()

    def _reprice(self, row: ServiceRow, price: Money) -> None:
        def told(_nothing: object) -> None:
            text = _("{service} costs {price} now.").format(service=isolated(row.name), price=money_text(price))
            self.desk.toast(text, tone=Tone.GOOD, undo=lambda: self._take_back(row))

        self.work.do(self, commands.change_price, then=told, service_id=row.id, price=price)

    def _take_back(self, row: ServiceRow) -> None:
        self.work.do(self, commands.change_price, service_id=row.id, price=row.price)


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: one.name, width=0),
        Column(_("Code"), lambda one: one.code, width=88),
        Column(_("Price"), lambda one: money_text(one.price), align=END, width=108, sort_key=lambda one: one.price.minor),
        in_use_column(_("Withdrawn")),
        Column(_("Category"), lambda one: wording.status(one.category), width=116, hidden=True),
    ]
