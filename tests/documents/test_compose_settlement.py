"""The day's sheet adds up what the day's commands did: by tender, by cashier, and between doctors and the centre."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import head
from tests.documents.floor import HEAD, Floor, rows, rupees, tender
from tests.documents.rendering import symbols

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
SIGNATURES = "Cashier Date Checked by Date Manager Date"
TILLS = "Cashier Till Opening Cash in Cash out Expected Counted Difference"
METHODS = "Method Payments Received Refunded Net (₹)"


def settle(floor: Floor, day: date = MONDAY, note: str | None = None, role: str = "cashier") -> UUID:
    return floor.run(role, billing.settle_day, key=new_id(), clinic_id=floor.world.clinic_id, day=day, note=note)


def sheet(floor: Floor, settlement_id: UUID, code: str = "en") -> Composed:
    return floor.document(compose.settlement, language=Language(code), settlement_id=settlement_id)


def after(said: list[str], heading: str, count: int) -> list[str]:
    start = said.index(heading) + 1
    return said[start : start + count]


def anchor(floor: Floor, printed: str) -> list[str]:
    with floor.world.db.read() as session:
        now = head(session)
    return [f"Journal entry {now.seq} Printed {printed}", now.hash]


def monday(floor: Floor) -> None:
    """Three bills, one of them unpaid, of two doctors; two cashiers, four tenders, a refund; a draft and a cancelled one."""
    world, patient_id = floor.world, floor.register("Asha", "Ghorpade").id
    dressing = floor.line("Dressing", "100.00", 3, tax="GST 12 % incl.", discount="20.00")
    first = floor.bill(patient_id, floor.line("ECG", "350.00", tax="GST 18 %", share=2_000), dressing)
    other = {"share": 1_000, "doctor_id": world.second_doctor_id}
    second = floor.bill(patient_id, floor.line("X-ray", "450.00", tax="GST 5 %", discount="50.00", **other))
    floor.bill(patient_id, floor.line("Vaccination", "250.00", share=1_500))
    drafts = {"clinic_id": world.clinic_id, "patient_id": patient_id, "lines": (floor.line("Nebulisation", "7777.00"),)}
    floor.run("cashier", billing.open_invoice, key=new_id(), **drafts)
    cancelled = floor.run("cashier", billing.open_invoice, key=new_id(), **{**drafts, "lines": (floor.line("Sugar", "80.00"),)})
    floor.run("cashier", billing.cancel_invoice, invoice_id=cancelled, reason="Not done")
    floor.open_till("500.00")
    floor.open_till("250.00", "cashier2")
    floor.pay(first, tender(By.CASH, "300.00", handed="500.00"), tender(By.UPI, "50.00", "U-77"))
    floor.pay(second, tender(By.CASH, "120.00", handed="200.00"), tender(By.BANK_TRANSFER, "299.00", "B-1"), role="cashier2")
    floor.pay(first, tender(By.CARD, "60.00", "C-1"))
    floor.refund(floor.invoice(first).payments[0].payment_id, "11.00", "Overcharged")


def test_the_sheet_adds_up_the_day(floor: Floor) -> None:
    monday(floor)
    floor.clock.advance(hours=9)
    floor.close_till("785.00", note="A coin rolled away")
    floor.close_till("371.50", "cashier2", note="Found under the tray")
    settlement_id = settle(floor, note="Both explained")
    floor.clock.advance(minutes=7)
    said = anchor(floor, "Mar 2, 2026, 6:11 PM")
    printed = sheet(floor, settlement_id)

    assert (printed.kind, printed.entity_type, printed.entity_id) == (DocumentKind.SETTLEMENT, "daily_settlements", settlement_id)
    assert (printed.number, printed.is_reprint) == ("MAIN 2026-03-02", False)
    assert rows(printed) == [
        *(*HEAD, "Daily settlement", "MAIN 2026-03-02", "Mon, Mar 2, 2026 Cashier One Mar 2, 2026, 6:04 PM"),
        *("Billed", "₹1,363.00", "Received", "₹829.00", "Refunded", "₹11.00", "Net takings", "₹818.00", "Discounts", "₹70.00"),
        *("Tax", "₹113.00", "Outstanding", "₹545.00", "Doctors' share", "₹147.50", "Centre's share", "₹1,102.50", "Invoices", "3"),
        *("Takings by method", METHODS, "Cash 2 420.00 11.00 409.00", "Card 1 60.00 0.00 60.00", "UPI 1 50.00 0.00 50.00"),
        *("Bank transfer 1 299.00 0.00 299.00", "Total 5 829.00 11.00 818.00", "Cash by cashier", TILLS),
        "Cashier One Closed 500.00 300.00 11.00 789.00 785.00 -4.00",
        "Bina Kapadia Closed 250.00 120.00 0.00 370.00 371.50 1.50",
        *("Differences", "Cashier Reason Difference", "Cashier One A coin rolled away -4.00", "Bina Kapadia Found under the tray 1.50"),
        *("Both explained", SIGNATURES, "Anchor of the records", *said, "MAIN 2026-03-02 · Main Clinic Page 1 of 1"),
    ]
    assert symbols(printed.pdf, 300) == [("Code128", "MAIN 2026-03-02")]


def test_another_days_money_is_not_on_the_sheet_and_a_second_print_is_a_copy(floor: Floor) -> None:
    monday(floor)
    floor.close_till("789.00")
    floor.close_till("370.00", "cashier2")
    settlement_id = settle(floor, role="cashier2")
    first = sheet(floor, settlement_id)
    assert "None: every till agrees with its records." in rows(first)
    assert "Mon, Mar 2, 2026 Bina Kapadia Mar 2, 2026, 9:04 AM" in rows(first)
    floor.printed(first)
    floor.clock.advance(days=1)
    floor.open_till("33.00")
    floor.pay(floor.bill(floor.register("Bela", "Sen").id, floor.line("ECG", "77.00")), tender(By.CARD, "77.00", "C-2"))
    again = sheet(floor, settlement_id)
    assert (again.is_reprint, rows(again).count("COPY")) == (True, 1)
    from_figures = rows(again)[rows(again).index("Billed") : rows(again).index("Anchor of the records")]
    assert from_figures == rows(first)[rows(first).index("Billed") : rows(first).index("Anchor of the records")]

    floor.close_till("33.00")
    tuesday = rows(sheet(floor, settle(floor, TUESDAY)))
    assert after(tuesday, METHODS, 2) == ["Card 1 77.00 0.00 77.00", "Total 1 77.00 0.00 77.00"]
    assert after(tuesday, TILLS, 1) == ["Cashier One Closed 33.00 0.00 0.00 33.00 33.00 0.00"]
    assert {"Tue, Mar 3, 2026 Cashier One Mar 3, 2026, 9:05 AM", "MAIN 2026-03-03"} <= set(tuesday)


def test_a_cancelled_bill_is_not_billed_and_its_money_went_back(floor: Floor) -> None:
    patient_id = floor.register("Asha", "Ghorpade").id
    floor.open_till("500.00")
    gone, kept = (floor.bill(patient_id, floor.line("ECG", price, share=2_000)) for price in ("111.00", "90.00"))
    floor.pay(gone, tender(By.CASH, "111.00"))
    floor.pay(kept, tender(By.UPI, "40.00", "U-1"))
    floor.run("cashier", billing.credit_note, key=new_id(), invoice_id=gone, reason="Never done", refund_excess=True)
    part = [CreditLine(floor.invoice(kept).lines[0].id, rupees("15.00"))]
    floor.run("cashier", billing.credit_note, key=new_id(), invoice_id=kept, reason="Half of it", lines=part)
    floor.close_till("500.00")
    said = rows(sheet(floor, settle(floor)))

    assert after(said, "Billed", 7) == ["₹90.00", "Received", "₹151.00", "Refunded", "₹111.00", "Net takings", "₹40.00"]
    assert after(said, "Outstanding", 5) == ["₹35.00", "Doctors' share", "₹18.00", "Centre's share", "₹72.00"]
    assert after(said, METHODS, 3) == ["Cash 1 111.00 111.00 0.00", "UPI 1 40.00 0.00 40.00", "Total 2 151.00 111.00 40.00"]
    assert after(said, TILLS, 1) == ["Cashier One Closed 500.00 111.00 111.00 500.00 500.00 0.00"]


def test_money_after_the_clinics_midnight_is_of_the_next_day(floor: Floor) -> None:
    patient_id = floor.register("Asha", "Ghorpade").id
    floor.clock.now = datetime(2026, 3, 2, 18, 28, tzinfo=UTC)  # two minutes to midnight in the clinic
    floor.open_till("500.00")
    floor.pay(floor.bill(patient_id, floor.line("ECG", "111.00")), tender(By.CARD, "111.00", "C-1"))
    floor.close_till("500.00")
    floor.clock.advance(minutes=3)  # Tuesday there, Monday in UTC
    floor.open_till("20.00")
    floor.pay(floor.bill(patient_id, floor.line("Vaccination", "45.00")), tender(By.CASH, "45.00"))
    floor.close_till("64.00", note="A rupee short")
    said = [rows(sheet(floor, settle(floor, day, note))) for day, note in ((MONDAY, None), (TUESDAY, "Looked for it"))]

    assert [after(one, "Billed", 3) for one in said] == [["₹111.00", "Received", "₹111.00"], ["₹45.00", "Received", "₹45.00"]]
    assert "Mon, Mar 2, 2026 Cashier One Mar 3, 2026, 12:03 AM" in said[0]
    assert "Cashier One A rupee short -1.00" in said[1]
    assert not any("A rupee short" in row for row in said[0])


def test_the_sheet_is_worded_in_the_language_it_is_asked_for(floor: Floor) -> None:
    floor.open_till("20.00")
    floor.pay(floor.bill(floor.register("Asha", "Ghorpade").id, floor.line("ECG", "45.00")), tender(By.CARD, "45.00", "C-1"))
    floor.close_till("20.00")
    said = rows(sheet(floor, settle(floor), "hi"))
    assert any(row.startswith("कार्ड 1 45.00") for row in said)
    assert not any("Closed" in row or row.startswith("Card") for row in said)
