"""Lines of a prescription as the doctor types them; without Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.commands import NewItem
from clinic_desktop.clinic.clinical.queries import PrescriptionItemRow, TemplateItemRow
from clinic_desktop.clinic.clinical.rules import Frequency, PrescriptionWarning, Route, WarningKind, course_quantity, parse_dose
from clinic_desktop.clinic.clinical.rules.dosing import same_unit
from clinic_desktop.clinic.stock.queries import MedicineHit
from clinic_desktop.clinic.stock.rules import medicine_title
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext

_DOSE = re.compile(r"\s*([\d.,/½¼]+)\s*(\D.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine, however it came here."""

    medicine_id: UUID
    name: str
    strength: str | None
    form: str | None
    stock_unit: str
    on_hand: int | None = None

    @property
    def title(self) -> str:
        """The name as it is written on the paper."""
        return medicine_title(self.name, self.strength)

    @classmethod
    def of(cls, hit: MedicineHit) -> Drug:
        """From the type-ahead."""
        return cls(hit.medicine_id, hit.name, hit.strength, hit.form, hit.unit, hit.on_hand)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``quantity`` is what will be handed out, in the unit of the stock."""

    drug: Drug
    dose: Decimal
    unit: str
    frequency: Frequency
    days: int
    quantity: int
    route: Route = Route.ORAL
    instructions: str | None = None
    substitution_allowed: bool = True

    def item(self) -> NewItem:
        """The line as the command takes it."""
        return NewItem(
            medicine_id=self.drug.medicine_id,
            dose=self.dose,
            unit=self.unit,
            route=self.route,
            frequency=self.frequency,
            duration_days=self.days,
            quantity=self.quantity,
            instructions=self.instructions,
            substitution_allowed=self.substitution_allowed,
        )

    def how(self) -> str:
        """Dose, frequency and days in a few words."""
        days = ngettext("{n} day", "{n} days", self.days).format(n=self.days)
        parts = (f"{number_text(self.dose.normalize())} {self.unit}", self.frequency.value, days)
        return " · ".join(isolated(part) for part in parts)  # each keeps its own direction

    def amount(self) -> str:
        """The quantity with its unit."""
        return isolated(f"{number_text(self.quantity)} {self.drug.stock_unit}")

    def where(self) -> str:
        """Route and instructions; by mouth goes without saying."""
        route = None if self.route is Route.ORAL else wording.status(self.route)
        return " · ".join(part for part in (route, self.instructions) if part)


def line_of(row: PrescriptionItemRow | TemplateItemRow) -> Line | None:
    """A line of a saved prescription or template; None where a template leaves the quantity to be typed."""
    drug = Drug(row.medicine_id, row.medicine, row.strength, row.form, row.stock_unit)
    quantity = row.quantity or computed_quantity(row.dose, row.unit, row.stock_unit, row.frequency, row.duration_days)
    if quantity is None:
        return None
    return Line(drug, row.dose, row.unit, row.frequency, row.duration_days, quantity, row.route, row.instructions, row.substitution_allowed)


def computed_quantity(dose: Decimal, unit: str, stock_unit: str, frequency: Frequency, days: int) -> int | None:
    """Dose × frequency × days; None when it must be typed."""
    return course_quantity(dose, frequency, days) if same_unit(unit, stock_unit) else None


def read_dose(text: str, stock_unit: str) -> tuple[Decimal, str]:
    """``1``, ``1/2`` or ``5 ml``: the dose and its unit, which is the stock's unless another is typed."""
    found = _DOSE.fullmatch(text)
    if found is None:
        raise InvalidInput("dose", "not_a_dose")
    return parse_dose(found[1].replace(",", ".")), (found[2] or "").strip() or stock_unit


def warning_text(warning: PrescriptionWarning) -> str:
    """One reason to think again, in words."""
    if warning.kind is WarningKind.ALLERGY:
        return _("Allergy: {substance}").format(substance=warning.detail)
    return _("{substance} is also in {other}").format(substance=warning.detail.capitalize(), other=warning.other)
