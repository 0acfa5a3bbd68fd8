"""A document of a patient's folder on paper: each page as a picture on A4, a text in lines; below, whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO

from reportlab.lib.utils import ImageReader

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.fitting import wrap
from clinic_desktop.documents.grid import Frame, foot
from clinic_desktop.documents.sheet import A4, MM, Align, Sheet, pages
from clinic_desktop.kernel.i18n import Language

MOST_PAGES = 20
"""More are printed by the program that they were made with, from a copy."""
_EDGE, _LINE = 12 * MM, 12.5


def paper_pdf(title: str, belongs: str, *, pictures: Sequence[bytes] = (), text: str = "", language: Language) -> bytes:
    """Pictures (JPEG), one a page, or a text."""
    draw = partial(_draw, cleaned(belongs), pictures, cleaned(text))
    return pages(A4, language, cleaned(title), draw)


def _draw(belongs: str, pictures: Sequence[bytes], text: str, sheet: Sheet, page_count: int) -> None:
    frame = Frame(_EDGE, sheet.width - 2 * _EDGE, sheet.height - 18 * MM)
    bottom = partial(foot, sheet, frame, sheet.height - 9 * MM, belongs, page_count)
    for number, picture in enumerate(pictures):
        if number:
            sheet.next_page()
        room = frame.bottom - _EDGE
        sheet.emblem(sheet.width / 2, _EDGE, frame.width, room, ImageReader(BytesIO(picture)), align=Align.CENTRE)
        bottom()
    if pictures:
        return
    y = _EDGE + _LINE
    for one in wrap(text, frame.width, 9.5):
        if y > frame.bottom:
            bottom()
            sheet.next_page()
            y = _EDGE + _LINE
        sheet.text(frame.x, y, one, size=9.5, width=frame.width)
        y += _LINE
    bottom()
