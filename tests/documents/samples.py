"""One filled sample of each document; ``everywhere`` puts a text into every place of it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from clinic_desktop.documents.appointment_slip import appointment_slip_pdf
from clinic_desktop.documents.data import (
    AppointmentSlip,
    CashierTotal,
    Discrepancy,
    IdCard,
    Invoice,
    InvoiceLine,
    Letterhead,
    MethodTotal,
    Paid,
    Person,
    PrescribedItem,
    Prescriber,
    Prescription,
    QueueToken,
    Receipt,
    ReceiptLine,
    Settlement,
    TaxPart,
)
from clinic_desktop.documents.id_card import id_card_pdf
from clinic_desktop.documents.invoice import invoice_pdf
from clinic_desktop.documents.prescription import prescription_pdf
from clinic_desktop.documents.queue_token import queue_token_pdf
from clinic_desktop.documents.receipt import receipt_pdf
from clinic_desktop.documents.settlement import settlement_pdf
from clinic_desktop.kernel.money import Money

ZONE = "Asia/Kolkata"
NOON = datetime(2026, 3, 2, 6, 42, tzinfo=UTC)
DAY = date(2026, 3, 2)


def inr(amount: str) -> Money:
    return Money.parse(amount, "INR")


def portrait() -> bytes:
    image = Image.new("RGB", (360, 450), "#cfe3e8")
    draw = ImageDraw.Draw(image)
    draw.ellipse((110, 80, 250, 240), fill="#8d6e63")
    draw.ellipse((50, 260, 310, 560), fill="#37474f")
    out = BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


HEAD = Letterhead(
    clinic_name="Sunrise Family Clinic",
    hospital_name="Sunrise Health Group",
    address="14 Lake View Road, Bengaluru 560001",
    phone="+91 80 4123 4567",
    email="care@sunrise.example",
    tax_number="29ABCDE1234F1Z5",
)
ASHA = Person("Asha Verma", "PAT-2026-00042", "Female", "36 y", date(1989, 11, 23), phone="+91 98450 12345", allergies=("Penicillin",))

CARD = IdCard(HEAD, ASHA, blood_group="O+", emergency_contact="Rohan Verma · +91 98450 54321")

RECEIPT = Receipt(
    letterhead=HEAD,
    number="RCP-2026-00107",
    issued_at=NOON,
    timezone=ZONE,
    patient_name=ASHA.full_name,
    patient_number=ASHA.number,
    cashier="Meena Joshi",
    invoice_number="INV-2026-00093",
    invoice_total=inr("1343.20"),
    paid_before=inr("300.00"),
    balance=inr("143.20"),
    payments=(Paid("Cash", inr("500.00")), Paid("UPI", inr("400.00"), "417823640912")),
    lines=(
        ReceiptLine("Consultation, Dr. Arjun Rao", 1, inr("600.00")),
        ReceiptLine("Complete blood count", 1, inr("472.00")),
        ReceiptLine("Amoxicillin 500 mg capsule", 10, inr("123.20")),
        ReceiptLine("Dressing, small", 2, inr("148.00")),
    ),
    tax=inr("83.20"),
    tendered=inr("500.00"),
    change=None,
    doctor="Dr. Arjun Rao",
)


def invoice_lines(count: int) -> tuple[InvoiceLine, ...]:
    first = (
        InvoiceLine("Consultation, Dr. Arjun Rao", 1, inr("600.00"), inr("600.00")),
        InvoiceLine("Complete blood count", 1, inr("400.00"), inr("472.00"), None, 1800),
        InvoiceLine("Amoxicillin 500 mg capsule, batch AX-1193", 10, inr("11.00"), inr("123.20"), None, 1200),
        InvoiceLine("Dressing, small", 2, inr("79.00"), inr("148.00"), inr("10.00"), 0),
    )
    return tuple(
        replace(first[i % 4], description=f"{first[i % 4].description} {i + 1}" if count > 4 else first[i].description)
        for i in range(count)
    )


INVOICE = Invoice(
    letterhead=HEAD,
    number="INV-2026-00093",
    issued_on=DAY,
    patient=ASHA,
    lines=invoice_lines(4),
    subtotal=inr("1268.00"),
    discount=inr("10.00"),
    tax=inr("85.20"),
    total=inr("1343.20"),
    paid=inr("1200.00"),
    balance=inr("143.20"),
    taxes=(TaxPart("GST 18%", 1800, inr("400.00"), inr("72.00")), TaxPart("GST 12%", 1200, inr("110.00"), inr("13.20"))),
    payments=(Paid("Cash", inr("800.00")), Paid("UPI", inr("400.00"), "417823640912")),
    doctor="Dr. Arjun Rao",
    visit_number="VIS-2026-00310",
    status="Part paid",
    note="Medicines once sold are taken back within 7 days with this invoice.",
)

TOKEN = QueueToken(
    letterhead=HEAD,
    queue_number="27",
    day=DAY,
    doctor="Dr. Arjun Rao",
    room="3",
    visit_code="VIS-2026-00310",
    printed_at=NOON,
    timezone=ZONE,
    patient_name=ASHA.full_name,
    patient_number=ASHA.number,
    department="General medicine",
    appointment_at=datetime(2026, 3, 2, 7, 15, tzinfo=UTC),
    waiting_minutes=25,
    ahead=4,
    priority="Senior citizen",
)

PRESCRIPTION = Prescription(
    letterhead=HEAD,
    number="RX-2026-00061",
    issued_on=DAY,
    patient=ASHA,
    doctor=Prescriber("Dr. Arjun Rao", "MBBS, MD (Medicine)", "General physician", "KMC 48213"),
    items=(
        PrescribedItem("Azithromycin 500 mg tablet", "1 tablet", "once a day", "3 days", "3 tablets", "After food, at the same hour"),
        PrescribedItem("Paracetamol 650 mg tablet", "1 tablet", "three times a day", "5 days", "15 tablets", "Only when feverish"),
        PrescribedItem("Cetirizine 10 mg tablet", "1 tablet", "at night", "5 days", "5 tablets"),
    ),
    diagnoses=("J06.9 Acute upper respiratory infection", "J30.1 Allergic rhinitis"),
    vitals=(("BP", "118/76 mmHg"), ("Pulse", "82/min"), ("Temp.", "38.1 °C"), ("SpO2", "98%"), ("Weight", "61.5 kg")),
    advice="Rest for three days, drink plenty of warm fluids.\nCome back at once if breathing becomes hard.",
    follow_up=date(2026, 3, 7),
)

SETTLEMENT = Settlement(
    letterhead=HEAD,
    number="SET-2026-00031",
    day=DAY,
    printed_at=datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
    timezone=ZONE,
    settled_by="Meena Joshi",
    settled_at=datetime(2026, 3, 2, 13, 58, tzinfo=UTC),
    methods=(
        MethodTotal("Cash", 41, inr("28450.00"), inr("600.00"), inr("27850.00")),
        MethodTotal("UPI", 57, inr("46210.50"), inr("0.00"), inr("46210.50")),
        MethodTotal("Card", 12, inr("15800.00"), inr("1200.00"), inr("14600.00")),
    ),
    cashiers=(
        CashierTotal(
            "Meena Joshi", "TILL-1", inr("2000.00"), inr("19450.00"), inr("600.00"), inr("20850.00"), inr("20800.00"), inr("50.00") * -1
        ),
        CashierTotal("Ravi Kumar", "TILL-2", inr("2000.00"), inr("9000.00"), inr("0.00"), inr("11000.00"), inr("11000.00"), inr("0.00")),
    ),
    invoices=104,
    billed=inr("94120.50"),
    discounts=inr("2140.00"),
    tax=inr("6330.25"),
    received=inr("90460.50"),
    refunded=inr("1800.00"),
    net=inr("88660.50"),
    outstanding=inr("5460.00"),
    doctors_share=inr("37412.00"),
    centre_share=inr("51248.50"),
    journal_seq=184_233,
    journal_hash="9f2c4be1a07d5538c6f1e2d490ab77c3e85d1f6029b4a3c7d8e6f50112233445",
    discrepancies=(Discrepancy("Meena Joshi", inr("50.00") * -1, "Short by one note; counted twice with the manager"),),
)

SLIP = AppointmentSlip(
    letterhead=TOKEN.letterhead,
    booking_id="APT-2026-00310",
    day=date(2026, 3, 4),
    start=datetime(2026, 3, 4, 4, 30, tzinfo=UTC),
    timezone=TOKEN.timezone,
    doctor=TOKEN.doctor,
    room="3",
    patient_name=TOKEN.patient_name,
    patient_number=TOKEN.patient_number,
    printed_at=TOKEN.printed_at,
)

DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "id_card": (id_card_pdf, CARD),
    "receipt": (receipt_pdf, RECEIPT),
    "invoice": (invoice_pdf, INVOICE),
    "queue_token": (queue_token_pdf, TOKEN),
    "appointment_slip": (appointment_slip_pdf, SLIP),
    "prescription": (prescription_pdf, PRESCRIPTION),
    "settlement": (settlement_pdf, SETTLEMENT),
}

_KEPT = frozenset({"timezone"})


def everywhere(value: Any, text: str) -> Any:
    """The same data with ``text`` in place of every text."""
    if isinstance(value, StrEnum | Money):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(everywhere(part, text) for part in value)
    if is_dataclass(value):
        return replace(value, **{f.name: everywhere(getattr(value, f.name), text) for f in fields(value) if f.name not in _KEPT})  # type: ignore[type-var]
    return value
