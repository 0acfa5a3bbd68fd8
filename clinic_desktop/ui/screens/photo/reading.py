"""A picture for the photo, read within limits off the UI thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from clinic_desktop.clinic.patients.intake.containers import whole_alone
from clinic_desktop.clinic.patients.intake.kinds import kind_of
from clinic_desktop.clinic.patients.intake.photos import MOST_BYTES
from clinic_desktop.clinic.patients.intake.pictures import page_picture
from clinic_desktop.kernel.errors import InvalidInput

_SIDE = 1400


@dataclass(frozen=True, slots=True)
class Chosen:
    """The bytes of a picture, and how it is shown: upright, small enough for the screen."""

    data: bytes
    shown: QImage


def chosen_file(*, path: Path) -> Chosen:
    """A picture from a file; raises InvalidInput at ``file``."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput("file", "file_too_large", limit=MOST_BYTES)
        return chosen(data=path.read_bytes())
    except OSError as error:
        raise InvalidInput("file", "unreadable") from error


def chosen(*, data: bytes) -> Chosen:
    """A picture from bytes."""
    kind = kind_of(data)
    if not kind.is_picture:
        raise InvalidInput("file", "photo_no_picture")
    picture = page_picture(kind, whole_alone(kind, data), 0, _SIDE)
    pixels = picture.tobytes()
    return Chosen(data, QImage(pixels, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888).copy())
