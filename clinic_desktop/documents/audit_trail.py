"""An extract of the audit trail, A4: what was asked for, each entry with its changes, and the journal's head as anchor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Letterhead
from clinic_desktop.documents.grid import Column, Frame, foot, letterhead, table, title
from clinic_desktop.documents.sheet import A4, MM, MUTED, Sheet, pages
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import Language

_EDGE = 15 * MM
_FRAME = Frame(_EDGE, A4[0] - 2 * _EDGE, A4[1] - 20 * MM)
_MOST_LINES = 48


@dataclass(frozen=True, slots=True)
class AuditExtract:
    """``rows``: when, who and where, what was done to which record, and what changed, all worded."""

    letterhead: Letterhead
    asked: str
    rows: tuple[tuple[str, str, str, str], ...]
    entries: int
    made_by: str
    made_at: datetime
    timezone: str
    head_seq: int
    head_hash: str


def audit_pdf(extract: AuditExtract, language: Language) -> bytes:
    """As many A4 pages as it takes."""
    extract = cleaned(extract)
    return pages(A4, language, extract.asked, partial(_draw, extract))


def _draw(extract: AuditExtract, sheet: Sheet, page_count: int) -> None:
    _ = sheet.language.gettext
    end, top = _FRAME.x + _FRAME.width, 14 * MM
    left = letterhead(sheet, extract.letterhead, _FRAME.x, top, _FRAME.width * 0.5)
    count = sheet.language.ngettext("{n} entry", "{n} entries", extract.entries).format(n=extract.entries)
    right = title(sheet, end, top, _("Audit trail"), count, width=_FRAME.width * 0.46, is_reprint=False)
    y = sheet.paragraph(_FRAME.x, max(left, right) + 14, extract.asked, width=_FRAME.width, size=10, bold=True, most=3)
    made = _("Made by {name} on {time}. Newest entry of the records then: {seq}, {hash}").format(
        name=extract.made_by,
        time=datetime_text(extract.made_at, sheet.language, timezone=extract.timezone),
        seq=extract.head_seq,
        hash=extract.head_hash,
    )
    y = sheet.paragraph(_FRAME.x, y, made, width=_FRAME.width, size=7.5, most=3, colour=MUTED)
    columns = (
        Column(_("Time"), 17),
        Column(_("Who and where"), 16),
        Column(_("What and which record"), 28, most_lines=6),
        Column(_("Changes"), 46, most_lines=_MOST_LINES),
    )
    table(sheet, _FRAME, y + 4, columns, extract.rows, partial(_turn, sheet, extract, page_count), size=7)
    _foot(sheet, extract, page_count)


def _foot(sheet: Sheet, extract: AuditExtract, page_count: int) -> None:
    foot(sheet, _FRAME, A4[1] - 11 * MM, extract.letterhead.clinic_name, page_count)


def _turn(sheet: Sheet, extract: AuditExtract, page_count: int) -> float:
    _foot(sheet, extract, page_count)
    sheet.next_page()
    return 17 * MM
