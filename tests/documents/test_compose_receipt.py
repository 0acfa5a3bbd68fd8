"""A receipt says what was handed over at that moment, and says the same whenever it is printed again."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.reconciling.test_mending import pay_again
from tests.clinic.stock.shelf import Shelf
from tests.documents.floor import HEAD, Floor, rows, rupees, tender
from tests.documents.rendering import symbols

THANKS = "Thank you. We wish you good health."


def receipt(floor: Floor, number: str) -> Composed:
    return floor.document(compose.receipt, receipt_number=number)


def billed(floor: Floor) -> tuple[PatientRow, UUID]:
    """A patient who owes 693.00: 413.00 and 280.00."""
    floor.open_till("500.00")
    asha = floor.register("Asha", "Ghorpade")
    dressing = floor.line("Dressing", "100.00", 3, tax="GST 12 % incl.", discount="20.00")
    ecg = floor.line("ECG", "350.00", tax="GST 18 %", share=2_000, doctor_id=floor.world.second_doctor_id)
    return asha, floor.bill(asha.id, ecg, dressing)


def sums(said: list[str]) -> list[str]:
    """From the total of the bill to what is still to pay."""
    start, end = (
        next(at for at, row in enumerate(said) if row.startswith(title)) for title in ("Invoice total", ("Balance due", "To give back"))
    )
    return said[start : end + 1]


def test_a_split_payment_names_each_means_the_cash_handed_over_and_the_change(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    cash = tender(By.CASH, "310.00", handed="500.00")
    taken = floor.pay(invoice_id, cash, tender(By.UPI, "50.00", "U-77"), tender(By.CARD, "25.00"))
    slip = receipt(floor, taken.receipt_number)

    first = floor.invoice(invoice_id).payments[0].payment_id
    assert (slip.kind, slip.entity_type, slip.entity_id) == (DocumentKind.RECEIPT, "payments", first)
    assert (slip.number, slip.is_reprint) == ("RCT-2026-00001", False)
    assert rows(slip) == [
        *(*HEAD, "RECEIPT RCT-2026-00001", "Date Mar 2, 2026, 9:01 AM", "Patient Asha Ghorpade", "Patient no. PAT-2026-00001"),
        *("Doctor Farah Ansari", "Invoice INV-2026-00001", "Cashier Cashier One", "ECG 413.00", "3 × Dressing 280.00"),
        *("Discount -₹20.00", "Tax included ₹93.00", "Invoice total ₹693.00"),
        *("Cash ₹310.00", "UPI · U-77 ₹50.00", "Card ₹25.00", "Paid now ₹385.00"),
        *("Cash given ₹500.00", "Change ₹190.00", "Balance due ₹308.00", "RCT-2026-00001", THANKS),
    ]
    assert symbols(slip.pdf, 203) == [("Code128", "RCT-2026-00001")]


def test_a_second_payment_counts_the_first_and_the_first_never_the_second(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    floor.open_till("40.00", "cashier2")
    first = floor.pay(invoice_id, tender(By.CASH, "300.00"))
    before = rows(receipt(floor, first.receipt_number))
    second = floor.pay(invoice_id, tender(By.CASH, "120.00", handed="150.00"), tender(By.BANK_TRANSFER, "33.00", "B-9"), role="cashier2")
    last = rows(receipt(floor, second.receipt_number))

    assert sums(before) == ["Invoice total ₹693.00", "Cash ₹300.00", "Paid now ₹300.00", "Balance due ₹393.00"]
    assert sums(last) == [
        *("Invoice total ₹693.00", "Paid before ₹300.00", "Cash ₹120.00", "Bank transfer · B-9 ₹33.00", "Paid now ₹153.00"),
        *("Cash given ₹150.00", "Change ₹30.00", "Balance due ₹240.00"),
    ]
    assert {"Cashier Bina Kapadia", "Date Mar 2, 2026, 9:02 AM"} <= set(last)
    assert rows(receipt(floor, first.receipt_number)) == before


def test_two_payments_of_one_instant_come_one_after_the_other(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    pays = [(tender(By.CASH, amount),) for amount in ("100.00", "90.00")]
    numbers = [
        floor.run("cashier", billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=tenders).receipt_number for tenders in pays
    ]
    said = [sums(rows(receipt(floor, number)))[-1] for number in numbers]
    assert said == ["Balance due ₹593.00", "Balance due ₹503.00"]


def test_what_went_back_before_is_not_paid_any_more_and_what_was_credited_is_not_owed(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    first = floor.pay(invoice_id, tender(By.CASH, "300.00"))
    before = rows(receipt(floor, first.receipt_number))
    seen = floor.invoice(invoice_id)
    floor.refund(seen.payments[0].payment_id, "110.00", "Overcharged")
    credit = [CreditLine(seen.lines[0].id, rupees("13.00"))]
    floor.run("cashier", billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="Half an ECG", lines=credit)
    second = floor.pay(invoice_id, tender(By.UPI, "490.00", "U-9"))

    assert sums(rows(receipt(floor, second.receipt_number))) == [
        *("Invoice total ₹693.00", "Credited -₹13.00", "Paid before ₹190.00", "UPI · U-9 ₹490.00", "Paid now ₹490.00", "Balance due ₹0.00"),
    ]
    last = floor.invoice(invoice_id).payments[1].payment_id
    floor.refund(last, "70.00", "Came back")
    floor.refund(seen.payments[0].payment_id, "20.00", "Came back")
    assert rows(receipt(floor, first.receipt_number)) == before
    assert sums(rows(receipt(floor, second.receipt_number)))[-1] == "Balance due ₹0.00"


def test_a_receipt_for_all_bills_of_a_visit_adds_them_up(floor: Floor) -> None:
    shelf = Shelf.open(floor.world)
    medicine_id, item_id = shelf.medicine("Dolo 650", price=rupees("3.00"))
    shelf.receive(item_id, 100, number="DX9")
    room = Room(floor.world, shelf)
    visit_id = room.visit()
    written = room.prescribe(visit_id, line(medicine_id, duration_days=7))
    room.sign(visit_id)
    floor.open_till("0.00")
    _issue_all(floor, visit_id)
    floor.run("pharmacist", pharmacy.dispense, key=new_id(), prescription_id=written.prescription_id, location_id=shelf.location_id)
    _issue_all(floor, visit_id)
    tenders = (tender(By.CASH, "615.00", handed="700.00"),)
    taken = floor.run("cashier", billing.take_payment, key=new_id(), visit_id=visit_id, tenders=tenders)
    said = rows(receipt(floor, taken.receipt_number))

    assert {"Invoice INV-2026-00001, INV-2026-00002", "Consultation 600.00", "14 × Dolo 650 [DX9] 42.00", "Doctor Doctor One"} <= set(said)
    assert sums(said) == [
        *("Invoice total ₹642.00", "Cash ₹615.00", "Paid now ₹615.00", "Cash given ₹700.00", "Change ₹85.00", "Balance due ₹27.00"),
    ]


def _issue_all(floor: Floor, visit_id: UUID) -> None:
    with floor.world.db.read() as session:
        drafts = [head.id for head in queries.visit_invoices(session, visit_id) if head.number is None]
    for invoice_id in drafts:
        floor.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)


def test_a_receipt_printed_again_is_a_copy_of_that_receipt_only(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    first = receipt(floor, floor.pay(invoice_id, tender(By.CASH, "300.00")).receipt_number)
    second = floor.pay(invoice_id, tender(By.CASH, "50.00")).receipt_number
    floor.printed(first)
    again = receipt(floor, first.number)
    assert (again.is_reprint, [row for row in rows(again) if row != "COPY"], rows(again).count("COPY")) == (True, rows(first), 1)
    assert not receipt(floor, second).is_reprint
    assert not floor.document(compose.invoice, invoice_id=invoice_id).is_reprint


def test_a_receipt_tells_the_clinics_time_and_the_patients_own_letters(floor: Floor) -> None:
    floor.clock.now = datetime(2026, 3, 2, 18, 29, tzinfo=UTC)  # a minute to midnight in the clinic
    floor.open_till("0.00")
    bills = [floor.bill(floor.register(*name).id, floor.line("Vaccination", "45.00")) for name in (("आशा", "घोरपडे"), ("محمد", "علي"))]
    said = [rows(receipt(floor, floor.pay(one, tender(By.CASH, "45.00")).receipt_number)) for one in bills]
    assert {"Date Mar 3, 2026, 12:00 AM", "Patient आशा घोरपडे", "Balance due ₹0.00"} <= set(said[0])
    assert {"Date Mar 3, 2026, 12:01 AM", "دمحم يلع Patient", "Patient no. PAT-2026-00002"} <= set(said[1])  # as the PDF has it
    assert not any(row.startswith(("Cash given", "Change", "Tax included", "Discount", "Doctor", "Paid before")) for row in said[0])


def test_what_two_sites_took_is_to_be_given_back_on_paper_too(floor: Floor) -> None:
    _, invoice_id = billed(floor)
    floor.pay(invoice_id, tender(By.CASH, "693.00"))
    with floor.world.db.write(floor.world.system()) as tx:
        tx.command = "sync.push"
        pay_again(tx, invoice_id)
    assert sums(rows(receipt(floor, "RCT-EAST-2026-00001")))[-1] == "To give back ₹693.00"
    assert "To give back ₹693.00" in rows(floor.document(compose.invoice, invoice_id=invoice_id))
