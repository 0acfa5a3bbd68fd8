"""Cards by their layouts: every code is read at a printer's dots, nothing is cut, and sheets are turned over the right way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.card_design import SHIPPED, STANDARD, UPRIGHT, CardLayout, Element, Item, Side
from clinic_desktop.documents import compose
from clinic_desktop.documents.card_face import Cut, fitted
from clinic_desktop.documents.compose import SAMPLE_NAMES
from clinic_desktop.documents.data import CardPaper
from clinic_desktop.documents.id_card import PrintedCard, cards_pdf, id_card_pdf
from clinic_desktop.kernel.colours import READABLE, contrast, ink_on, mixed, readable_on
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.text import clean_text
from tests.documents.floor import Floor
from tests.documents.rendering import PRINTED, page_pictures, page_texts, symbols
from tests.documents.samples import CARD, portrait
from tests.documents.test_compose_card_and_token import issue
from tests.documents.test_hostile import CORPUS

SIGNED = "CLC1." + "kwHZD0NSRC0yMDI2LTAwMDAwMbJQQVQtMjAyNi0wMDAwMcQQAZWAAAAAcACAAAAAAAAAAdcA" + "._" + "Zq9xW2" * 14
HELD = replace(CARD, barcode="CRD-2026-000042", qr_text=SIGNED)
CODES = [("Code128", HELD.barcode), ("QRCode", HELD.qr_text)]
COLOURS = (("#ffffff", "#0f5e6b"), ("#10243a", "#8fd3c8"), ("#000000", "#f3d08b"))


@pytest.mark.parametrize(("background", "accent"), COLOURS)
@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED.keys())
def test_both_codes_are_read_on_any_ground(layout: CardLayout, background: str, accent: str) -> None:
    painted = replace(layout, background=background, accent=accent)
    assert symbols(id_card_pdf(HELD, Language("ar"), painted), 300) == CODES


def test_codes_within_a_band_of_colour_keep_their_quiet_zone() -> None:
    front = (Element(Item.BAND, 0, 0, 85.6, 53.98), Element(Item.QR, 5, 5, 22, 22), Element(Item.BARCODE, 20, 35, 60, 12))
    assert symbols(id_card_pdf(HELD, Language("en"), replace(STANDARD, front=front)), 300) == CODES


def parts(picture: Image.Image) -> list[list[str]]:
    """The code in each of the ten places of a sheet."""
    wide, high = picture.width / 2, picture.height / 5
    cells = [
        [picture.crop((round(x * wide), round(y * high), round((x + 1) * wide), round((y + 1) * high))) for x in (0, 1)] for y in range(5)
    ]
    return [[one.text for cell in row for one in zxingcpp.read_barcodes(cell, PRINTED)] for row in cells]


def test_ten_cards_a_sheet_with_each_back_behind_its_front() -> None:
    texts = (Element(Item.BARCODE, 10, 20, 60, 14),)
    lying = replace(STANDARD, front=texts, back=texts)
    standing = replace(UPRIGHT, front=(Element(Item.BARCODE, 2, 30, 49.9, 14),), back=(Element(Item.BARCODE, 2, 30, 49.9, 14),))
    cards = [PrintedCard(replace(HELD, barcode=f"CRD-2026-{n:06d}"), standing if n in (3, 8) else lying, Language("ar")) for n in range(12)]
    pictures = list(page_pictures(cards_pdf(cards, CardPaper.A4), 300))
    assert len(pictures) == 4
    fronts, backs = (parts(picture) for picture in pictures[:2])
    assert fronts == [[f"CRD-2026-{down * 2 + across:06d}" for across in range(2)] for down in range(5)]
    assert backs == [row[::-1] for row in fronts]  # turned over along the long edge
    assert len(zxingcpp.read_barcodes(pictures[2], PRINTED)) == 2


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_a_text_lies_within_its_box_whatever_it_is(text: str) -> None:
    clean = clean_text(text[:300])
    for width, height in ((100, 17), (60, 40), (12, 9)):
        lines, size, is_whole = fitted(clean, width, height, 11, True)
        assert len(lines) * size <= max(height, size) * 1.05
        assert not is_whole or re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", clean)


@pytest.mark.parametrize("name", SAMPLE_NAMES)
@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED.keys())
def test_the_longest_names_stand_whole_on_what_we_ship(layout: CardLayout, name: str) -> None:
    cut = Cut()
    long = replace(HELD, patient=replace(HELD.patient, full_name=SAMPLE_NAMES[name]))
    id_card_pdf(long, Language("en"), layout, cut=cut)
    assert cut.places == set()
    assert fitted("W" * 90, 80, 12, 11, False)[2] is False


def test_only_what_is_shown_is_printed_and_a_copy_is_always_marked() -> None:
    bare = replace(STANDARD, front=tuple(one for one in STANDARD.front if one.item is not Item.COPY))
    copy = replace(HELD, is_reprint=True, photo=portrait())
    front, back = page_texts(id_card_pdf(copy, Language("en"), bare))
    assert "COPY" in back
    assert "Penicillin" not in front
    shown = replace(bare, front=tuple(replace(one, is_shown=True) for one in bare.front))
    front, _back = page_texts(id_card_pdf(copy, Language("en"), shown))
    assert "Penicillin" in front
    assert "AV" not in front.split()  # the photo stands there


def test_a_card_in_two_languages_says_both() -> None:
    both = replace(STANDARD, languages=("hi", "en"))
    front, _back = page_texts(id_card_pdf(HELD, Language("ar"), both))
    assert "/ Sex" in front.replace("\r\n", " ")


def test_a_batch_is_one_document_of_those_who_have_a_card_in_the_order_asked_for(floor: Floor) -> None:
    asha, ravi, tara = (floor.register(name, "Rao") for name in ("Asha", "Ravi", "Tara"))
    with pytest.raises(NotFound):
        floor.document(compose.id_cards, patient_ids=[asha.id])
    cards = {one.id: issue(floor, one.id) for one in (asha, tara)}
    floor.run("receptionist", patients.record_card_printed, card_id=cards[asha.id].id)
    batch = floor.document(compose.id_cards, patient_ids=[tara.id, ravi.id, asha.id])
    texts = page_texts(batch.pdf)
    assert [name for text in texts for name in ("Asha", "Tara", "Ravi") if name in text] == ["Tara", "Asha"]
    assert ["COPY" in text for text in texts] == [False, False, True, False]
    assert batch.is_reprint
    sheet = floor.document(compose.id_cards, patient_ids=[tara.id, asha.id], paper="A4")
    assert len(page_texts(sheet.pdf)) == 2
    ask = {"clinic_id": floor.world.clinic_id, "layout": UPRIGHT, "name": "ar", "language": Language("en")}
    with floor.world.db.read() as session:
        faces, cut = compose.design_faces(session, now=floor.world.db.clock(), **ask)
    assert (len(page_texts(faces)), cut) == (2, frozenset())


def test_a_card_is_printed_again_by_the_design_that_it_was_issued_with(floor: Floor) -> None:
    asha = floor.register("Asha", "Rao")
    own = Element(Item.TEXT, 6, 36, 40, 5, text="Friends of the clinic")
    ask = {"key": new_id(), "name": "Ours", "is_default": True}
    floor.run("admin", patients.save_card_template, layout=replace(STANDARD, back=(*STANDARD.back, own)), **ask)
    issue(floor, asha.id)
    floor.run("admin", patients.use_card_template, template_id=None)
    assert "Friends of the clinic" in page_texts(floor.document(compose.id_card, patient_id=asha.id).pdf)[1]


def test_ink_is_read_on_every_ground() -> None:
    for ground in ("#ffffff", "#000000", "#777777", "#0f5e6b", "#b42318", "#8fd3c8"):
        assert contrast(ink_on(ground), ground) >= READABLE
        for ink in ("#b42318", "#777777", ground):
            assert contrast(readable_on(ink, ground), ground) >= READABLE
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert {side: len(STANDARD.side(side)) > 0 for side in Side} == dict.fromkeys(Side, True)


def test_an_upright_card_has_its_head_at_one_end_on_both_sides_of_a_sheet() -> None:
    head = (Element(Item.BAND, 0, 0, 53.98, 30),)
    card = PrintedCard(HELD, replace(UPRIGHT, front=head, back=head), Language("en"))
    front, back = page_pictures(cards_pdf([card], CardPaper.A4), 60)

    def heads_at(picture: Image.Image, column: int) -> str:
        slot = picture.crop((column * picture.width // 2, 0, (column + 1) * picture.width // 2, picture.height // 5)).convert("L")
        dark = [place % slot.width for place, light in enumerate(slot.tobytes()) if light < 128]
        return "left" if sum(dark) / len(dark) < slot.width / 2 else "right"

    # Turned over along the long edge, left becomes right.
    assert (heads_at(front, 0), heads_at(back, 1)) == ("left", "right")
