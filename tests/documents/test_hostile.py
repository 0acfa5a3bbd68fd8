"""Hostile, long and foreign texts in every place of every document: no exception, no ink in the margins, nothing read as markup."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops

from clinic_desktop.documents.data import Paper
from clinic_desktop.documents.id_card import id_card_pdf
from clinic_desktop.documents.prescription import prescription_pdf
from clinic_desktop.kernel.i18n import Language
from tests.documents.rendering import page_pictures, page_texts, stray_ink
from tests.documents.samples import CARD, DOCUMENTS, PRESCRIPTION, everywhere

CORPUS = {
    "empty": "",
    "spaces": " \t \n ",
    "markup": "<b>A</b><img src='file:///etc/passwd'/>&amp;<para><font size=99>x</font>",
    "quotes": """'"\\();--%s{0}{name}$PATH`id`""",
    "controls": "a\x00b\x07c\x1b[31md\x7fe\ud800f",
    "overrides": "abc\u202etxt.exe\u202c\u2066def\u2069\u200f\u061c",
    "wide word": "W" * 400,
    "long line": "Wolfgang Amadeus Mozart " * 60,
    "many lines": "line\n" * 40,
    "arabic": "محمد عبد الله بن عبد الرحمن آل خليفة (الابن) 500 mg " * 4,
    "vowelled": "مُحَمَّدٌ رَسُولٌ ١٢٣٤٥ \u200cمی\u200cخواهم",
    "hindi": "श्रीमती कृष्णा क्षत्रिय ज्ञानेश्वरी त्र्यम्बक राष्ट्रीय " * 4,
    "mixed": "Dr. محمد श्रीमती (O'Brien) – 12.50 ₹ €",
    "emoji": "😀👨‍👩‍👧‍👦🇮🇳 family \U0010ffff\ue000\ufffe",
    "stacked marks": "Z" + "\u0310\u0489" * 60,
    "other scripts": "தமிழ் বাংলা 漢字 Ελληνικά Русский ไทย",
    "formula": '=HYPERLINK("http://evil","x")',
    "joiners": "\u200d\u200c\u200d",
}
MARGINS: dict[str, dict[str, float]] = {
    "receipt": {"side": 4, "top": 2, "bottom": 2},
    "queue_token": {"side": 4, "top": 2, "bottom": 2},
    "appointment_slip": {"side": 4, "top": 2, "bottom": 2},
    "invoice": {"side": 14, "top": 9, "bottom": 10},
    "settlement": {"side": 14, "top": 9, "bottom": 8},
    "prescription": {"side": 8, "top": 5, "bottom": 5},
}


PAIRS = [(name, words, ("en", "ar")[(one + other) % 2]) for one, name in enumerate(MARGINS) for other, words in enumerate(CORPUS)]
"""Every document with every text; each of both in both languages."""


@pytest.mark.parametrize(("name", "words", "code"), PAIRS)
def test_margins_stay_white_whatever_the_texts(name: str, words: str, code: str) -> None:
    make, data = DOCUMENTS[name]

    hostile = everywhere(data, CORPUS[words])
    pdf = make(replace(hostile, is_reprint=True) if hasattr(hostile, "is_reprint") else hostile, Language(code))

    for picture in page_pictures(pdf, 72):
        assert stray_ink(picture, 72, **MARGINS[name]) == []


@cache
def empty_card(code: str) -> list[Image.Image]:
    return list(page_pictures(id_card_pdf(everywhere(CARD, ""), Language(code)), 150))


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_the_edges_of_a_card_stay_clear_whatever_the_texts(text: str, code: str) -> None:
    # The card's bands run off its edges: a card with no text at all shows what belongs there.
    expected = empty_card(code)
    found = list(page_pictures(id_card_pdf(replace(everywhere(CARD, text), is_reprint=True), Language(code)), 150))

    for should, is_now in zip(expected, found, strict=True):
        difference = ImageChops.difference(should, is_now)
        side, rim = int(3 / 25.4 * 150), int(0.9 / 25.4 * 150)
        inside = (side, rim, is_now.width - side, is_now.height - rim)
        difference.paste("black", inside)
        assert difference.getbbox() is None


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_markup_is_printed_as_it_was_typed(name: str) -> None:
    make, data = DOCUMENTS[name]

    assert "<b>A</b>" in "".join(page_texts(make(everywhere(data, "<b>A</b>"), Language("en"))))


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_direction_overrides_do_not_reach_the_page(name: str) -> None:
    make, data = DOCUMENTS[name]

    assert make(everywhere(data, "abc\u202ecba"), Language("en")) == make(everywhere(data, "abccba"), Language("en"))


def test_prescription_on_a4_keeps_its_margins() -> None:
    for text in CORPUS.values():
        large: Any = replace(everywhere(PRESCRIPTION, text), paper=Paper.A4)
        for picture in page_pictures(prescription_pdf(large, Language("en")), 72):
            assert stray_ink(picture, 72, side=14, top=5, bottom=5) == []


def bomb() -> bytes:
    out = BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "photo", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, bomb()], ids=["none", "text", "broken", "bomb"]
)
def test_a_photo_that_cannot_be_shown_leaves_the_initials(photo: bytes) -> None:
    assert "AV" in page_texts(id_card_pdf(replace(CARD, photo=photo), Language("en")))[0]
