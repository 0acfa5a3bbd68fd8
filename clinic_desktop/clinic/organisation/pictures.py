"""A picture from a file made safe to keep and to print: decoded within limits and written anew, without what else was in the file."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from clinic_desktop.kernel.errors import InvalidInput

MOST_BYTES = 2 * 1024 * 1024
_MOST_PIXELS = 16_000_000
_SIDE = 600
"""Pixels of the longer side that are kept: enough for 5 cm at 300 dpi."""


def logo_picture(data: bytes) -> bytes:
    """A PNG of at most 600 pixels a side from a PNG or JPEG of at most 2 MB; raises InvalidInput at ``logo``."""
    if len(data) > MOST_BYTES:
        raise InvalidInput("logo", "picture_too_large", limit=MOST_BYTES // 1024 // 1024)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
                if opened.width * opened.height > _MOST_PIXELS:  # before a pixel of it is decoded
                    raise InvalidInput("logo", "picture_too_many_pixels")
                upright = ImageOps.exif_transpose(opened)
                picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput("logo", "picture_too_many_pixels") from error
    except (OSError, ValueError, SyntaxError, Warning) as error:
        raise InvalidInput("logo", "not_a_picture") from error
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
