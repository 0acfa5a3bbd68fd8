"""A kiosk's letters, targets and gaps grow with its screen, as those of the display do; what is drawn for 768 lines never shrinks.

Where a clinic chose larger text for the whole program, the larger of the two counts: a page that fills its screen has no room for both.
"""

from __future__ import annotations

from PySide6.QtCore import QSize

from clinic_desktop.ui.theme.fonts import scaled

WIDEST = 880
"""The column of a page at design size."""
_LINES, _ACROSS = 768, 928
_factor = 1.0


def fit(window: QSize | None) -> bool:
    """Whether what is made from now on has another size than before, in a window of this size; None: there is no kiosk any more."""
    global _factor
    before = _factor
    _factor = 1.0 if window is None else max(1.0, min(window.height() / scaled(_LINES), window.width() / scaled(_ACROSS)))
    return _factor != before


def grown(pixels: int) -> int:
    """A design length at the size of this kiosk's screen."""
    return round(scaled(pixels) * _factor)
