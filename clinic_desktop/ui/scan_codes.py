"""What a scanner typed, as the code it read: without its marks, out of a GS1 element string, from a keyboard of another layout."""

from __future__ import annotations

import re
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

GROUP = "\x1d"
"""The separator of GS1 elements; scanners send it as Ctrl+]."""
AIM = r"\][A-Za-z][0-9A-Za-z]"
"""How a code begins when the scanner is set to say which symbology it read."""
_AIM = re.compile(AIM)
_GTIN = re.compile(r"\(?01\)?(\d{14})(?!\d{1}$)")
_ROWS = ((2, "1234567890-=", "!@#$%^&*()_+"), (16, "qwertyuiop[]", "QWERTYUIOP{}"), (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'))
_LOWER_ROWS = ((43, "\\zxcvbnm,./", "|ZXCVBNM<>?"), (71, "789-456+1230.", "789-456+1230."))
_PLAIN = {
    first + place: (low, high)
    for first, lows, highs in (*_ROWS, *_LOWER_ROWS)
    for place, (low, high) in enumerate(zip(lows, highs, strict=True))
}
_OFFSET = 8 if sys.platform.startswith("linux") else 0
"""X11 and Wayland count keys from eight on."""


def plain_code(text: str) -> str:
    """The code without a symbology mark; of a GS1 element string the item's number, as its barcode on a shelf says it."""
    marked = _AIM.match(text)
    bare = text[marked.end() :] if marked else text
    bare = bare.strip(GROUP)
    is_gs1 = GROUP in text or bare.startswith("(01)") or (marked is not None and marked[0] in ("]C1", "]d2", "]Q3", "]e0"))
    found = _GTIN.match(bare) if is_gs1 else None
    return bare if found is None else found[1].removeprefix("0")


def on_us_layout(event: QKeyEvent) -> str:
    """The character of a key where a US keyboard has it: scanners press keys, whatever letters the system thinks are on them."""
    known = _PLAIN.get(event.nativeScanCode() - _OFFSET)
    if known is None:
        return event.text()
    return known[bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)]


def is_group_separator(event: QKeyEvent) -> bool:
    """Whether a scanner sent the separator of GS1 elements."""
    with_control = event.key() == Qt.Key.Key_BracketRight and event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return event.text() == GROUP or bool(with_control)
