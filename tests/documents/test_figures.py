"""Figures and names read back from the finished pages are those that were given."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from clinic_desktop.documents.data import Paid
from clinic_desktop.documents.id_card import id_card_pdf
from clinic_desktop.documents.invoice import invoice_pdf
from clinic_desktop.documents.prescription import prescription_pdf
from clinic_desktop.documents.queue_token import queue_token_pdf
from clinic_desktop.documents.receipt import receipt_pdf
from clinic_desktop.documents.settlement import settlement_pdf
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money
from tests.documents.rendering import page_texts
from tests.documents.samples import CARD, DOCUMENTS, INVOICE, PRESCRIPTION, RECEIPT, SETTLEMENT, TOKEN, inr, invoice_lines

EN = Language("en")


def amount_after(title: str, text: str) -> Decimal:
    found = re.search(rf"^{re.escape(title)}\s+(-?)₹([\d,]+\.\d\d)", text, re.MULTILINE)
    assert found, f"{title} is not on the page:\n{text}"
    return Decimal(found[1] + found[2].replace(",", ""))


def test_invoice_shows_its_sums_and_they_agree_with_its_lines() -> None:
    text = page_texts(invoice_pdf(INVOICE, EN))[0]

    assert amount_after("Total", text) == INVOICE.total.amount == sum(line.total.amount for line in INVOICE.lines)
    assert amount_after("Subtotal", text) + amount_after("Discount", text) + amount_after("Tax", text) == amount_after("Total", text)
    assert amount_after("Total", text) - amount_after("Paid", text) == amount_after("Balance due", text)
    assert "GST 18%" in text
    assert "72.00" in text
    assert "Asha Verma" in text
    assert "Dr. Arjun Rao" in text


def test_invoice_of_sixty_lines_repeats_its_heading_and_numbers_its_pages() -> None:
    texts = page_texts(invoice_pdf(replace(INVOICE, lines=invoice_lines(60)), EN))

    assert len(texts) == 3
    for position, text in enumerate(texts, 1):
        assert f"Page {position} of 3" in text
        assert "INV-2026-00093" in text
    assert all("Description" in text for text in texts[:2])
    whole = "\n".join(texts)
    for entry in invoice_lines(60):
        assert whole.count(f"{entry.description}\r\n") + whole.count(f"{entry.description} ") >= 1, entry.description
    assert "Balance due" in texts[-1]
    assert "Balance due" not in texts[0]


@pytest.mark.parametrize("count", range(16, 34))
def test_invoice_keeps_every_line_and_its_sums_wherever_the_page_breaks(count: int) -> None:
    texts = page_texts(invoice_pdf(replace(INVOICE, lines=invoice_lines(count)), EN))

    whole = "\n".join(texts)
    assert whole.count("Balance due") == 1
    assert [
        n for n in range(1, count + 1) if not re.search(rf"^{n} (Consultation|Complete|Amoxicillin|Dressing)", whole, re.MULTILINE)
    ] == []
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]


def test_receipt_adds_up_what_was_paid_now() -> None:
    text = page_texts(receipt_pdf(RECEIPT, EN))[0]

    paid_now = amount_after("Paid now", text)
    assert paid_now == sum(paid.amount.amount for paid in RECEIPT.payments)
    assert amount_after("Invoice total", text) - amount_after("Paid before", text) - paid_now == amount_after("Balance due", text)
    assert "COPY" not in text


def test_receipt_grows_with_its_content() -> None:
    short = receipt_pdf(replace(RECEIPT, lines=()), EN)
    long = receipt_pdf(replace(RECEIPT, payments=(*RECEIPT.payments, *[Paid("Card", inr("1.00"))] * 20)), EN)

    assert media_height(short) < media_height(receipt_pdf(RECEIPT, EN)) < media_height(long)
    assert len(page_texts(long)) == 1


def media_height(pdf: bytes) -> float:
    found = re.search(rb"/MediaBox \[ 0 0 226\.\d+ ([\d.]+) \]", pdf)
    assert found
    return float(found[1])


def test_settlement_totals_its_methods_and_prints_the_anchor() -> None:
    text = page_texts(settlement_pdf(SETTLEMENT, EN))[0]

    assert re.search(r"^Total 110 90,460\.50 1,800\.00 88,660\.50", text, re.MULTILINE)
    assert "Meena Joshi TILL-1 2,000.00 19,450.00 600.00 20,850.00 20,800.00 -50.00" in text
    assert "Journal entry 184233" in text
    assert SETTLEMENT.journal_hash in text
    assert "Short by one note" in text


def test_settlement_without_differences_says_so() -> None:
    assert "None: every till agrees" in page_texts(settlement_pdf(replace(SETTLEMENT, discrepancies=()), EN))[0]


def test_token_shows_number_doctor_room_and_wait() -> None:
    text = page_texts(queue_token_pdf(TOKEN, EN))[0]

    for said in ("27", "Dr. Arjun Rao", "Room 3", "about 25 minutes", "Asha Verma", "Mon, Mar 2, 2026", "12:45 PM"):
        assert said in text.replace("\u00a0", " ")


def test_prescription_warns_of_allergies_and_names_the_doctor() -> None:
    text = page_texts(prescription_pdf(PRESCRIPTION, EN))[0]

    for said in (
        "Allergies: Penicillin",
        "Azithromycin 500 mg tablet",
        "1 tablet · once a day · 3 days",
        "Licence no. KMC 48213",
        "Sat, Mar 7, 2026",
    ):
        assert said in text


def test_prescription_tells_unknown_allergies_from_none() -> None:
    asked = replace(PRESCRIPTION, patient=replace(PRESCRIPTION.patient, allergies=()))
    unasked = replace(PRESCRIPTION, patient=replace(PRESCRIPTION.patient, allergies=None))

    assert "No known allergies" in page_texts(prescription_pdf(asked, EN))[0]
    assert "Allergies not recorded" in page_texts(prescription_pdf(unasked, EN))[0]


def test_every_page_of_a_long_prescription_names_patient_and_allergies() -> None:
    texts = page_texts(prescription_pdf(replace(PRESCRIPTION, items=PRESCRIPTION.items * 6), EN))

    assert len(texts) > 1
    assert all("Asha Verma" in text and "Allergies: Penicillin" in text for text in texts)
    assert sum(text.count("Licence no.") for text in texts) == 1


def test_card_shows_who_it_belongs_to() -> None:
    front, back = page_texts(id_card_pdf(CARD, EN))

    for said in ("Asha Verma", "PAT-2026-00042", "Female", "Nov 23, 1989", "O+", "AV"):
        assert said in front
    assert "Rohan Verma" in back


# An appointment may be moved between two slips: none of them is a copy of another.
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "appointment_slip"])
def test_a_reprint_says_that_it_is_a_copy(name: str) -> None:
    make, data = DOCUMENTS[name]

    assert "COPY" in page_texts(make(replace(data, is_reprint=True), EN))[0]
    assert "COPY" not in page_texts(make(data, EN))[0]


@pytest.mark.parametrize("currency", ["BHD", "JPY"])
def test_amounts_keep_the_decimals_of_their_currency(currency: str) -> None:
    amount, zero = Money(1_234_567, currency), Money(0, currency)
    entry = replace(INVOICE.lines[0], unit_price=amount, total=amount)
    invoice = replace(
        INVOICE, lines=(entry,), taxes=(), payments=(), subtotal=amount, discount=zero, tax=zero, total=amount, paid=zero, balance=amount
    )

    assert {"BHD": "1,234.567", "JPY": "1,234,567"}[currency] in page_texts(invoice_pdf(invoice, EN))[0]


def enlarged(value: Any) -> Any:
    if isinstance(value, Money):
        return Money(-9_999_999_999_999, value.currency)
    if isinstance(value, tuple):
        return tuple(enlarged(part) for part in value)
    if is_dataclass(value):
        return replace(value, **{part.name: enlarged(getattr(value, part.name)) for part in fields(value)})
    return value


@pytest.mark.parametrize("name", ["receipt", "invoice", "settlement"])
def test_amounts_however_large_are_never_cut(name: str) -> None:
    make, data = DOCUMENTS[name]

    text = "".join(page_texts(make(enlarged(data), EN)))

    assert "…" not in text
    assert text.count("99,999,999,999.99") >= str(data).count("Money(") - 2  # what is printed as a zero or left out


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_same_data_makes_the_same_bytes(name: str) -> None:
    make, data = DOCUMENTS[name]

    assert make(data, EN) == make(data, EN)


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_fonts_are_embedded(name: str) -> None:
    make, data = DOCUMENTS[name]
    pdf = make(data, EN)

    assert b"/FontFile2" in pdf
    # reportlab names Helvetica in every file, but no page may use it.
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) - {b"Helvetica"}
    assert all(b"NotoSans" in name for name in set(re.findall(rb"/BaseFont /(\S+)", pdf)) - {b"Helvetica"})
