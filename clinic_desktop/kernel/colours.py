"""Colours as ``#rrggbb``: whether one can be read on another, and which ink a ground needs (WCAG 2)."""

from __future__ import annotations

import re

DARK_INK, LIGHT_INK = "#111827", "#ffffff"
_DARKEST = "#000000"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
READABLE = 4.5
"""The contrast that small text needs."""


def is_colour(text: str) -> bool:
    """Whether a text is a colour."""
    return _HEX.fullmatch(text) is not None


def contrast(foreground: str, background: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(foreground), _luminance(background)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def ink_on(background: str) -> str:
    """Dark or light ink, whichever is read on that ground."""
    for ink in (DARK_INK, LIGHT_INK):
        if contrast(ink, background) >= READABLE:
            return ink
    return _DARKEST  # one of black and white always reaches 4.58


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with so much of another in it, 0 to 1."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in parts)


def readable_on(colour: str, background: str) -> str:
    """The colour, as far darkened or lightened as the ground needs."""
    ink = ink_on(background)
    return next((made for step in range(11) if contrast(made := mixed(colour, ink, step / 10), background) >= READABLE), ink)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (one / 255 for one in _channels(colour)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
