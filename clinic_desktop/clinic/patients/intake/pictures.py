"""Pictures from outside: counted before a pixel is decoded, decoded once to know that they can be read, and kept as they came."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, ImageSequence

from clinic_desktop.clinic.patients.intake.containers import whole_alone
from clinic_desktop.clinic.patients.intake.kinds import MediaType
from clinic_desktop.kernel.errors import InvalidInput

MOST_PIXELS = 50_000_000
"""Of one picture: a panoramic X-ray has 5, a good camera 24. Decoded it takes four bytes each."""
MOST_PAGES, MOST_PIXELS_IN_ALL = 200, 1_000_000_000
"""Of a scanned TIFF of several pages; they are decoded one after the other."""
_FORMATS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP", MediaType.TIFF: "TIFF"}
_THUMB = 256


def checked_picture(kind: MediaType, data: bytes) -> tuple[bytes, dict[str, int]]:
    """The picture without what hung behind it and without its place, and its measures; raises InvalidInput at ``file``."""
    alone = whole_alone(kind, data)
    with opened(kind, alone) as picture:
        width, height = picture.size
        pages = _decode_all(picture) if kind is MediaType.TIFF else _decode(picture, kind)
    return alone, {"width": width, "height": height} | ({"pages": pages} if pages > 1 else {})


@contextmanager
def opened(kind: MediaType, data: bytes) -> Iterator[Image.Image]:
    """A picture opened within limits; whatever goes wrong with it is worded at ``file``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd EXIF: the pixels are what counts
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=(_FORMATS[kind],)) as picture:
                _few_enough(picture)
                yield picture
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput("file", "picture_too_many_pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError, ArithmeticError) as error:
        raise InvalidInput("file", "picture_unreadable") from error


def _few_enough(picture: Image.Image) -> int:
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise InvalidInput("file", "picture_too_many_pixels")
    return pixels


def _decode(picture: Image.Image, kind: MediaType) -> int:
    if kind is MediaType.JPEG:
        picture.draft(picture.mode, (_THUMB, _THUMB))  # reads all of the file, and makes an eighth of the pixels
    picture.load()
    return 1


def _decode_all(picture: Image.Image) -> int:
    pages = pixels = 0
    for page in ImageSequence.Iterator(picture):
        pages, pixels = pages + 1, pixels + _few_enough(page)
        if pages > MOST_PAGES or pixels > MOST_PIXELS_IN_ALL:
            raise InvalidInput("file", "file_too_many_pages", limit=MOST_PAGES)
        page.load()
    return pages


def page_picture(kind: MediaType, data: bytes, page: int, side: int) -> Image.Image:
    """A page of a picture as RGB, upright, of at most ``side`` pixels: for a preview."""
    with opened(kind, data) as picture:
        if page:
            picture.seek(page)
            _few_enough(picture)
        if kind is MediaType.JPEG:
            picture.draft("RGB", (side, side))
        return _small(picture, side)


def _small(picture: Image.Image, side: int) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):  # sixteen bits of grey: an X-ray; stretched to what it holds
        low, high = upright.convert("F").getextrema()
        spread = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        upright = upright.convert("F").point(lambda value: (value - float(low)) * (255.0 / spread)).convert("L")  # type: ignore[arg-type]
    if upright.has_transparency_data:
        ground = Image.new("RGB", upright.size, "white")
        clear = upright.convert("RGBA")
        ground.paste(clear, mask=clear.getchannel("A"))
        upright = ground
    plain = upright.convert("RGB")
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    return plain
