"""Tables over pages: rows that wrap, a heading repeated on every page, and the letterhead, marks and page numbers of full sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.utils import ImageReader

from clinic_desktop.documents.data import Letterhead
from clinic_desktop.documents.fitting import wrap
from clinic_desktop.documents.sheet import ACCENT, HAIR, INK, MUTED, WASH, WHITE, Align, Sheet

_PAD = 5.0
_LOGO = 42.0
_LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width, and on which side its text stands."""

    title: str
    share: float
    align: Align = Align.START
    most_lines: int = 3
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table may stand: its start, its width and the lowest point of a page."""

    x: float
    width: float
    bottom: float


Turn = Callable[[], float]
"""Starts a new page and returns where its content begins."""


def table(
    sheet: Sheet,
    frame: Frame,
    y: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    turn: Turn,
    *,
    size: float = 8.5,
    ends_in_sum: bool = False,
) -> float:
    """Draw a table from ``y`` on, over as many pages as it takes; returns where it ended."""
    widths = [frame.width * column.share / sum(one.share for one in columns) for column in columns]
    if y + 20 + size * 3 > frame.bottom:
        y = turn()
    y = _heading(sheet, frame, y, columns, widths, size)
    for position, row in enumerate(rows, 1):
        is_sum = ends_in_sum and position == len(rows)
        cells = [
            # Figures never wrap and are never cut, they shrink: a cut amount would be a wrong amount.
            [text] if column.align is Align.END else wrap(text, width - 2 * _PAD, size, bold=column.bold or is_sum, most=column.most_lines)
            for text, width, column in zip(row, widths, columns, strict=True)
        ]
        height = max(len(lines) for lines in cells) * size * _LEADING + 7
        if y + height > frame.bottom:
            y = _heading(sheet, frame, turn(), columns, widths, size)
        _row(sheet, frame, y, columns, widths, cells, size, is_sum)
        y += height
        sheet.rule(frame.x, y, frame.width, weight=0.5)
    return y


def _heading(sheet: Sheet, frame: Frame, y: float, columns: Sequence[Column], widths: Sequence[float], size: float) -> float:
    height = size + 10
    sheet.box(frame.x, y, frame.width, height, fill=WASH, radius=3)
    x = frame.x
    for column, width in zip(columns, widths, strict=True):
        at = _anchor(x, width, column.align)
        sheet.text(at, y + height - 6, column.title, size=size - 1, bold=True, width=width - 2 * _PAD, align=column.align, colour=MUTED)
        x += width
    return y + height


def _anchor(x: float, width: float, align: Align) -> float:
    return {Align.START: x + _PAD, Align.CENTRE: x + width / 2, Align.END: x + width - _PAD}[align]


def _row(
    sheet: Sheet,
    frame: Frame,
    y: float,
    columns: Sequence[Column],
    widths: Sequence[float],
    cells: Sequence[list[str]],
    size: float,
    is_sum: bool,
) -> None:
    x = frame.x
    for column, width, lines in zip(columns, widths, cells, strict=True):
        baseline = y + size + 3
        for one in lines:
            least = size * 0.3 if column.align is Align.END else size * 0.75
            at = _anchor(x, width, column.align)
            sheet.text(at, baseline, one, size=size, least=least, bold=column.bold or is_sum, width=width - 2 * _PAD, align=column.align)
            baseline += size * _LEADING
        x += width


def letterhead(sheet: Sheet, head: Letterhead, x: float, y: float, width: float, *, size: float = 15) -> float:
    """The clinic's logo, name and address at the top of a sheet; returns where they end."""
    least = y
    if head.logo is not None:
        taken = sheet.emblem(x, y, width * 0.35, _LOGO, ImageReader(BytesIO(head.logo))) + 10
        x, width, least = x + taken, width - taken, y + _LOGO
    y = sheet.paragraph(x, y + size, head.clinic_name, width=width, size=size, bold=True, most=2, leading=1.2, colour=ACCENT)
    y -= size * 0.35 - 2
    lines = (head.hospital_name, head.address, " · ".join(part for part in (head.phone, head.email) if part))
    for detail in lines:
        if detail:
            y = sheet.paragraph(x, y, detail, width=width, size=8, most=2, colour=MUTED)
    if head.tax_number:
        label = sheet.language.gettext("Tax no. {number}").format(number=head.tax_number)
        sheet.text(x, y, label, size=8, width=width, colour=MUTED)
        y += 10.8
    return max(y - 6, least)


def title(sheet: Sheet, end: float, y: float, name: str, number: str, *, width: float, is_reprint: bool, size: float = 17) -> float:
    """The document's name and number at the end side of a sheet's top; returns where they end."""
    sheet.text(end, y + 15, name, size=size, bold=True, align=Align.END, width=width)
    sheet.text(end, y + 30, number, size=10.5, align=Align.END, width=width, colour=MUTED)
    if not is_reprint:
        return y + 36
    copy = sheet.language.gettext("COPY")
    sheet.box(end - 58, y + 37, 58, 16, fill=INK, radius=3)
    sheet.text(end - 29, y + 48.5, copy, size=9, bold=True, align=Align.CENTRE, width=50, colour=WHITE)
    return y + 58


def foot(sheet: Sheet, frame: Frame, y: float, note: str, page_count: int) -> None:
    """The last line of a page: what it belongs to, and its number."""
    page = sheet.language.gettext("Page {page} of {pages}").format(page=sheet.page, pages=page_count)
    sheet.rule(frame.x, y - 12, frame.width, colour=HAIR)
    taken = sheet.text(frame.x + frame.width, y, page, size=7.5, align=Align.END, width=120, colour=MUTED, follows_language=True)
    sheet.text(frame.x, y, note, size=7.5, width=frame.width - taken - 16, colour=MUTED)


def fact(sheet: Sheet, x: float, y: float, name: str, value: str, *, width: float, size: float = 9, bold: bool = False) -> None:
    """A small title with its value below."""
    sheet.text(x, y, name, size=7, width=width, colour=MUTED)
    sheet.text(x, y + size + 3, value, size=size, bold=bold, width=width)
