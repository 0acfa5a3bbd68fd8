"""How a patient is named where everybody can read it; pure."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import SHIPPED_CODES


class DisplayPrivacy(StrEnum):
    """What the public display says of a patient besides the queue number."""

    NUMBER = "NUMBER"
    INITIALS = "INITIALS"
    NAME = "NAME"


def display_languages(typed: str) -> tuple[str, ...]:
    """The codes of a setting such as ``en, ar``, each once; raises InvalidInput for a language that the program does not speak."""
    codes = [word for word in re.split(r"[\s,;]+", typed.strip().lower()) if word]
    if any(code not in SHIPPED_CODES for code in codes):
        raise InvalidInput("display.languages", "not_a_language", known=", ".join(SHIPPED_CODES))
    return tuple(dict.fromkeys(codes))


def shown_name(full_name: str, privacy: DisplayPrivacy) -> str | None:
    """The patient's name as the public display may show it; None when only the number is shown."""
    if privacy is DisplayPrivacy.NUMBER:
        return None
    if privacy is DisplayPrivacy.NAME:
        return full_name
    return " ".join(f"{first_sign(word)}." for word in full_name.split() if word[0].isalpha()) or None


def first_sign(word: str) -> str:
    """The initial of a word in any script."""
    # A Devanagari letter keeps its vowel sign: without it another letter would be read.
    marks = 1
    while marks < len(word) and unicodedata.category(word[marks]).startswith("M"):
        marks += 1
    return word[:marks].upper()
