"""Patient card, CR80: name, number, sex, age, blood group, photo place, Code 128 and QR; the back says whose card it is."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.utils import ImageReader

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import IdCard, Person
from clinic_desktop.documents.lettering import width_of
from clinic_desktop.documents.sheet import ACCENT, ACCENT_WASH, ALARM, INK, MM, MUTED, WHITE, Align, Sheet
from clinic_desktop.documents.symbols import code128, qr
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import Language

CR80 = (85.60 * MM, 53.98 * MM)
_DPI = 300
_MOST_PIXELS = 40_000_000
_PHOTO_PIXELS = (600, 750)


def id_card_pdf(card: IdCard, language: Language) -> bytes:
    """Two pages: front and back of the card."""
    card = cleaned(card)
    sheet = Sheet(*CR80, language, card.patient.number)
    _band(sheet, card)
    _photo(sheet, card)
    _identity(sheet, card)
    _symbols(sheet, card)
    sheet.next_page()
    _back(sheet, card)
    return sheet.finish()


def _band(sheet: Sheet, card: IdCard) -> None:
    _ = sheet.language.gettext
    sheet.box(0, 0, sheet.width, 11.5 * MM, fill=ACCENT)
    head = card.letterhead
    sheet.text(5 * MM, 6 * MM if head.hospital_name else 7.2 * MM, head.clinic_name, size=10.5, bold=True, width=50 * MM, colour=WHITE)
    if head.hospital_name:
        sheet.text(5 * MM, 9.4 * MM, head.hospital_name, size=5.8, width=50 * MM, colour=ACCENT_WASH)
    sheet.text(80.6 * MM, 6.9 * MM, _("Patient card"), size=7, align=Align.END, width=23 * MM, colour=ACCENT_WASH)


def _photo(sheet: Sheet, card: IdCard) -> None:
    x, y, width, height = 5 * MM, 14.5 * MM, 18.5 * MM, 23 * MM
    picture = readable_picture(card.photo)
    if picture is not None:
        sheet.picture(x, y, width, height, picture, radius=4)
        return
    sheet.box(x, y, width, height, fill=ACCENT_WASH, radius=4)
    sheet.text(
        x + width / 2,
        y + height / 2 + 6.5,
        initials(card.patient.full_name),
        size=19,
        bold=True,
        align=Align.CENTRE,
        width=width * 0.8,
        colour=ACCENT,
    )


def _identity(sheet: Sheet, card: IdCard) -> None:
    _ = sheet.language.gettext
    x, wide = 26.5 * MM, 35.5 * MM
    person = card.patient
    if width_of(person.full_name, 8, bold=True) <= wide:
        sheet.text(x, 18.3 * MM, person.full_name, size=11, least=8, bold=True, width=wide)
    else:
        sheet.paragraph(x, 16.3 * MM, person.full_name, width=wide, size=7.4, leading=1.15, bold=True, most=2)
    sheet.text(x, 22.8 * MM, person.number, size=9, bold=True, width=wide, colour=ACCENT)
    rows = [(_("Sex"), person.sex), (_("Born"), born_text(person, sheet.language)), (_("Blood"), card.blood_group)]
    y = 27.4 * MM
    for title, value in rows:
        if value:
            sheet.text(x, y, title, size=6.5, width=9.5 * MM, colour=MUTED)
            colour = ALARM if value == card.blood_group else INK
            sheet.text(x + 10.5 * MM, y, value, size=7.8, bold=value == card.blood_group, width=wide - 10.5 * MM, colour=colour)
            y += 4.1 * MM
    if card.is_reprint:
        sheet.box(65.15 * MM, 33.6 * MM, 14 * MM, 3.9 * MM, fill=INK, radius=2)
        sheet.text(72.15 * MM, 36.35 * MM, _("COPY"), size=6.5, bold=True, align=Align.CENTRE, width=12 * MM, colour=WHITE)


def _symbols(sheet: Sheet, card: IdCard) -> None:
    number = card.patient.number
    qr(sheet, card.qr_text or number, x=61.9 * MM, y=12.2 * MM, side=20.5 * MM, dpi=_DPI)
    code = card.barcode or number
    if code128(sheet, code, x=5 * MM, y=40 * MM, width=75.6 * MM, height=8 * MM, dpi=_DPI):
        sheet.text(sheet.width / 2, 51 * MM, code, size=6.5, align=Align.CENTRE, width=70 * MM, colour=INK)


def _back(sheet: Sheet, card: IdCard) -> None:
    _ = sheet.language.gettext
    head = card.letterhead
    x, wide = 6 * MM, sheet.width - 12 * MM
    sheet.box(0, 0, sheet.width, 3 * MM, fill=ACCENT)
    sheet.text(x, 11 * MM, head.clinic_name, size=9.5, bold=True, width=wide, colour=ACCENT)
    y = sheet.paragraph(x, 16 * MM, head.address, width=wide, size=7.2, most=3) if head.address else 16 * MM
    if head.phone:
        sheet.text(x, y, head.phone, size=7.2, width=wide)
        y += 10
    sheet.rule(x, y - 2, wide)
    if card.emergency_contact:
        sheet.text(x, y + 9, _("In an emergency call"), size=6.2, width=wide, colour=MUTED)
        sheet.text(x, y + 18.5, card.emergency_contact, size=8, bold=True, width=wide)
    notice = _("Please bring this card to every visit. If you find it, kindly return it to the clinic.")
    sheet.paragraph(x, 45.5 * MM, notice, width=wide, size=6.5, most=2, colour=MUTED)


def initials(name: str) -> str:
    """The first letters of the first and the last word, each with its marks."""
    words = [word for word in name.split() if word[0].isalpha()]
    chosen = words[:1] + words[1:][-1:]
    # Arabic letters side by side would join into a word that is nobody's initials.
    return (
        " ".join(word[0].upper() for word in chosen)
        if any("\u0600" <= w[0] <= "\u06ff" for w in chosen)
        else "".join(w[0].upper() for w in chosen)
    )


def born_text(person: Person, language: Language) -> str:
    """Birth date with the age, or whichever is known; an estimated date is left out."""
    if person.birth_date is None or person.birth_date_is_estimated:
        return person.age
    day = date_text(person.birth_date, language)
    return f"{day} · {person.age}" if person.age else day


def readable_picture(photo: bytes | None) -> ImageReader | None:
    """A picture small enough to open; None when there is none or the bytes are not one."""
    if not photo:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upright = _small(photo)
    except (Image.DecompressionBombWarning, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return None
    return ImageReader(upright)


def _small(photo: bytes) -> Image.Image:
    with Image.open(BytesIO(photo), formats=("PNG", "JPEG", "WEBP")) as image:
        if image.width * image.height > _MOST_PIXELS:
            raise Image.DecompressionBombError
        image.draft("RGB", _PHOTO_PIXELS)
        turned = ImageOps.exif_transpose(image).convert("RGB")
        turned.thumbnail(_PHOTO_PIXELS)
        return turned
