"""An invoice says what was charged, paid, given back and credited, and its figures add up on the paper."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf, paise
from tests.documents.floor import HEAD, Floor, rows, rupees, tender
from tests.documents.rendering import symbols

COLUMNS = "# Description Qty Price Discount Tax Amount (₹)"
TAXES = "Tax Rate Taxable Tax amount"


def invoice(floor: Floor, invoice_id: object) -> Composed:
    return floor.document(compose.invoice, invoice_id=invoice_id)


def after(said: list[str], heading: str) -> list[str]:
    return said[said.index(heading) + 1 :]


def figure(said: list[str], title: str) -> Decimal:
    """The one amount that stands behind a title."""
    (row,) = [row for row in said if row.startswith(f"{title} ") and "₹" in row]
    return Decimal(row.removeprefix(f"{title} ").replace("₹", "").replace(",", ""))


def mixed(floor: Floor) -> tuple[object, list[str]]:
    """An invoice with a tax on top, a tax within and a discount, paid in two acts; and what it must say of its lines."""
    asha = floor.register("Asha", "Ghorpade", date_of_birth=date(1989, 11, 23))
    floor.open_till("500.00")
    dressing = floor.line("Dressing", "100.00", 3, tax="GST 12 % incl.", discount="20.00")
    invoice_id = floor.bill(asha.id, floor.line("ECG", "350.00", tax="GST 18 %", share=2_000), dressing)
    floor.pay(invoice_id, tender(By.CASH, "300.00", handed="500.00"), tender(By.UPI, "50.00", "U-77"))
    floor.pay(invoice_id, tender(By.CARD, "60.00", "C-1"))
    lines = ["1 ECG 1 350.00 – 18% 413.00", "2 Dressing 3 100.00 20.00 12% 280.00"]
    return invoice_id, lines


def test_an_invoice_says_what_was_charged_and_paid(floor: Floor) -> None:
    invoice_id, lines = mixed(floor)
    sheet = invoice(floor, invoice_id)

    assert (sheet.kind, sheet.entity_type, sheet.entity_id) == (DocumentKind.INVOICE, "invoices", invoice_id)
    assert (sheet.number, sheet.is_reprint) == ("INV-2026-00001", False)
    assert rows(sheet) == [
        *(*HEAD, "Invoice", "INV-2026-00001", "Patient", "Asha Ghorpade", "Patient no.", "PAT-2026-00001", "Date", "Mar 2, 2026"),
        *("Sex and age", "Female · 36 y", "Doctor", "Doctor One", "Status", "Partly", COLUMNS, *lines),
        *("Subtotal ₹650.00", "Discount -₹20.00", "Tax ₹93.00", "Total ₹693.00"),
        *("Cash ₹300.00", "UPI · U-77 ₹50.00", "Card · C-1 ₹60.00", "Paid ₹410.00", "Balance due ₹283.00"),
        *(TAXES, "GST 18 % 18% 350.00 63.00", "GST 12 % incl. 12% 250.00 30.00", "Prices include ₹30.00 of the tax."),
        *("INV-2026-00001 Authorised signature", "INV-2026-00001 · PAT-2026-00001 · Main Clinic Page 1 of 1"),
    ]
    assert symbols(sheet.pdf, 300) == [("Code128", "INV-2026-00001")]


def test_what_went_back_and_what_was_credited_stand_on_the_invoice(floor: Floor) -> None:
    invoice_id, lines = mixed(floor)
    seen = floor.invoice(invoice_id)
    floor.refund(seen.payments[0].payment_id, "11.00", "Overcharged")
    credit = [CreditLine(seen.lines[0].id, rupees("13.00"))]
    floor.run("cashier", billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="Half an ECG", lines=credit)
    said = rows(invoice(floor, invoice_id))

    assert after(said, lines[1])[:12] == [
        *("Subtotal ₹650.00", "Discount -₹20.00", "Tax ₹93.00", "Total ₹693.00", "Credited · CRN-2026-00001 -₹13.00"),
        *("Cash ₹300.00", "UPI · U-77 ₹50.00", "Card · C-1 ₹60.00", "Refunded · Cash · REF-2026-00001 -₹11.00"),
        *("Paid ₹399.00", "Balance due ₹281.00", TAXES),
    ]
    kept = sum(figure(said, title) for title in ("Cash", "UPI · U-77", "Card · C-1", "Refunded · Cash · REF-2026-00001"))
    assert kept == figure(said, "Paid")
    owed = figure(said, "Total") + figure(said, "Credited · CRN-2026-00001") - figure(said, "Paid")
    assert owed == figure(said, "Balance due")


def test_an_invoice_credited_in_full_is_cancelled_and_shows_where_the_money_went(floor: Floor) -> None:
    invoice_id, lines = mixed(floor)
    whole = {"invoice_id": invoice_id, "reason": "Never done", "refund_excess": True}
    floor.run("cashier", billing.credit_note, key=new_id(), **whole)
    said = rows(invoice(floor, invoice_id))

    assert after(said, "Status")[0] == "Cancelled"
    back = after(said, "Card · C-1 ₹60.00")
    assert back[:5] == [
        *("Refunded · Card · REF-2026-00001 -₹60.00", "Refunded · UPI · REF-2026-00002 -₹50.00"),
        *("Refunded · Cash · REF-2026-00003 -₹300.00", "Paid ₹0.00", "Balance due ₹0.00"),
    ]
    assert "Credited · CRN-2026-00001 -₹693.00" in said
    assert lines[0] in said


def test_prices_with_their_tax_within_say_so_once(floor: Floor) -> None:
    asha = floor.register("Asha", "Ghorpade")
    invoice_id = floor.bill(asha.id, floor.line("Dressing", "112.00", tax="GST 12 % incl."), floor.line("Vaccination", "45.00"))
    said = rows(invoice(floor, invoice_id))

    assert after(said, "2 Vaccination 1 45.00 – – 45.00")[:3] == ["Subtotal ₹157.00", "Tax included ₹12.00", "Total ₹157.00"]
    assert not any(row.startswith("Prices include") for row in said)
    assert after(said, TAXES)[0] == "GST 12 % incl. 12% 100.00 12.00"
    assert "Doctor" not in said
    assert after(said, "Status")[0] == "Pending"


def test_an_invoice_of_a_visit_holds_the_doctors_fee_and_what_the_pharmacy_gave(floor: Floor) -> None:
    shelf = Shelf.open(floor.world)
    medicine_id, item_id = shelf.medicine("Dolo 650", tax_configuration_id=floor.world.taxes["GST 5 %"])
    shelf.receive(item_id, 100, number="DX9", price=paise(320))
    room = Room(floor.world, shelf)
    written = room.active(line(medicine_id, duration_days=7))
    ask = {"prescription_id": written, "location_id": shelf.location_id}
    floor.run("pharmacist", pharmacy.dispense, key=new_id(), **ask)
    (visit_id,) = room.patient_of
    with floor.world.db.read() as session:
        (draft,) = queries.visit_invoices(session, visit_id)
    before = invoice(floor, draft.id)
    assert (before.number, after(rows(before), "Invoice")[0], after(rows(before), "Status")[0]) == ("", "Draft", "Draft")
    floor.open_till("0.00")
    due = draft.total
    floor.run("cashier", billing.issue_and_take, key=new_id(), invoice_id=draft.id, tenders=(tender(By.BANK_TRANSFER, str(due.amount)),))
    said = rows(invoice(floor, draft.id))

    assert after(said, COLUMNS)[:2] == ["1 Consultation 1 600.00 – – 600.00", "2 Dolo 650 [DX9] 14 3.20 – 5% 47.04"]
    assert {"Doctor One", "Paid", "Total ₹647.04", "Bank transfer ₹647.04", "Balance due ₹0.00", "GST 5 % 5% 44.80 2.24"} <= set(said)


def test_an_invoice_is_of_the_clinics_day_and_its_second_print_a_copy(floor: Floor) -> None:
    floor.clock.now = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # Tuesday, half past midnight in the clinic
    asha = floor.register("Asha", "Ghorpade", date_of_birth=date(1990, 3, 3))
    first = invoice(floor, floor.bill(asha.id, floor.line("Vaccination", "45.00")))
    assert {"Mar 3, 2026", "Female · 36 y"} <= set(rows(first))
    floor.printed(first)
    floor.clock.advance(days=400)
    again = invoice(floor, first.entity_id)
    assert (again.is_reprint, rows(again).count("COPY")) == (True, 1)
    assert [row for row in rows(again) if row != "COPY"] == rows(first)  # at the age of then


def test_a_name_in_devanagari_stands_on_the_invoice(floor: Floor) -> None:
    said = rows(invoice(floor, floor.bill(floor.register("आशा", "घोरपडे").id, floor.line("ड्रेसिंग", "45.00"))))
    assert after(said, "Patient")[0] == "आशा घोरपडे"
    assert any("ड्रेसिंग" in row and row.startswith("1 ") for row in said)
