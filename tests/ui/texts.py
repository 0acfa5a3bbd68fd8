"""Texts as they are read."""

from __future__ import annotations

_MARKS = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))


def plain(text: str) -> str:
    """Without the marks that keep the direction of names, numbers and lines."""
    return text.translate(_MARKS)
