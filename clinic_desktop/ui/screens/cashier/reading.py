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
from clinic_desktop.ui.numbers import is_of
from clinic_desktop.ui.spec import Hit


class Shown(StrEnum):
    """Which bills the list shows."""

    TO_PAY = "TO_PAY"
    EXPECTED = "EXPECTED"
    PAID = "PAID"
    EARLIER = "EARLIER"


@dataclass(frozen=True, slots=True)
class AtDesk:
    """The cashier's till and the bills of the list."""

    till: TillRow | None
    bills: list[InvoiceHeadRow]
    today: list[InvoiceHeadRow]
    """Every bill of the day that is open, whatever the list shows: a card is scanned by whoever stands there."""

    @property
    def to_pay(self) -> int:
        """How many wait at the desk now."""
        return sum(1 for row in self.today if _turn(row) == 0)

    def count(self, shown: Shown) -> int:
        """How many open bills of the day belong into that list."""
        return sum(1 for row in self.today if _is_in(row, shown))


_TURNS = {None: 0, "PENDING_PAYMENT": 0, "IN_PROGRESS": 1, "CALLED": 2, "WAITING": 3, "SCHEDULED": 4}
"""Who comes to the desk next, by where the visit stands; a bill without a visit is a sale at the desk."""


def _turn(row: InvoiceHeadRow) -> int:
    return _TURNS.get(row.visit_status, 0)


def _is_in(row: InvoiceHeadRow, shown: Shown) -> bool:
    # Who is only booked may pay in advance, but is no work now.
    return (row.visit_status == "SCHEDULED") is (shown is Shown.EXPECTED)


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice and whom it is for."""

    invoice: InvoiceRow
    patient: PatientRow
    same_name: bool


def at_desk(session: Any, *, clinic_id: UUID, day: date, user_id: UUID | None, shown: Shown) -> AtDesk:
    """The till of a person and the bills of a day."""
    waiting = queries.cashier_worklist(session, clinic_id, day)
    if shown is Shown.PAID:
        bills = queries.paid_on(session, clinic_id, day)
    elif shown is Shown.EARLIER:
        bills = queries.owed_from_before(session, clinic_id, day)
    else:
        bills = sorted((row for row in waiting if _is_in(row, shown)), key=_turn)
    return AtDesk(None if user_id is None else queries.till(session, user_id), bills, waiting)


def bill(session: Any, *, invoice_id: UUID) -> Bill:
    """One invoice with its patient."""
    row = queries.invoice(session, invoice_id)
    return Bill(row, patients.patient(session, row.patient_id), patients.has_namesake(session, row.patient_id))


def find_invoices(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Invoices by their own number or a receipt's, typed or scanned."""
    if not is_of(text, "invoice", "receipt"):
        return []
    found = queries.numbered(session, text, clinic_id=clinic_id, limit=limit)
    return [Hit(f"{row.number}   {row.patient_name}", money_text(row.total), row.id, {"invoice_id": row.id}) for row in found]


def owner_of(session: Any, *, code: str) -> UUID | None:
    """The patient whose card was scanned."""
    owner = patients.patient_of_code(session, code)
    return None if owner is None else owner.id
