"""A page of a document as a picture, made off the UI thread within limits; text as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtGui import QImage

from clinic_desktop.clinic.patients.filing import content_unasked, opened
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.intake.kinds import text_of
from clinic_desktop.clinic.patients.intake.pdfs import page_bitmap
from clinic_desktop.clinic.patients.intake.pictures import page_picture
from clinic_desktop.clinic.patients.queries import DocumentRow

MOST_LETTERS = 40_000
"""Of a text, in a preview."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preview shows: a page as a picture, or a text."""

    row: DocumentRow
    page: int
    picture: QImage | None = None
    text: str = ""


def page_of(*, db: Any, actor: Any, document_id: UUID, page: int, side: int) -> Shown:
    """One page, of at most ``side`` pixels; raises what the store and the rights say."""
    found = opened(db, actor, document_id=document_id)
    kind = found.row.media_type
    if kind is MediaType.TEXT:
        return Shown(found.row, 0, text=text_of(found.data)[:MOST_LETTERS])
    return Shown(found.row, page, _drawn(kind, found.data, page, side))


def small_of(*, db: Any, actor: Any, row: DocumentRow, side: int) -> QImage:
    """The first page of a document that has pages, for a list; raises what the store and the rights say."""
    return _drawn(row.media_type, content_unasked(db, actor, row=row), 0, side)


def _drawn(kind: MediaType, data: bytes, page: int, side: int) -> QImage:
    if kind is MediaType.PDF:
        width, height, pixels = page_bitmap(data, page, side)
    else:
        picture = page_picture(kind, data, page, side)
        width, height, pixels = picture.width, picture.height, picture.tobytes()
    # copy(): the picture must outlive the bytes that it was made of
    return QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
