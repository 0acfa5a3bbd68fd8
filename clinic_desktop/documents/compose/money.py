"""Documents of the cashier: invoice, receipt and the day's settlement sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing import queries as billing
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow, LineRow, PaymentRow, ReceiptRow, SettlementHeadRow
from clinic_desktop.clinic.billing.rules import PaymentMethod
from clinic_desktop.clinic.billing.tallies.days import SettlementLineRow, TillOfDayRow, cash_moved
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.documents import data
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person, printed_before
from clinic_desktop.documents.invoice import invoice_pdf
from clinic_desktop.documents.receipt import receipt_pdf
from clinic_desktop.documents.settlement import settlement_pdf
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.wording import status


def invoice(session: Session, *, language: Language, now: datetime, invoice_id: UUID) -> Composed:
    """An invoice on A4, with its tax breakdown and what was paid, given back and credited."""
    bill = billing.invoice(session, invoice_id)
    clinic = organisation.clinic(session, bill.clinic_id)
    patient = patients.patient(session, bill.patient_id)
    again = printed_before(session, DocumentKind.INVOICE, "invoices", bill.id)
    credited = language.gettext("Credited")
    pdf = invoice_pdf(
        data.Invoice(
            letterhead=letterhead(session, clinic),
            number=bill.number or language.gettext("Draft"),
            issued_on=bill.business_date,
            patient=person(patient, bill.business_date, language),
            lines=tuple(_invoice_line(line) for line in bill.lines),
            subtotal=bill.subtotal,
            discount=bill.discount,
            tax=bill.tax,
            total=bill.total,
            paid=bill.paid,
            balance=bill.balance,
            taxes=tuple(data.TaxPart(part.name, part.rate_basis_points, part.net, part.tax) for part in bill.taxes),
            payments=_money_moved(bill, language),
            credits=tuple(data.Paid(credited, -note.amount, note.number) for note in bill.credits),
            doctor=_doctor(bill),
            status=status(bill.status, language),
            note=_included_tax(bill, language),
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.INVOICE, "invoices", bill.id, bill.number or "", pdf, again)


def _invoice_line(line: LineRow) -> data.InvoiceLine:
    return data.InvoiceLine(line.description, line.quantity, line.unit_price, line.total, line.discount or None, line.tax_rate_basis_points)


def _money_moved(bill: InvoiceRow, language: Language) -> tuple[data.Paid, ...]:
    """What came in, then what went back: together they are what is paid."""
    taken = [data.Paid(_way(bill, paid, language), paid.amount, paid.transaction_id or "") for paid in bill.payments]
    refunded = language.gettext("Refunded")
    back = [data.Paid(f"{refunded} · {status(one.method, language)}", -one.amount, one.number) for one in bill.refunds]
    return (*taken, *back)


def _way(bill: InvoiceRow, paid: PaymentRow, language: Language) -> str:
    """How it was paid, and where when that was in another clinic."""
    way = status(paid.method, language)
    return way if paid.clinic_id == bill.clinic_id else f"{way} · {paid.clinic_name}"


def _doctor(*bills: InvoiceRow) -> str:
    return next((line.doctor_name for bill in bills for line in bill.lines if line.doctor_name), "")


def _included_tax(bill: InvoiceRow, language: Language) -> str:
    """Said only where some prices include their tax and some do not: otherwise the sums say it themselves."""
    if not bill.tax_included or bill.tax_included == bill.tax:
        return ""
    return language.gettext("Prices include {amount} of the tax.").format(amount=money_text(bill.tax_included, language))


def receipt(session: Session, *, language: Language, now: datetime, receipt_number: str) -> Composed:
    """Proof of one payment on an 80 mm roll, as things stood when it was taken."""
    taken = billing.receipt(session, receipt_number)
    clinic = organisation.clinic(session, taken.clinic_id)
    bills = [billing.invoice(session, paid.invoice_id) for paid in taken.invoices]
    first = taken.tenders[0].payment_id
    again = printed_before(session, DocumentKind.RECEIPT, "payments", first)
    before = total((_paid_before(bill, taken) for bill in bills), clinic.currency)
    billed = total((bill.total for bill in bills), clinic.currency)
    credited = total((note.amount for bill in bills for note in bill.credits if note.issued_at <= taken.paid_at), clinic.currency)
    cash = total((tender.tendered for tender in taken.tenders if tender.method is PaymentMethod.CASH), clinic.currency)
    pdf = receipt_pdf(
        data.Receipt(
            letterhead=letterhead(session, clinic),
            number=taken.receipt_number,
            issued_at=taken.paid_at,
            timezone=clinic.timezone,
            patient_name=taken.patient_name,
            patient_number=taken.patient_number,
            cashier=taken.received_by,
            invoice_number=", ".join(paid.number for paid in taken.invoices),
            invoice_total=billed,
            paid_before=before,
            balance=billed - credited - before - taken.amount,
            payments=tuple(data.Paid(status(t.method, language), t.amount, t.transaction_id or "") for t in taken.tenders),
            lines=tuple(data.ReceiptLine(line.description, line.quantity, line.total) for bill in bills for line in bill.lines),
            discount=total((bill.discount for bill in bills), clinic.currency) or None,
            tax=total((bill.tax for bill in bills), clinic.currency) or None,
            tendered=cash if taken.change_given else None,
            change=taken.change_given or None,
            credited=credited or None,
            doctor=_doctor(*bills),
            billed_by=", ".join(dict.fromkeys(paid.clinic_name for paid in taken.invoices if paid.clinic_id != clinic.id)),
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.RECEIPT, "payments", first, taken.receipt_number, pdf, again)


def _paid_before(bill: InvoiceRow, taken: ReceiptRow) -> Money:
    """What earlier receipts had paid of the invoice when this one was written, less what had gone back of it."""
    written = (taken.paid_at, taken.receipt_number)
    earlier = [paid for paid in bill.payments if (paid.paid_at, paid.receipt_number) < written]
    known = {paid.payment_id for paid in earlier}
    back = (one.amount for one in bill.refunds if one.payment_id in known and one.refunded_at <= taken.paid_at)
    return total((paid.amount for paid in earlier), bill.total.currency) - total(back, bill.total.currency)


def settlement(session: Session, *, language: Language, now: datetime, settlement_id: UUID) -> Composed:
    """The day's sheet, with the journal's head as the anchor against later tampering."""
    day, lines = billing.settlement(session, settlement_id)
    again = printed_before(session, DocumentKind.SETTLEMENT, "daily_settlements", settlement_id)
    sheet = _day_sheet(session, day, lines, language, now, is_reprint=again)
    pdf = settlement_pdf(sheet, language)
    return Composed(DocumentKind.SETTLEMENT, "daily_settlements", settlement_id, sheet.number, pdf, again)


def _day_sheet(
    session: Session, day: SettlementHeadRow, lines: Sequence[SettlementLineRow], language: Language, now: datetime, *, is_reprint: bool
) -> data.Settlement:
    clinic = organisation.clinic(session, day.clinic_id)
    billed = billing.day_billing(session, day.clinic_id, day.business_date)
    tills = billing.settlement_preview(session, day.clinic_id, day.business_date).tills
    anchor = head(session)
    return data.Settlement(
        letterhead=letterhead(session, clinic),
        number=f"{clinic.code} {day.business_date:%Y-%m-%d}",
        day=day.business_date,
        printed_at=now,
        timezone=clinic.timezone,
        settled_by=day.signed_off_by or "",
        settled_at=day.settled_at,
        methods=_methods(lines, language),
        cashiers=tuple(_cashier(session, till, day.business_date, language) for till in tills),
        invoices=billed.invoices,
        billed=billed.billed,
        discounts=billed.discounts,
        tax=billed.tax,
        received=day.payments_total,
        refunded=day.refunds_total,
        net=day.net_total,
        outstanding=billed.outstanding,
        doctors_share=billed.doctors_share,
        centre_share=billed.center_share,
        journal_seq=anchor.seq,
        journal_hash=anchor.hash,
        discrepancies=tuple(data.Discrepancy(till.cashier_name, till.difference, till.note or "") for till in tills if till.difference),
        note=day.note or "",
        is_reprint=is_reprint,
    )


def _methods(lines: Sequence[SettlementLineRow], language: Language) -> tuple[data.MethodTotal, ...]:
    """By method what was settled: with what came in late, which the ledgers have under the day on which it was taken."""
    by_method = [[line for line in lines if line.method is method] for method in PaymentMethod]
    return tuple(_method(some, language) for some in by_method if some)


def _method(lines: Sequence[SettlementLineRow], language: Language) -> data.MethodTotal:
    currency, count = lines[0].payments_total.currency, sum(line.payment_count for line in lines)
    taken = total((line.payments_total for line in lines), currency)
    refunded = total((line.refunds_total for line in lines), currency)
    return data.MethodTotal(status(lines[0].method, language), count, taken, refunded, taken - refunded)


def _cashier(session: Session, till: TillOfDayRow, day: date, language: Language) -> data.CashierTotal:
    moved = cash_moved(session, till.till_session_id)
    zero = Money.zero(till.opening_float.currency)
    late = date_text(till.business_date, language) if till.business_date != day else ""
    told = ", ".join(one for one in (till.series or "", late) if one)
    return data.CashierTotal(
        cashier=f"{till.cashier_name} ({told})" if told else till.cashier_name,
        till=status(till.status, language),
        opening=till.opening_float,
        cash_in=moved.cash_in,
        cash_out=moved.cash_out,
        expected=till.expected or zero,
        counted=till.counted or zero,
        difference=till.difference or zero,
    )
