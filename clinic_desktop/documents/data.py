"""What documents are made of: frozen, ready to print. Words that the core keeps as codes (sex, method, dose) come worded by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clinic_desktop.kernel.money import Money


class Paper(StrEnum):
    """Sizes of sheets for prescriptions."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the document."""

    clinic_name: str
    hospital_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    tax_number: str = ""
    logo: bytes | None = None
    """A small PNG."""


@dataclass(frozen=True, slots=True)
class Person:
    """The patient. ``allergies``: None when never asked, empty when none are known."""

    full_name: str
    number: str
    sex: str = ""
    age: str = ""
    birth_date: date | None = None
    birth_date_is_estimated: bool = False
    phone: str = ""
    allergies: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class IdCard:
    """Patient card; ``qr_text`` and ``barcode`` are the patient number when empty, ``photo`` the bytes of a PNG or JPEG."""

    letterhead: Letterhead
    patient: Person
    blood_group: str = ""
    emergency_contact: str = ""
    photo: bytes | None = None
    qr_text: str = ""
    barcode: str = ""
    is_reprint: bool = False
    address: str = ""
    valid_until: date | None = None


class CardPaper(StrEnum):
    """What cards are printed on."""

    CARD = "CARD"
    """A card printer: a page for each face."""
    A4 = "A4"
    """Ten cards on a sheet with marks to cut along, and their backs on the next."""


@dataclass(frozen=True, slots=True)
class Paid:
    """One method of a payment, worded: ``UPI``."""

    method: str
    amount: Money
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One thing paid for, with its amount after discount, tax included."""

    description: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one payment; ``payments`` add up to what was taken now, ``credited`` was taken off the bill before it."""

    letterhead: Letterhead
    number: str
    issued_at: datetime
    timezone: str
    patient_name: str
    patient_number: str
    cashier: str
    invoice_number: str
    invoice_total: Money
    paid_before: Money
    balance: Money
    payments: tuple[Paid, ...]
    lines: tuple[ReceiptLine, ...] = ()
    discount: Money | None = None
    tax: Money | None = None
    tendered: Money | None = None
    change: Money | None = None
    credited: Money | None = None
    doctor: str = ""
    billed_by: str = ""
    """The clinic whose bill it is, where another one took the money."""
    is_refund: bool = False
    is_reprint: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One charge; ``total`` is its amount after discount, with tax."""

    description: str
    quantity: int
    unit_price: Money
    total: Money
    discount: Money | None = None
    tax_basis_points: int = 0


@dataclass(frozen=True, slots=True)
class TaxPart:
    """One row of the tax breakdown: what was taxed and how much that made."""

    name: str
    rate_basis_points: int
    taxable: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill; ``status`` is worded (``Part paid``). Money that went back is a negative payment; ``credits`` are credit notes."""

    letterhead: Letterhead
    number: str
    issued_on: date
    patient: Person
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    discount: Money
    tax: Money
    total: Money
    paid: Money
    balance: Money
    taxes: tuple[TaxPart, ...] = ()
    payments: tuple[Paid, ...] = ()
    credits: tuple[Paid, ...] = ()
    doctor: str = ""
    visit_number: str = ""
    status: str = ""
    note: str = ""
    is_reprint: bool = False


@dataclass(frozen=True, slots=True)
class QueueToken:
    """A patient's place in the queue; ``visit_code`` is what the door's scanner reads, ``waiting_minutes`` an estimate."""

    letterhead: Letterhead
    queue_number: str
    day: date
    doctor: str
    room: str
    visit_code: str
    printed_at: datetime
    timezone: str
    patient_name: str = ""
    patient_number: str = ""
    department: str = ""
    appointment_at: datetime | None = None
    waiting_minutes: int | None = None
    ahead: int | None = None
    priority: str = ""
    is_reprint: bool = False


@dataclass(frozen=True, slots=True)
class AppointmentSlip:
    """When and where a patient is expected; ``booking_id`` is what the desk's scanner reads."""

    letterhead: Letterhead
    booking_id: str
    day: date
    start: datetime
    timezone: str
    doctor: str
    patient_name: str
    patient_number: str
    printed_at: datetime
    room: str = ""


@dataclass(frozen=True, slots=True)
class PrescribedItem:
    """One medicine, each part worded: ``1 drop``, ``into the eye``, ``twice a day``, ``5 days``, ``1 bottle``."""

    medicine: str
    dose: str = ""
    frequency: str = ""
    duration: str = ""
    quantity: str = ""
    instructions: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class Prescriber:
    """The doctor who signs."""

    full_name: str
    qualification: str = ""
    specialty: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Prescription:
    """A prescription; ``vitals`` are worded pairs such as (``BP``, ``120/80``)."""

    letterhead: Letterhead
    number: str
    issued_on: date
    patient: Person
    doctor: Prescriber
    items: tuple[PrescribedItem, ...]
    diagnoses: tuple[str, ...] = ()
    vitals: tuple[tuple[str, str], ...] = ()
    advice: str = ""
    follow_up: date | None = None
    paper: Paper = Paper.A5
    is_reprint: bool = False


@dataclass(frozen=True, slots=True)
class MethodTotal:
    """Takings by one method: ``net`` is received less refunded."""

    method: str
    count: int
    received: Money
    refunded: Money
    net: Money


@dataclass(frozen=True, slots=True)
class CashierTotal:
    """One till session: ``expected`` is float + cash in − cash out, ``difference`` counted − expected."""

    cashier: str
    till: str
    opening: Money
    cash_in: Money
    cash_out: Money
    expected: Money
    counted: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A difference and the reason written down for it."""

    cashier: str
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """The day's sheet; ``journal_seq`` and ``journal_hash`` name the journal's head, the anchor against later tampering."""

    letterhead: Letterhead
    number: str
    day: date
    printed_at: datetime
    timezone: str
    settled_by: str
    settled_at: datetime
    methods: tuple[MethodTotal, ...]
    cashiers: tuple[CashierTotal, ...]
    invoices: int
    billed: Money
    discounts: Money
    tax: Money
    received: Money
    refunded: Money
    net: Money
    outstanding: Money
    doctors_share: Money
    centre_share: Money
    journal_seq: int
    journal_hash: str
    discrepancies: tuple[Discrepancy, ...] = ()
    note: str = ""
    is_reprint: bool = False


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """A consent with its text; ``signature`` the bytes of a PNG, none where a witness attests."""

    letterhead: Letterhead
    patient: Person
    title: str
    body: str
    version: str
    timezone: str
    signed_at: datetime | None = None
    """None: a form to be signed on paper."""
    guardian: str = ""
    witness: str = ""
    recorded_by: str = ""
    signature: bytes | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    is_reprint: bool = False
