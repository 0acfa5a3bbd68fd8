"""What was invoiced on a day, beside what was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.billing.tallies.days import currency
from clinic_desktop.kernel.checks import minor
from clinic_desktop.kernel.money import Money


@dataclass(frozen=True, slots=True)
class DayBillingRow:
    """The invoices of one day in sum; shares are of the net lines, as invoiced."""

    invoices: int
    billed: Money
    discounts: Money
    tax: Money
    outstanding: Money
    doctors_share: Money
    center_share: Money


def day_billing(session: Session, clinic_id: UUID, day: date) -> DayBillingRow:
    """Issued invoices of a clinic's business date."""
    zero = Money.zero(currency(session))
    issued = (
        Invoice.clinic_id == clinic_id,
        Invoice.business_date == day,
        Invoice.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED)),
    )
    owed = func.sum(case((minor(Invoice.balance) > 0, Invoice.balance)))  # what one patient gets back is not what another owes
    sums = select(func.count(), func.sum(Invoice.total), func.sum(Invoice.discount), func.sum(Invoice.tax), owed)
    count, billed, discounts, tax, outstanding = session.execute(sums.where(*issued)).one()
    of_lines = select(func.sum(InvoiceItem.doctor_share), func.sum(InvoiceItem.center_share)).join(Invoice)
    doctors, center = session.execute(of_lines.where(*issued, InvoiceItem.removed_at.is_(None))).one()
    amounts = (billed, discounts, tax, outstanding, doctors, center)
    return DayBillingRow(count, *(amount or zero for amount in amounts))
