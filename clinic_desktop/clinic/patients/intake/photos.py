"""A patient's photo: a small square of a picture, written anew without anything else of the file."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from clinic_desktop.clinic.patients.intake.containers import whole_alone
from clinic_desktop.clinic.patients.intake.kinds import kind_of
from clinic_desktop.clinic.patients.intake.pictures import opened
from clinic_desktop.kernel.errors import InvalidInput

SIDE = 640
MOST_BYTES = 32 * 1024 * 1024
_SMALLEST = 32


@dataclass(frozen=True, slots=True)
class Crop:
    """The square that is kept: its left and upper edge and its side, each as a part of the shorter side of the upright picture."""

    left: float = 0.0
    top: float = 0.0
    side: float = 1.0


def portrait(data: bytes, crop: Crop | None = None) -> bytes:
    """A JPEG of at most 640 by 640 pixels; without ``crop`` the middle of the picture. Raises InvalidInput at ``file``."""
    if len(data) > MOST_BYTES:
        raise InvalidInput("file", "file_too_large", limit=MOST_BYTES)
    kind = kind_of(data)
    if not kind.is_picture:
        raise InvalidInput("file", "photo_no_picture")
    with opened(kind, whole_alone(kind, data)) as picture:
        upright = ImageOps.exif_transpose(picture)
        left, top, side = _square(upright, crop)
        if side < _SMALLEST:
            raise InvalidInput("file", "photo_too_small", limit=_SMALLEST)
        square = upright.crop((left, top, left + side, top + side)).convert("RGB")
    square.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    Image.frombytes("RGB", square.size, square.tobytes()).save(written, "JPEG", quality=86, optimize=True)  # pixels only
    return written.getvalue()


def _square(picture: Image.Image, crop: Crop | None) -> tuple[int, int, int]:
    """Whole pixels of the square, kept inside the picture."""
    shorter = min(picture.size)
    if crop is None:
        return (picture.width - shorter) // 2, (picture.height - shorter) // 3, shorter
    side = min(max(round(crop.side * shorter), 1), shorter)
    left, top = round(crop.left * shorter), round(crop.top * shorter)
    return min(max(left, 0), picture.width - side), min(max(top, 0), picture.height - side), side
