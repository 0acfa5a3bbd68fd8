"""Text from people: one way to clean it, and clear refusals at the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from clinic_desktop.kernel.errors import InvalidInput

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_KEPT_IN_TEXT = frozenset("\n\t")
_MEANT_FOR_NOBODY = frozenset("\u00ad\u180e\u200b\u2060\ufeff\ufff9\ufffa\ufffb")
"""Comes with what is pasted, is seen by nobody, and makes two of one name. Joiners stay: Persian, Hindi and emoji are spelt with them."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by name that show nothing."""
_MOST_MARKS = 30
"""On one letter, as in Unicode's stream-safe text: no language has more, and putting thousands in order takes minutes."""
TEXT_LIMIT = 20_000
"""Of a text for which nothing else is said."""
_ROOMY = 20
"""How many times as long as what is allowed a text may be and still be cleaned first, as it may be all spaces."""


def clean_text(value: str) -> str:
    """NFC text without control, bidi-override and unseen characters; line breaks and tabs stay. Nothing when nothing would be seen."""
    if value.isascii() and value.isprintable():
        return value.strip()
    text = unicodedata.normalize("NFC", "".join(_kept(_BREAKS.sub("\n", value)))).strip()
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    """Whether nobody would see anything of a text."""
    return not any(map(_is_seen, text))


def _kept(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        if character.isascii():
            marks = 0
            if character.isprintable() or character in _KEPT_IN_TEXT:
                yield character
            continue
        if unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI_CONTROLS or character in _MEANT_FOR_NOBODY:
            continue
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            yield character


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc", "Cs") and character not in _BLANKS


def clean_line(value: str) -> str:
    """Clean text on one line, with single spaces."""
    if value.isascii() and value.isprintable():  # most text: there is nothing to clean, and lists filter thousands of rows at a time
        return " ".join(value.split())
    return _SPACES.sub(" ", clean_text(value)).strip()


def required_line(value: str | None, field: str, *, limit: int = 200) -> str:
    """One clean, non-empty line of at most ``limit`` characters."""
    _refuse_far_too_long(value, field, limit)
    line = clean_line(value or "")
    if not line:
        raise InvalidInput(field, "required")
    if len(line) > limit:
        raise InvalidInput(field, "too_long", limit=limit)
    return line


def _refuse_far_too_long(value: str | None, field: str, limit: int) -> None:
    """A file that was pasted into a field by mistake is not read through first."""
    if value is not None and len(value) > _ROOMY * limit + 1000:
        raise InvalidInput(field, "too_long", limit=limit)


def optional_line(value: str | None, field: str, *, limit: int = 200) -> str | None:
    """One clean line, or None when there is nothing in it."""
    _refuse_far_too_long(value, field, limit)
    return required_line(value, field, limit=limit) if value is not None and clean_line(value) else None


def optional_text(value: str | None, field: str, *, limit: int = TEXT_LIMIT) -> str | None:
    """Clean text of several lines, or None when there is nothing in it."""
    _refuse_far_too_long(value, field, limit)
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
