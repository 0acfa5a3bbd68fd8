"""The recovery sheet: everything that is needed to open the data is on it, in every language, and nothing is cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic_desktop.documents.recovery_sheet import RecoverySheet, recovery_pdf
from clinic_desktop.kernel.i18n import SHIPPED_CODES, Language
from clinic_desktop.kernel.recovery_key import new_recovery_key, recovery_bytes
from tests.documents.rendering import page_pictures, page_texts, stray_ink

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("code", SHIPPED_CODES)
def test_the_key_can_be_read_from_the_sheet(code: str) -> None:
    key = new_recovery_key()
    pdf = recovery_pdf(RecoverySheet(tuple(key.split("-")), "Dr. Asha <b>Rao</b>", AT, "Asia/Kolkata", "Sunrise Hospital"), Language(code))
    (text,) = page_texts(pdf)
    found = [word for word in text.split() if word in key.split("-")]
    assert recovery_bytes("".join(found)) == recovery_bytes(key)
    assert "<b>Rao</b>" in text
    (picture,) = page_pictures(pdf, 72)
    assert stray_ink(picture, 72, side=15, top=15, bottom=15) == []


def test_a_long_name_keeps_the_sheet_one_page() -> None:
    sheet = RecoverySheet(tuple(new_recovery_key().split("-")), "Asha " * 40, AT, "Asia/Kolkata", "Hospital " * 30)
    assert len(page_texts(recovery_pdf(sheet, Language("en")))) == 1
