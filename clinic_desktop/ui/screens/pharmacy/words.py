"""How the pharmacy words doses, batches, stock and warnings."""

from __future__ import annotations

from datetime import date, datetime

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.queries import PrescriptionItemRow
from clinic_desktop.clinic.clinical.rules import PrescriptionWarning, WarningKind
from clinic_desktop.clinic.pharmacy.queries import WorkRow
from clinic_desktop.clinic.pharmacy.rules import StockStatus
from clinic_desktop.kernel.formats import date_text, isolated, money_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside, directed

STOCK_TONES = {StockStatus.FULL: Tone.GOOD, StockStatus.PARTIAL: Tone.WARN, StockStatus.NONE: Tone.BAD}


def stock_text(row: WorkRow) -> str:
    """Whether the shelf can give what is owed."""
    return wording.status(row.stock)


def waited(row: WorkRow, now: datetime) -> int:
    """For how many minutes a prescription has been waiting since it was signed."""
    since = row.prescription.activated_at
    return 0 if since is None else max(int((now - since).total_seconds() // 60), 0)


def waited_text(row: WorkRow, now: datetime, today: date) -> str:
    """Minutes of waiting; an earlier day's prescription says its date."""
    if row.prescription.business_date != today:
        return date_text(row.prescription.business_date)
    return _("{n} min").format(n=waited(row, now))


def dose_text(item: PrescriptionItemRow) -> str:
    """How the medicine is to be taken."""
    days = ngettext("{n} day", "{n} days", item.duration_days).format(n=item.duration_days)
    return beside(f"{item.dose.normalize():f} {item.unit}", wording.status(item.frequency), days, item.instructions)


def batch_text(number: str, expiry: date | None, quantity: int, price: Money) -> str:
    """Units of a batch at their price."""
    until = _("no expiry") if expiry is None else _("expires {day}").format(day=date_text(expiry))
    units = _("{quantity} at {price}").format(quantity=quantity, price=money_text(price))
    return beside(_("Batch {number}").format(number=number), until, units)


def warning_text(warning: PrescriptionWarning) -> str:
    """Why to think again."""
    named = {"medicine": isolated(warning.medicine), "other": isolated(warning.other)}
    if warning.kind is WarningKind.ALLERGY:
        return directed(_("{medicine}: the patient is allergic to {allergy}.").format(allergy=isolated(warning.detail), **named))
    return directed(_("{medicine}: {ingredient} is in {other} too.").format(ingredient=isolated(warning.detail), **named))
