"""The logo stands on rolls and sheets, whole and in its proportions, and takes nobody's place."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pypdfium2.raw
import pytest
from PIL import Image

from clinic_desktop.documents.compose import head_preview, with_logo
from clinic_desktop.documents.data import Letterhead
from clinic_desktop.documents.grid import letterhead
from clinic_desktop.documents.receipt import head_pdf
from clinic_desktop.documents.sheet import Sheet, roll
from clinic_desktop.kernel.i18n import Language
from tests.documents.floor import Floor

HEAD = Letterhead("Main Clinic", "Sunrise Hospital", "12 Lake Road, Pune", "+91 20 5550 0100", "desk@sunrise.example", "27AAAAA0000A1Z5")


def logo(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, "PNG")
    return written.getvalue()


def pictures(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """(left, bottom, right, top) of each picture of the first page, in points."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]


def text(pdf: bytes) -> str:
    return str(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded())


def sheet_pdf(head: Letterhead, code: str) -> bytes:
    def draw(sheet: Sheet) -> float:
        return letterhead(sheet, head, 40, 40, 300) + 20

    return roll(595, Language(code), "head", draw)


@pytest.mark.parametrize("make", [lambda head, code: head_pdf(head, Language(code)), sheet_pdf], ids=["roll", "sheet"])
@pytest.mark.parametrize("size", [(80, 40), (40, 80), (600, 30), (1, 1)])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_logo_is_whole_and_leaves_the_words(make: Callable[[Letterhead, str], bytes], size: tuple[int, int], code: str) -> None:
    plain = make(HEAD, code)
    assert pictures(plain) == []
    pdf = make(replace(HEAD, logo=logo(*size)), code)
    ((left, bottom, right, top),) = pictures(pdf)
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=0.02)
    page = pypdfium2.PdfDocument(pdf)[0]
    assert left >= 0
    assert bottom >= 0
    assert right <= page.get_width()
    assert top <= page.get_height()
    assert sorted(text(pdf).split()) == sorted(text(plain).split())


def test_every_letterhead_of_a_session_carries_the_logo(floor: Floor) -> None:
    world = floor.world
    with world.db.read() as session:
        assert pictures(head_preview(session, language=Language("en"), clinic_id=world.clinic_id)) == []
        with_logo(session, logo(80, 40))
        pdf = head_preview(session, language=Language("en"), clinic_id=world.clinic_id)
    assert len(pictures(pdf)) == 1
    assert "Main Clinic" in text(pdf)
