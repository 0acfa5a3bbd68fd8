"""Documents of the cashier: invoice, receipt and the day's settlement sheet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing import queries as billing
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow, ReceiptRow
from clinic_desktop.clinic.billing.rules import PaymentMethod
from clinic_desktop.clinic.billing.tallies.days import cash_moved
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.documents import data
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person, printed_before
from clinic_desktop.documents.invoice import invoice_pdf
from clinic_desktop.documents.receipt import receipt_pdf
from clinic_desktop.documents.settlement import settlement_pdf
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.journal import head
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.wording import status


def invoice(session: Session, *, language: Language, now: datetime, invoice_id: UUID) -> Composed:
    """An invoice on A4, with its tax breakdown and what was paid."""
    bill = billing.invoice(session, invoice_id)
    clinic = organisation.clinic(session, bill.clinic_id)
    patient = patients.patient(session, bill.patient_id)
    again = printed_before(session, DocumentKind.INVOICE, "invoices", bill.id)
    pdf = invoice_pdf(
        data.Invoice(
            letterhead=letterhead(clinic),
            number=bill.number or language.gettext("Draft"),
            issued_on=bill.business_date,
            patient=person(patient, bill.business_date, language),
            lines=tuple(
                data.InvoiceLine(
                    line.description, line.quantity, line.unit_price, line.total, line.discount or None, line.tax_rate_basis_points
                )
                for line in bill.lines
            ),
            subtotal=bill.subtotal,
            discount=bill.discount,
            tax=bill.tax,
            total=bill.total,
            paid=bill.paid,
            balance=bill.balance,
            taxes=tuple(data.TaxPart(part.name, part.rate_basis_points, part.net, part.tax) for part in bill.taxes),
            payments=tuple(data.Paid(status(paid.method, language), paid.amount, paid.transaction_id or "") for paid in bill.payments),
            doctor=next((line.doctor_name for line in bill.lines if line.doctor_name), ""),
            status=status(bill.status, language),
            note=_included_tax(bill, language),
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.INVOICE, "invoices", bill.id, bill.number or "", pdf, again)


def _included_tax(bill: InvoiceRow, language: Language) -> str:
    return language.gettext("Prices include part of the tax.") if bill.tax_included else ""


def receipt(session: Session, *, language: Language, now: datetime, receipt_number: str) -> Composed:
    """Proof of one payment on an 80 mm roll, as things stood when it was taken."""
    taken = billing.receipt(session, receipt_number)
    clinic = organisation.clinic(session, taken.clinic_id)
    bills = [billing.invoice(session, paid.invoice_id) for paid in taken.invoices]
    first = taken.tenders[0].payment_id
    again = printed_before(session, DocumentKind.RECEIPT, "payments", first)
    before = total((_paid_before(bill, taken) for bill in bills), clinic.currency)
    billed = total((bill.total for bill in bills), clinic.currency)
    cash = total((tender.tendered for tender in taken.tenders if tender.method is PaymentMethod.CASH), clinic.currency)
    pdf = receipt_pdf(
        data.Receipt(
            letterhead=letterhead(clinic),
            number=taken.receipt_number,
            issued_at=taken.paid_at,
            timezone=clinic.timezone,
            patient_name=taken.patient_name,
            patient_number=taken.patient_number,
            cashier=taken.received_by,
            invoice_number=", ".join(paid.number for paid in taken.invoices),
            invoice_total=billed,
            paid_before=before,
            balance=billed - before - taken.amount,
            payments=tuple(data.Paid(status(t.method, language), t.amount, t.transaction_id or "") for t in taken.tenders),
            lines=tuple(data.ReceiptLine(line.description, line.quantity, line.total) for bill in bills for line in bill.lines),
            discount=total((bill.discount for bill in bills), clinic.currency) or None,
            tax=total((bill.tax for bill in bills), clinic.currency) or None,
            tendered=cash if taken.change_given else None,
            change=taken.change_given or None,
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.RECEIPT, "payments", first, taken.receipt_number, pdf, again)


def _paid_before(bill: InvoiceRow, taken: ReceiptRow) -> Money:
    """What other receipts had paid of the invoice when this one was written."""
    earlier = (paid.amount for paid in bill.payments if paid.receipt_number != taken.receipt_number and paid.paid_at <= taken.paid_at)
    return total(earlier, bill.total.currency)


def settlement(session: Session, *, language: Language, now: datetime, settlement_id: UUID) -> Composed:
    """The day's sheet, with the journal's head as the anchor against later tampering."""
    day, _ = billing.settlement(session, settlement_id)
    clinic = organisation.clinic(session, day.clinic_id)
    billed = billing.day_billing(session, day.clinic_id, day.business_date)
    tills = billing.settlement_preview(session, day.clinic_id, day.business_date).tills
    moved = {till.till_session_id: cash_moved(session, till.till_session_id) for till in tills}
    zero = Money.zero(clinic.currency)
    anchor = head(session)
    again = printed_before(session, DocumentKind.SETTLEMENT, "daily_settlements", settlement_id)
    number = f"{clinic.code} {day.business_date:%Y-%m-%d}"
    pdf = settlement_pdf(
        data.Settlement(
            letterhead=letterhead(clinic),
            number=number,
            day=day.business_date,
            printed_at=now,
            timezone=clinic.timezone,
            settled_by=day.signed_off_by or "",
            methods=tuple(
                data.MethodTotal(status(row.method, language), row.payments, row.taken, row.refunded, row.taken - row.refunded)
                for row in billing.takings(session, day.clinic_id, first=day.business_date, last=day.business_date)
            ),
            cashiers=tuple(
                data.CashierTotal(
                    till.cashier_name,
                    status(till.status, language),
                    till.opening_float,
                    moved[till.till_session_id].cash_in,
                    moved[till.till_session_id].cash_out,
                    till.expected or zero,
                    till.counted or zero,
                    till.difference or zero,
                )
                for till in tills
            ),
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
            discrepancies=tuple(data.Discrepancy(t.cashier_name, t.difference, day.note or "") for t in tills if t.difference),
            note=day.note or "",
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.SETTLEMENT, "daily_settlements", settlement_id, number, pdf, again)
