"""Names as they are compared and searched, whatever the spelling, order or script (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from clinic_desktop.clinic.patients.rules import phone_digits
from clinic_desktop.kernel.text import search_form

_APOSTROPHES = re.compile("['\u2019\u2018`\u02bc]")
_HAS_DIGIT = re.compile(r"\d")
_SEPARATORS = re.compile(r"[^\w\u0900-\u0dff]+")
WORD_GAP = "  "
"""Two blanks before each word make a trigram of the word's first letter, so that even "r" has an index."""


def search_words(text: str) -> list[str]:
    """The words of a text as they are indexed and asked for.

    Marks inside a number fall away (``98765-43210`` is one word); between letters they part words (``al-sayed``).
    """
    words: list[str] = []
    for chunk in _APOSTROPHES.sub("", search_form(text)).replace(",", " ").split():
        if _HAS_DIGIT.search(chunk):
            words.append(_SEPARATORS.sub("", chunk).replace("_", ""))
        else:
            words.extend(_SEPARATORS.sub(" ", chunk).replace("_", " ").split())
    return [word for word in words if word]


def number_tail(patient_number: str) -> str:
    """The counter at the end of a number: its prefix and year are in every row and would only swell the index."""
    return patient_number.rpartition("-")[2]


def search_text(name: str, patient_number: str, phone: str | None, typed: str | None, external: Iterable[str]) -> str:
    """What the search index holds of a patient: every word behind two blanks, in a fixed order, each once."""
    words = [*search_words(name), *search_words(number_tail(patient_number))]
    digits = phone_digits(phone or "")
    # What was typed is indexed only where the normal form does not hold it; asking drops trunk zeros as well.
    words += [digits] if phone_digits(typed or "").lstrip("0") in digits else [digits, phone_digits(typed or "")]
    for identifier in external:
        words += _as_one_number(search_words(identifier))
    return "".join(WORD_GAP + word for word in dict.fromkeys(words) if word)


def _as_one_number(words: list[str]) -> list[str]:
    """A number that is written in groups is asked for in one piece as well."""
    return ["".join(words)] if len(words) > 1 and all(word.isdigit() for word in words) else words


# --- sound ----------------------------------------------------------------------------------------------------------

_ARABIC_SOUNDS = (
    "ا=a ب=b ت=t ث=t ج=j ح=h خ=k د=d ذ=d ر=r ز=z س=s ش=s ص=s ض=d ط=t ظ=z ع=a غ=g ف=f ق=k ك=k ل=l م=m ن=n ه=h و=v ي=y ء= پ=p چ=ch ژ=z گ=g"
)
_ARABIC = dict(pair.split("=") for pair in _ARABIC_SOUNDS.split())
_SOUNDS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ngh", "nh"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"sch|sh", "s"),
        (r"chh|ch|tch", "j"),
        (r"([bdgkptjrl])h", r"\1"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"z", "j"),
        (r"w", "v"),
    )
]
_NASAL = re.compile(r"[mn](?=[bpdtgkjvsf])")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouyh]")
_SPOKEN_VOWELS = re.compile(r"[aeiou]")


@lru_cache(maxsize=65_536)
def romanised(word: str) -> str:
    """A word in plain Latin letters: Indic letters by their Unicode names, Arabic ones by a table, others as they are."""
    latin = "".join(_latin(character) for character in word)
    # An Indic consonant is spoken with an "a" of its own, but not at the end of a name.
    ends_in_consonant = latin.endswith("a") and "\u0900" <= word[-1] <= "\u0dff" and " LETTER " in unicodedata.name(word[-1], "")
    return latin[:-1] if ends_in_consonant else latin


def _latin(character: str) -> str:
    if character.isascii():
        return character
    if character in _ARABIC:
        return _ARABIC[character]
    if "\u0900" <= character <= "\u0dff":
        return _indic(character)
    return character


def _indic(character: str) -> str:
    name = unicodedata.name(character, "").split()
    if len(name) < 3 or name[1] not in ("LETTER", "VOWEL", "SIGN"):
        return ""
    if name[1] == "SIGN":
        return {"ANUSVARA": "n", "CANDRABINDU": "n"}.get(name[2], "")
    return {"CA": "cha", "CHA": "chha"}.get(name[-1], name[-1].lower())


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The consonants that a name keeps in any spelling: ``Muhammad``, ``Mohamed`` and ``मोहम्मद`` are all ``md``."""
    latin = romanised(word)
    for pattern, replacement in _SOUNDS:
        latin = pattern.sub(replacement, latin)
    # Arabic writes few vowels: what stands beside each other there is seldom spoken so, as the m and d of محمد.
    if not _ARABIC.keys() & set(word):
        latin = _NASAL.sub("n", latin)
    latin = _DOUBLED.sub(r"\1", latin)
    head = "a" if latin[:1] in tuple("aeiouyh") else ""
    return head + _DOUBLED.sub(r"\1", _VOWELS.sub("", latin))


def consonants(word: str) -> str:
    """What two spellings of a word in different scripts have in common, letter by letter."""
    return _DOUBLED.sub(r"\1", _SPOKEN_VOWELS.sub("", romanised(word)))


def sounds(name: str) -> str:
    """The words of a name with their sounds, as JSON: what the vocabulary of names is made of (``name_words``)."""
    words = (word for word in search_words(name) if len(word) > 1 and not _HAS_DIGIT.search(word))
    return msgspec.json.encode({word: sound(word) for word in words}).decode()


def name_key(name: str) -> str:
    """One key for a full name in any order and spelling: its sounds, sorted."""
    return " ".join(sorted({sound(word) for word in search_words(name)} - {""}))
