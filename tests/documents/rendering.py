"""Reading printed pages back: pictures at a printer's resolution, symbols, texts, and ink where none may be."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops

MM = 72 / 25.4


def page_pictures(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=dpi / 72).to_pil().convert("RGB")


def page_texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


# What the product prints, as a clinic's scanner is set: codes without a check character (Codabar) are read out of any print by chance.
PRINTED = [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode]


def symbols(pdf: bytes, dpi: int) -> list[tuple[str, str]]:
    """(format, text) of every symbol on every page, as a scanner with the printer's dots sees them."""
    found = []
    for picture in page_pictures(pdf, dpi):
        found += [(symbol.format.name, symbol.text) for symbol in zxingcpp.read_barcodes(picture, PRINTED)]
    return sorted(found)


def stray_ink(picture: Image.Image, dpi: int, *, side: float, top: float, bottom: float) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Margins (in mm) of a page that are not white, with where the ink is."""
    wide, tall = picture.size
    x, above, below = (int(edge / 25.4 * dpi) for edge in (side, top, bottom))
    strips = {
        "left": (0, 0, x, tall),
        "right": (wide - x, 0, wide, tall),
        "top": (0, 0, wide, above),
        "bottom": (0, tall - below, wide, tall),
    }
    white = Image.new("RGB", picture.size, "white")
    difference = ImageChops.difference(picture, white)
    return [(name, box) for name, strip in strips.items() if (box := difference.crop(strip).getbbox()) is not None]
