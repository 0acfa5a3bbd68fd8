"""What a scanner reads from the printed page is what was meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic_desktop.documents.data import Paper
from clinic_desktop.documents.id_card import id_card_pdf
from clinic_desktop.documents.prescription import prescription_pdf
from clinic_desktop.documents.queue_token import queue_token_pdf
from clinic_desktop.documents.receipt import receipt_pdf
from clinic_desktop.kernel.i18n import Language
from tests.documents.rendering import symbols
from tests.documents.samples import ASHA, CARD, DOCUMENTS, PRESCRIPTION, RECEIPT, TOKEN, portrait

EXPECTED = {
    "id_card": (300, [("Code128", "PAT-2026-00042"), ("QRCode", "PAT-2026-00042")]),
    "receipt": (203, [("Code128", "RCP-2026-00107")]),
    "invoice": (300, [("Code128", "INV-2026-00093")]),
    "queue_token": (203, [("Code128", "VIS-2026-00310"), ("QRCode", "VIS-2026-00310")]),
    "appointment_slip": (203, [("Code128", "APT-2026-00310"), ("QRCode", "APT-2026-00310")]),
    "prescription": (300, [("Code128", "RX-2026-00061")]),
    "settlement": (300, [("Code128", "SET-2026-00031")]),
}


@pytest.mark.parametrize("code", ["en", "ar", "hi"])
@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_symbol_decodes_at_the_printers_resolution(name: str, code: str) -> None:
    make, data = DOCUMENTS[name]
    dpi, expected = EXPECTED[name]

    assert symbols(make(data, Language(code)), dpi) == expected


@pytest.mark.parametrize("number", ["PAT-NTH-2026-00001", "1", "PAT-2026-9999999", "000123456789"])
def test_numbers_of_every_shape_decode_on_card_receipt_and_token(number: str) -> None:
    card = replace(CARD, patient=replace(ASHA, number=number), photo=portrait())

    assert symbols(id_card_pdf(card, Language("en")), 300) == [("Code128", number), ("QRCode", number)]
    assert symbols(receipt_pdf(replace(RECEIPT, number=number), Language("en")), 203) == [("Code128", number)]
    assert symbols(queue_token_pdf(replace(TOKEN, visit_code=number), Language("ar")), 203) == [("Code128", number), ("QRCode", number)]


def test_qr_of_a_card_may_carry_more_than_the_number() -> None:
    card = replace(CARD, qr_text="clinic:patient/PAT-2026-00042?name=आशा")

    assert ("QRCode", "clinic:patient/PAT-2026-00042?name=आशा") in symbols(id_card_pdf(card, Language("hi")), 300)


def test_a_number_that_no_scanner_could_read_is_printed_as_text_only() -> None:
    assert symbols(receipt_pdf(replace(RECEIPT, number="रसीद १"), Language("en")), 203) == []
    assert symbols(receipt_pdf(replace(RECEIPT, number="R" * 60), Language("en")), 203) == []


def test_prescription_symbol_decodes_on_a4() -> None:
    large = replace(PRESCRIPTION, paper=Paper.A4)

    assert symbols(prescription_pdf(large, Language("en")), 300) == [("Code128", "RX-2026-00061")]
