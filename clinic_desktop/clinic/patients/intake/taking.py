"""One file from outside, made safe to keep or refused."""

from __future__ import annotations

from dataclasses import dataclass

from clinic_desktop.clinic.patients.intake.kinds import MediaType, kind_of
from clinic_desktop.clinic.patients.intake.names import safe_name
from clinic_desktop.clinic.patients.intake.pdfs import checked_pdf
from clinic_desktop.clinic.patients.intake.pictures import checked_picture
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.store import LARGEST_DOCUMENT


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What is kept of a file: its bytes, what it is, how it may be called, and its measures (width, height, pages)."""

    data: bytes
    media_type: MediaType
    name: str
    measures: dict[str, int]


def take_in(name: str, data: bytes) -> TakenIn:
    """Check a file; raises InvalidInput at ``file`` with what is wrong with it."""
    if len(data) > LARGEST_DOCUMENT:
        raise InvalidInput("file", "file_too_large", limit=LARGEST_DOCUMENT)
    kind = kind_of(data)
    if kind.is_picture:
        kept, measures = checked_picture(kind, data)
    elif kind is MediaType.PDF:
        kept, measures = checked_pdf(data)
    else:
        kept, measures = data, {}
    return TakenIn(kept, kind, safe_name(name, kind), measures)
