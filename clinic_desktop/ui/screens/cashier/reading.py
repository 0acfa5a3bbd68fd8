"""What the cashier's desk reads, each in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow, InvoiceRow, TillRow
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.ui.spec import Hit


class Shown(StrEnum):
    """Which bills the list shows."""

    TO_PAY = "TO_PAY"
    PAID = "PAID"
    EARLIER = "EARLIER"


@dataclass(frozen=True, slots=True)
class AtDesk:
    """The cashier's till and the bills of the list."""

    till: TillRow | None
    bills: list[InvoiceHeadRow]
    to_pay: int
    """How many wait at the desk now, whatever the list shows."""


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice and whom it is for."""

    invoice: InvoiceRow
    patient: PatientRow
    same_name: bool


def at_desk(session: Any, *, clinic_id: UUID, day: date, user_id: UUID | None, shown: Shown) -> AtDesk:
    """The till of a person and the bills of a day."""
    waiting = queries.cashier_worklist(session, clinic_id, day)
    bills = waiting
    if shown is Shown.PAID:
        bills = queries.paid_on(session, clinic_id, day)
    elif shown is Shown.EARLIER:
        bills = queries.owed_from_before(session, clinic_id, day)
    ready = sum(1 for row in waiting if row.visit_status in (None, "PENDING_PAYMENT"))
    return AtDesk(None if user_id is None else queries.till(session, user_id), bills, ready)


def bill(session: Any, *, invoice_id: UUID) -> Bill:
    """One invoice with its patient."""
    row = queries.invoice(session, invoice_id)
    return Bill(row, patients.patient(session, row.patient_id), patients.has_namesake(session, row.patient_id))


def find_invoices(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Invoices by their own number or a receipt's, typed or scanned."""
    if not text.strip().upper().startswith(("INV-", "RCT-")):
        return []
    found = queries.numbered(session, text, clinic_id=clinic_id, limit=limit)
    return [Hit(f"{row.number}   {row.patient_name}", money_text(row.total), row.id, {"invoice_id": row.id}) for row in found]


def owner_of(session: Any, *, code: str) -> UUID | None:
    """The patient whose card was scanned."""
    owner = patients.patient_of_code(session, code)
    return None if owner is None else owner.id
