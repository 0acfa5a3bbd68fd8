"""Text from people: one way to clean it, and clear refusals at the field."""

from __future__ import annotations

import re
import unicodedata

from clinic_desktop.kernel.errors import InvalidInput

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"\s+")
_KEPT_IN_TEXT = frozenset("\n\t")


def clean_text(value: str) -> str:
    """NFC text without control and bidi-override characters; line breaks and tabs stay."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in _KEPT_IN_TEXT or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _BIDI_CONTROLS))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def clean_line(value: str) -> str:
    """Clean text on one line, with single spaces."""
    if value.isascii() and value.isprintable():  # most text: there is nothing to clean, and lists filter thousands of rows at a time
        return " ".join(value.split())
    return _SPACES.sub(" ", clean_text(value)).strip()


def required_line(value: str | None, field: str, *, limit: int = 200) -> str:
    """One clean, non-empty line of at most ``limit`` characters."""
    line = clean_line(value or "")
    if not line:
        raise InvalidInput(field, "required")
    if len(line) > limit:
        raise InvalidInput(field, "too_long", limit=limit)
    return line


def optional_line(value: str | None, field: str, *, limit: int = 200) -> str | None:
    """One clean line, or None when there is nothing in it."""
    return required_line(value, field, limit=limit) if value is not None and clean_line(value) else None


def optional_text(value: str | None, field: str, *, limit: int = 20_000) -> str | None:
    """Clean text of several lines, or None when there is nothing in it."""
    text = clean_text(value or "")
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit)
    return text or None


def whole_number(value: int, field: str, low: int, high: int) -> int:
    """An integer between two bounds, both allowed."""
    if type(value) is not int:
        raise InvalidInput(field, "not_a_number")
    if not low <= value <= high:
        raise InvalidInput(field, "out_of_range", low=low, high=high)
    return value


def search_form(value: str) -> str:
    """The form in which text is compared and searched: folded case, no accents or tashkeel, plain Arabic letters, ASCII digits."""
    line = clean_line(value).casefold()
    if line.isascii():
        return line
    decomposed = unicodedata.normalize("NFKD", line.replace("\u0640", ""))
    # Devanagari vowel signs are marks that carry meaning (Mn/Mc); only Latin, Greek, Cyrillic and Arabic marks fold away.
    kept = (c for c in decomposed if not (unicodedata.combining(c) and not "\u0900" <= c <= "\u0dff"))
    return "".join(_fold(c) for c in kept)


_ARABIC_FOLDS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي"}


def _fold(character: str) -> str:
    if character.isdecimal() and not character.isascii():
        return str(unicodedata.decimal(character))
    return _ARABIC_FOLDS.get(character, character)
