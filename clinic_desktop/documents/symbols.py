"""Code 128 and QR symbols, drawn as vectors whose modules are whole dots of the printer."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import qrcode
from barcode.codex import Code128

from clinic_desktop.documents.sheet import Sheet

_QUIET_MODULES = 10
_QR_QUIET_MODULES = 4
_LONGEST_CODE = 48
_LONGEST_QR = 300
_WIDEST_MODULE = 1.08  # 0.38 mm: wider bars only waste paper
_NARROWEST_MODULE = 0.48  # 0.17 mm: below this hand scanners give up


@lru_cache(maxsize=256)
def _bars(value: str) -> str:
    return str(Code128(value).build()[0])


@lru_cache(maxsize=64)
def _modules(value: str) -> tuple[tuple[bool, ...], ...]:
    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    symbol.add_data(value)
    symbol.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in symbol.get_matrix())


def _whole_dots(module: float, dpi: int) -> float:
    dot = 72 / dpi
    return max(1, int(module / dot + 1e-6)) * dot


def _on_dot(place: float, dpi: int) -> float:
    """Where the printer has a dot: edges between two of them would be smeared."""
    return round(place * dpi / 72) * 72 / dpi


def code128(sheet: Sheet, value: str, *, x: float, y: float, width: float, height: float, dpi: int = 300, centred: bool = True) -> bool:
    """Draw a Code 128 symbol in a box; False, and nothing drawn, where it could not be scanned.

    Centred, its quiet zones lie inside the box; else its bars begin at the box's start, for a box at the white margin of a page.
    """
    if not 0 < len(value) <= _LONGEST_CODE or not (value.isascii() and value.isprintable()):
        return False
    bars = _bars(value)
    module = _whole_dots(min(width / (len(bars) + 2 * _QUIET_MODULES), _WIDEST_MODULE), dpi)
    if module < _NARROWEST_MODULE or module * (len(bars) + 2 * _QUIET_MODULES) > width + 1e-6:
        return False
    drawn = module * len(bars)
    at = _on_dot(sheet.left_of(x + (width - drawn) / 2 if centred else x, drawn), dpi)
    for dark, group in groupby(bars):
        wide = module * len(list(group))
        if dark == "1":
            sheet.ink_rectangle(at, y, wide, height)
        at += wide
    return True


def qr(sheet: Sheet, value: str, *, x: float, y: float, side: float, dpi: int = 300) -> bool:
    """Draw a QR symbol centred in a square (quiet zone included); False, and nothing drawn, where it could not be scanned."""
    if not 0 < len(value) <= _LONGEST_QR:
        return False
    rows = _modules(value)
    module = _whole_dots(side / (len(rows) + 2 * _QR_QUIET_MODULES), dpi)
    if module * (len(rows) + 2 * _QR_QUIET_MODULES) > side + 1e-6:
        return False
    inset = (side - module * len(rows)) / 2
    left = _on_dot(sheet.left_of(x, side) + inset, dpi)
    for down, row in enumerate(rows):
        at = left
        for dark, group in groupby(row):
            wide = module * len(list(group))
            if dark:
                sheet.ink_rectangle(at, y + inset + down * module, wide, module)
            at += wide
    return True
