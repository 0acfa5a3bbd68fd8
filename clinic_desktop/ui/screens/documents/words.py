"""How documents are worded: sizes, kinds, who may open them."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside

_KILO = 1024
_TONES = {AccessLevel.PATIENT: Tone.GOOD, AccessLevel.STAFF: Tone.NEUTRAL, AccessLevel.DOCTOR: Tone.INFO, AccessLevel.ADMIN: Tone.WARN}
KINDS = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.WEBP: "WebP",
    MediaType.TIFF: "TIFF",
    MediaType.PDF: "PDF",
    MediaType.TEXT: "TXT",
}


def size_text(size: int) -> str:
    """A size as people say it."""
    if size < _KILO * _KILO:
        return _("{n} KB").format(n=number_text(max(round(size / _KILO), 1)))
    return _("{n} MB").format(n=number_text(round(size / _KILO / _KILO)))


def access_tone(row: DocumentRow) -> Tone:
    """The tone of a level."""
    return _TONES[row.access_level]


def categories() -> list[tuple[str, DocumentCategory]]:
    """Shelves to choose from."""
    return [(wording.status(one), one) for one in DocumentCategory]


def levels() -> list[tuple[str, AccessLevel]]:
    """Levels to choose from."""
    return [(wording.status(one), one) for one in AccessLevel]


def pages_text(row: DocumentRow) -> str:
    """How many pages, where it has any."""
    if "pages" not in row.measures:
        return ""
    return ngettext("{n} page", "{n} pages", row.pages).format(n=number_text(row.pages))


def attached_on(row: DocumentRow) -> str:
    """The clinic's day on which it was attached."""
    return date_text(business_date(row.attached_at, wording.told_zone()))


def told(row: DocumentRow) -> str:
    """A file in one line: what it is, how large, from whom and when."""
    return beside(
        wording.status(row.category),
        row.subcategory,
        KINDS[row.media_type],
        pages_text(row),
        size_text(row.size_bytes),
        row.attached_by,
        attached_on(row),
    )
