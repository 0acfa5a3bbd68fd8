"""Which palette is worn now: painting code asks here, screens never name a colour."""

from __future__ import annotations

from clinic_desktop.ui.theme.tokens import LIGHT, PALETTES, Palette

_worn: Palette = LIGHT


def current() -> Palette:
    """The palette that the program wears now."""
    return _worn


def wear(name: str) -> Palette:
    """Change the palette: ``light``, ``dark`` or ``contrast``."""
    global _worn
    _worn = PALETTES[name]
    return _worn
