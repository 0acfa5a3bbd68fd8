"""A patient's own data on A4: who it is about, then a table for each kind of record; and the statement about an erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reportlab.lib.pdfencrypt import StandardEncryption

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Letterhead, Person
from clinic_desktop.documents.grid import Column, Frame, foot, letterhead, table, title
from clinic_desktop.documents.sheet import A4, ACCENT_WASH, MM, MUTED, Align, Sheet, pages
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import Language

_EDGE = 17 * MM
_FRAME = Frame(_EDGE, A4[0] - 2 * _EDGE, A4[1] - 20 * MM)
_END = _FRAME.x + _FRAME.width
_MOST_LINES = 60
"""What was written is shown whole: a page holds more lines than any field of a form."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a section: its title, its share of the width, and whether figures stand in it."""

    title: str
    share: float
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Records of one kind."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PatientPaper:
    """A paper about a patient's own data: words at the beginning, sections, words at the end."""

    letterhead: Letterhead
    name: str
    number: str
    patient: Person
    made_at: datetime
    timezone: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = ()


def patient_paper_pdf(paper: PatientPaper, language: Language, *, password: str | None = None) -> bytes:
    """As many A4 pages as it takes; with a password nobody opens it without (128 bits, what every reader knows)."""
    paper = cleaned(paper)
    sealed = None if password is None else StandardEncryption(password, ownerPassword=password, canModify=0, strength=128)
    return pages(A4, language, paper.number, partial(_draw, paper), sealed=sealed)


def _draw(paper: PatientPaper, sheet: Sheet, page_count: int) -> None:
    turn = partial(_turn, sheet, paper, page_count)
    y = _head(paper, sheet)
    for text in paper.opening:
        y = _paragraph(sheet, y, text, turn)
    for section in paper.sections:
        y = _section(sheet, y, section, turn)
    y += 12
    for text in paper.closing:
        y = _paragraph(sheet, y, text, turn)
    _foot(sheet, paper, page_count)


def _foot(sheet: Sheet, paper: PatientPaper, page_count: int) -> None:
    foot(sheet, _FRAME, A4[1] - 11 * MM, f"{paper.number} · {paper.patient.number}", page_count)


def _turn(sheet: Sheet, paper: PatientPaper, page_count: int) -> float:
    _foot(sheet, paper, page_count)
    sheet.next_page()
    return 17 * MM


def _head(paper: PatientPaper, sheet: Sheet) -> float:
    top = 14 * MM
    left = letterhead(sheet, paper.letterhead, _FRAME.x, top, _FRAME.width * 0.5)
    right = title(sheet, _END, top, paper.name, paper.number, width=_FRAME.width * 0.46, is_reprint=False)
    y = max(left, right) + 14
    sheet.box(_FRAME.x, y, _FRAME.width, 42, fill=ACCENT_WASH, radius=5)
    half = _FRAME.width / 2 - 16
    sheet.text(_FRAME.x + 10, y + 18, paper.patient.full_name, size=12, bold=True, width=half)
    told = " · ".join(part for part in (paper.patient.sex, paper.patient.age, paper.patient.phone) if part)
    sheet.text(_FRAME.x + 10, y + 33, told, size=8.5, width=half, colour=MUTED)
    sheet.text(_END - 10, y + 18, paper.patient.number, size=10.5, align=Align.END, width=half)
    when = datetime_text(paper.made_at, sheet.language, timezone=paper.timezone)
    sheet.text(_END - 10, y + 33, when, size=8.5, align=Align.END, width=half, colour=MUTED, follows_language=True)
    return y + 64


def _paragraph(sheet: Sheet, y: float, text: str, turn: partial[float]) -> float:
    if y + 40 > _FRAME.bottom:
        y = turn() + 8
    return sheet.paragraph(_FRAME.x, y, text, width=_FRAME.width, size=9.5) + 5


def _section(sheet: Sheet, y: float, section: Section, turn: partial[float]) -> float:
    if y + 70 > _FRAME.bottom:
        y = turn() - 10
    sheet.text(_FRAME.x, y + 24, section.title, size=10.5, bold=True, width=_FRAME.width)
    columns = [
        Column(one.title, one.share, Align.END if one.is_figure else Align.START, 1 if one.is_figure else _MOST_LINES)
        for one in section.headings
    ]
    return table(sheet, _FRAME, y + 31, columns, section.rows, turn, size=8)
