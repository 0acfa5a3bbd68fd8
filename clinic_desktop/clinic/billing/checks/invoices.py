"""Invoices: lines, totals, what was paid and credited, status, and that an issued one never changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import CreditNote, Invoice, InvoiceItem, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.rights import CREDIT_NUMBER, INVOICE_NUMBER, RECEIPT_NUMBER, REFUND_NUMBER
from clinic_desktop.clinic.billing.rules import FULL, InvoiceStatus
from clinic_desktop.clinic.organisation.checks import numbers_whole
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor, or_zero
from clinic_desktop.kernel.mending import ConflictKind, told
from clinic_desktop.kernel.replay import Values, journal_lies

_PAGE = 2_000
INVOICE_NAME = func.coalesce(Invoice.number, literal("draft ") + cast(Invoice.id, Text)).label("invoice")


@check("N1 invoice numbers")
def invoice_numbers(session: Session) -> Finding:
    """Invoice numbers are whole."""
    found = session.execute(select(Invoice.number, Invoice.clinic_id).where(Invoice.number.is_not(None)).execution_options(yield_per=_PAGE))
    return numbers_whole(session, INVOICE_NUMBER, ((number or "", clinic_id) for number, clinic_id in found))


@check("N1 receipt numbers")
def receipt_numbers(session: Session) -> Finding:
    """Receipt numbers are whole; the tenders of one receipt share its number."""
    first = Payment.tender_index == 0
    found = session.execute(select(Payment.receipt_number, Payment.clinic_id).where(first).execution_options(yield_per=_PAGE))
    return numbers_whole(session, RECEIPT_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("N1 refund numbers")
def refund_numbers(session: Session) -> Finding:
    """Refund numbers are whole."""
    found = session.execute(select(Refund.number, Refund.clinic_id).execution_options(yield_per=_PAGE))
    return numbers_whole(session, REFUND_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("N1 credit note numbers")
def credit_numbers(session: Session) -> Finding:
    """Credit note numbers are whole."""
    found = session.execute(select(CreditNote.number, CreditNote.clinic_id).execution_options(yield_per=_PAGE))
    return numbers_whole(session, CREDIT_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("M1 invoice lines")
def invoice_lines(session: Session) -> Finding:
    """Net, tax and total of every line follow from quantity, price, discount and rate, rounded half-up once."""
    line = InvoiceItem
    charged = line.quantity * minor(line.unit_price) - minor(line.discount)
    rate = line.tax_rate_basis_points
    # Half-up in whole numbers: (2 * value + divisor) / (2 * divisor), for amounts that are never negative.
    added = (2 * charged * rate + FULL) // (2 * FULL)
    within = (2 * charged * rate + FULL + rate) // (2 * (FULL + rate))
    tax = case((line.tax_is_inclusive, within), else_=added)
    net = case((line.tax_is_inclusive, charged - within), else_=charged)
    wrong = or_(minor(line.tax) != tax, minor(line.net) != net, minor(line.total) != minor(line.net) + minor(line.tax))
    found = select(INVOICE_NAME, line.description, line.net, line.tax, line.total).join(Invoice, Invoice.id == line.invoice_id)
    wording = "{invoice}, {description}: net {net}, tax {tax} and total {total} do not follow from its price and rate"
    return Finding(looked_at(session, line), tuple(lies(session, found.where(wrong), wording)))


@check("M1 invoice totals")
def invoice_totals(session: Session) -> Finding:
    """An invoice's figures are the sums of its lines; paid, credited and balance make its total."""
    item, live = InvoiceItem, InvoiceItem.removed_at.is_(None)
    sums = (
        select(
            item.invoice_id,
            func.sum(item.quantity * minor(item.unit_price)).label("subtotal"),
            func.sum(minor(item.discount)).label("discount"),
            func.sum(minor(item.tax)).label("tax"),
            func.sum(case((item.tax_is_inclusive, minor(item.tax)), else_=0)).label("tax_included"),
            func.sum(item.total).label("total"),
        )
        .where(live)
        .group_by(item.invoice_id)
        .subquery()
    )
    names = ("subtotal", "discount", "tax", "tax_included", "total")
    differs = or_(*(minor(getattr(Invoice, name)) != or_zero(minor(sums.c[name])) for name in names))
    found = select(INVOICE_NAME, Invoice.total, or_zero(sums.c.total).label("lines")).outerjoin(sums, sums.c.invoice_id == Invoice.id)
    owed = minor(Invoice.total) - minor(Invoice.paid) - minor(Invoice.credited)
    return finding(
        looked_at(session, Invoice),
        lies(session, found.where(differs), "{invoice}: its figures (total {total}) are not the sums of its lines ({lines})"),
        lies(
            session,
            select(INVOICE_NAME, Invoice.total, Invoice.paid, Invoice.credited, Invoice.balance).where(minor(Invoice.balance) != owed),
            "{invoice}: paid {paid}, credited {credited} and balance {balance} do not make {total}",
        ),
    )


@check("M1 invoice payments")
def invoice_payments(session: Session) -> Finding:
    """Paid is what was allocated less what went back; credited is what credit notes took."""
    allocated = _sum_by_invoice(PaymentAllocation, PaymentAllocation.amount)
    refunded = _sum_by_invoice(Refund, Refund.amount)
    credited = _sum_by_invoice(CreditNote, CreditNote.amount)
    kept = or_zero(minor(allocated.c.amount)) - or_zero(minor(refunded.c.amount))
    found = (
        select(INVOICE_NAME, Invoice.paid, Invoice.credited, kept.label("kept"), or_zero(credited.c.amount).label("noted"))
        .outerjoin(allocated, allocated.c.invoice_id == Invoice.id)
        .outerjoin(refunded, refunded.c.invoice_id == Invoice.id)
        .outerjoin(credited, credited.c.invoice_id == Invoice.id)
    )
    return finding(
        looked_at(session, Invoice),
        lies(session, found.where(minor(Invoice.paid) != kept), "{invoice}: paid {paid}, the payments kept for it are {kept} minor units"),
        lies(
            session,
            found.where(minor(Invoice.credited) != or_zero(minor(credited.c.amount))),
            "{invoice}: credited {credited}, its credit notes add up to {noted}",
        ),
    )


def _sum_by_invoice(table: Any, amount: Any) -> Any:
    return select(table.invoice_id, func.sum(amount).label("amount")).group_by(table.invoice_id).subquery()


@check("M1 invoice status")
def invoice_status(session: Session) -> Finding:
    """The status of an issued invoice follows from its money; an issued one has lines; only sites apart take too much."""
    paid, credited, total = minor(Invoice.paid), minor(Invoice.credited), minor(Invoice.total)
    wanted = case(
        (and_(paid + credited >= total, credited > 0, paid == 0), InvoiceStatus.CANCELLED.value),
        (paid + credited >= total, InvoiceStatus.PAID.value),
        (Invoice.status == InvoiceStatus.OVERDUE, InvoiceStatus.OVERDUE.value),
        (paid > 0, InvoiceStatus.PARTIAL.value),
        else_=InvoiceStatus.PENDING.value,
    )
    is_issued = Invoice.number.is_not(None)
    has_lines = exists().where(and_(InvoiceItem.invoice_id == Invoice.id, InvoiceItem.removed_at.is_(None)))
    found = select(INVOICE_NAME, Invoice.status, wanted.label("wanted"))
    untold = and_(minor(Invoice.balance) < 0, Invoice.id.not_in(told(session, ConflictKind.OVERPAID)))
    overpaid = select(INVOICE_NAME, (-minor(Invoice.balance)).label("over")).where(untold)
    return finding(
        looked_at(session, Invoice, is_issued),
        lies(session, found.where(is_issued, cast(Invoice.status, Text) != wanted), "{invoice} is {status}, its money says {wanted}"),
        lies(session, found.where(is_issued, ~has_lines), "{invoice} was issued without lines"),
        lies(session, overpaid, "{invoice} was paid {over} minor units too much, and nobody was told"),
    )


_ISSUED_FIELDS = (
    *("number", "clinic_id", "patient_id", "visit_id", "business_date", "subtotal", "discount", "tax", "tax_included"),
    *("total", "due_date", "issued_at", "issued_by"),
)
_LINE_FIELDS = (
    *("invoice_id", "kind", "source_type", "source_id", "description", "quantity", "unit_price", "discount", "net"),
    *("tax", "total", "doctor_id", "doctor_share", "center_share", "removed_at"),
)


@check("M3 issued invoices")
def issued_invoices(session: Session) -> Finding:
    """An invoice is what the journal says, and nothing of it changed after it was issued."""
    told = journal_lies(
        session,
        Invoice,
        _ISSUED_FIELDS,
        lambda values: str(values.get("number") or f"draft of {values.get('business_date')}"),
        sealed=lambda values: values.get("number") is not None,
    )
    return Finding(looked_at(session, Invoice), tuple(told))


@check("M3 issued lines")
def issued_lines(session: Session) -> Finding:
    """Invoice lines are what the journal says, and no line came or went after the issue."""
    late = (
        select(INVOICE_NAME, InvoiceItem.description)
        .join(InvoiceItem, InvoiceItem.invoice_id == Invoice.id)
        .where(or_(InvoiceItem.created_at > Invoice.issued_at, InvoiceItem.removed_at > Invoice.issued_at))
    )
    return finding(
        looked_at(session, InvoiceItem),
        journal_lies(session, InvoiceItem, _LINE_FIELDS, _line_name),
        lies(session, late, "{invoice}: {description} was added or removed after the issue"),
    )


def _line_name(values: Values) -> str:
    return f"line {values.get('description')!r} of {values.get('total')} minor units"
