"""Somebody's photo made small enough to print, and what stands in its place."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.utils import ImageReader

_MOST_PIXELS = 40_000_000
_PHOTO_PIXELS = (600, 750)


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
