"""Names of files from outside: kept to be read and to be offered when a copy is saved, never to be a path."""

from __future__ import annotations

import re
import unicodedata

from clinic_desktop.clinic.patients.intake.kinds import SUFFIXES, MediaType
from clinic_desktop.kernel.text import clean_line

LONGEST_BYTES = 180
"""Of a whole name in UTF-8: file systems take 255, and somebody may put words before it."""
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]+')
_OTHER_SUFFIX = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # Hindi, Urdu and others are misspelt without them


def safe_name(given: str, kind: MediaType, *, unnamed: str = "document") -> str:
    """A name without folders, control or direction characters and reserved words, that ends as its content is."""
    last = re.split(r"[/\\]", given)[-1]
    shown = "".join(c for c in clean_line(last) if c in _JOINERS or unicodedata.category(c) not in ("Cf", "Co", "Cn", "Zl", "Zp"))
    stem, suffix = _without_suffix(_NOT_IN_NAMES.sub(" ", shown), kind)
    stem = " ".join(stem.split()).strip(". ") or unnamed
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return _cut(stem, LONGEST_BYTES - len(suffix)) + suffix


def _without_suffix(name: str, kind: MediaType) -> tuple[str, str]:
    """Name and the suffix that it gets: its own where that tells the truth."""
    own = SUFFIXES[kind]
    stem = name.rstrip(". ")
    while True:
        right = next((one for one in own if stem.lower().endswith(one)), None)
        if right is not None:
            return stem[: -len(right)], right
        other = _OTHER_SUFFIX.search(stem)
        if other is None:
            return stem, own[0]
        stem = stem[: other.start()]


def _cut(stem: str, most: int) -> str:
    return stem.encode()[:most].decode(errors="ignore").rstrip(". ")
