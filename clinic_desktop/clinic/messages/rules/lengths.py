"""How many text messages a text takes: 7 bits a character in the alphabet of GSM 03.38, else UCS-2 (pure)."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and the character."""


@dataclass(frozen=True, slots=True)
class SmsLength:
    """What a text takes: ``units`` of 7 bits, or of 16 where it ``is_unicode``, in so many ``parts``; ``left`` fit into the last one."""

    units: int
    parts: int
    left: int
    is_unicode: bool


def sms_length(text: str) -> SmsLength:
    """What a text takes as text messages. A character is never cut in two: where it does not fit the next part begins."""
    is_unicode = any(one not in _BASIC and one not in _ESCAPED for one in text)
    sizes = [_units(one) if is_unicode else 1 + (one in _ESCAPED) for one in text]
    alone, joined = (70, 67) if is_unicode else (160, 153)
    if sum(sizes) <= alone:
        return SmsLength(sum(sizes), 1 if text else 0, alone - sum(sizes), is_unicode)
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return SmsLength(sum(sizes), parts, joined - used, is_unicode)


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1
