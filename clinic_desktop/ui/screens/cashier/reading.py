"""What the cashier's desk reads, each in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow, InvoiceRow, PaymentRow, TillRow
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES, InvoiceStatus
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.card_warning import warning_of
from clinic_desktop.ui.finding import asked_on, with_warning
from clinic_desktop.ui.numbers import is_of
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.widgets import beside


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
    """An invoice and whom it is for; ``elsewhere`` are the clinics of other sites that it or its payments belong to."""

    invoice: InvoiceRow
    patient: PatientRow
    same_name: bool
    elsewhere: frozenset[UUID]

    @property
    def is_elsewhere(self) -> bool:
        """Whether another site wrote the bill, and alone may change it."""
        return self.invoice.clinic_id in self.elsewhere

    @property
    def refundable(self) -> list[PaymentRow]:
        """The payments of which something can go back here; what another site took goes back there."""
        return [one for one in self.invoice.payments if one.amount > one.refunded and one.clinic_id not in self.elsewhere]

    @property
    def is_payable(self) -> bool:
        """Whether money can be taken here: another site's draft gets its number there first."""
        invoice = self.invoice
        is_draft = invoice.status is InvoiceStatus.DRAFT
        return (
            invoice.status in OPEN_STATUSES
            and bool(invoice.lines)
            and bool(invoice.balance or is_draft)
            and not (is_draft and self.is_elsewhere)
        )


def at_desk(session: Any, *, clinic_id: UUID, day: date, user_id: UUID | None, shown: Shown) -> AtDesk:
    """The till of a person and the bills of a day."""
    waiting = queries.cashier_worklist(session, clinic_id, day)
    if shown is Shown.PAID:
        bills = queries.paid_on(session, clinic_id, day)
    elif shown is Shown.EARLIER:
        bills = queries.owed_from_before(session, clinic_id, day)
    else:
        bills = sorted((row for row in waiting if _is_in(row, shown)), key=_turn)
    return AtDesk(None if user_id is None else queries.till(session, user_id, clinic_id), bills, waiting)


def bill(session: Any, *, invoice_id: UUID) -> Bill:
    """One invoice with its patient."""
    row = queries.invoice(session, invoice_id)
    named = {row.clinic_id, *(paid.clinic_id for paid in row.payments)}
    elsewhere = frozenset(one for one in named if organisation.is_elsewhere(session, one))
    patient = patients.survivor(session, row.patient_id)
    return Bill(row, patient, patients.has_namesake(session, patient.id), elsewhere)


def find_invoices(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Bills by their own number or a receipt's, typed or scanned, or what a patient owes: of every clinic, and it says of which."""
    fault = None
    if is_of(text, "invoice", "receipt"):
        kind = "invoice" if is_of(text, "invoice") else "receipt"
        number = organisation.in_full(session, kind, text, clinic_id=clinic_id)
        found = queries.numbered(session, number, clinic_id=clinic_id, limit=limit)
    else:
        meant = patients.meant_by(session, text, today=asked_on(session), limit=limit)
        found, fault = queries.owed_by(session, meant.patient_ids, clinic_id=clinic_id, limit=limit), meant.fault
    return [with_warning(_hit(row, clinic_id), fault) for row in found]


def _hit(row: InvoiceHeadRow, clinic_id: UUID) -> Hit:
    return Hit(f"{row.number or _('Draft')}   {row.patient_name}", _detail(row, clinic_id), row.id, {"invoice_id": row.id})


def _detail(row: InvoiceHeadRow, clinic_id: UUID) -> str:
    return beside(money_text(row.total), None if row.clinic_id == clinic_id else row.clinic_name)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose card, booking or queue token was scanned, and what is owed by that patient in any clinic."""

    patient_id: UUID
    owed: list[InvoiceHeadRow]
    warning: str = ""


def owner_of(session: Any, *, code: str, clinic_id: UUID, today: date) -> Owner | None:
    """Whose a scanned code is."""
    owner, warning = _owner(session, code, today)
    return None if owner is None else Owner(owner, queries.owed_by(session, [owner], clinic_id=clinic_id), warning)


def _owner(session: Any, code: str, today: date) -> tuple[UUID | None, str]:
    if is_of(code, "queue"):
        visit = frontdesk.visit_of_token(session, code)
        return None if visit is None else visit.patient_id, ""
    if is_of(code, "appointment"):
        booking = frontdesk.appointment_by_booking_id(session, code)
        return None if booking is None else booking.patient_id, ""
    found = patients.scanned_card(session, code, today=today)
    return (None, "") if found is None else (found.patient.id, warning_of(found.fault))


def owed_before(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many bills of earlier days are still owed."""
    return queries.owed_from_before_count(session, clinic_id, day)
