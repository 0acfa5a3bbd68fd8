"""Are two records one person? Fellegi–Sunter: each agreement or contradiction adds or takes bits of evidence (pure).

A weight is about log2 of (how often two records of one person look so) / (how often those of two strangers do), lowered
where fields hang together: a family shares phone, address and surname, and twins the birth date too, so that all of these
without a matching given name must stay under the threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from clinic_desktop.clinic.patients.names import romanised, search_words, sound
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender, phone_tail

THRESHOLD = 10.0
"""Bits above which two records are shown to a human as one person; the score is 50 there."""

_NAME = {
    "same": 8.0,
    "other_script": 6.5,
    "spelling": 6.0,
    "spellings": 4.0,
    "shorter": 4.5,
    "initials": 2.0,
    "one_word": 1.0,
    "family": -9.0,
    "differs": -11.0,
}
_BIRTH = {"same": 7.0, "first_of_year": 4.0, "swapped": 5.5, "slip": 3.0, "age_fits": 2.0, "age_near": -1.5, "differs": -10.0}
_PHONE = {"same": 5.0, "slip": 4.5, "differs": -1.5}
_ADDRESS = {"same": 4.5, "similar": 2.0, "differs": -1.5}
_GENDER = {"same": 0.5, "differs": -4.0}
_BLOOD = {"same": 1.0, "differs": -3.0}
_NATIONAL = {"same": 10.0, "differs": -4.0}

_OTHER_BIRTH_DECIDES = _BIRTH["differs"] + sum(max(one.values()) for one in (_NAME, _PHONE, _ADDRESS, _GENDER, _BLOOD)) < THRESHOLD
"""Whether all that speaks for one person but a national id is too little where the birth dates contradict each other."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of one record; build it with ``person``."""

    words: tuple[str, ...]
    born: date | None
    born_is_estimated: bool
    gender: Gender | None
    tail: str
    address: frozenset[str]
    blood_group: BloodGroup | None
    national_id: str


@dataclass(frozen=True, slots=True)
class Match:
    """Evidence that two records are one person: bits, and codes of what speaks for it."""

    bits: float
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        """0 to 100: 50 at the threshold."""
        return round(100 / (1 + 2 ** (THRESHOLD - min(max(self.bits, -50.0), 60.0))))


def person(
    name: str,
    *,
    born: date | None = None,
    born_is_estimated: bool = False,
    gender: Gender | None = None,
    phone: str | None = None,
    address: str | None = None,
    blood_group: BloodGroup | None = None,
    national_id: str | None = None,
) -> Person:
    """The comparable form of a record."""
    return Person(
        words=tuple(search_words(name)),
        born=born,
        born_is_estimated=born_is_estimated,
        gender=gender,
        tail=phone_tail(phone or ""),
        address=frozenset(search_words(address or "")),
        blood_group=blood_group,
        national_id="".join(search_words(national_id or "")),
    )


def compare(a: Person, b: Person) -> Match:
    """Weigh all evidence for and against one person."""
    return _weighed((("name", _NAME, _names(a.words, b.words)), *_beside_name(a, b)))


def alike(a: Person, b: Person) -> Match | None:
    """The evidence where it is enough. Names cost most to compare: where no name could make up for the rest they are not looked at."""
    if _OTHER_BIRTH_DECIDES and _births(a, b) == "differs" and not (a.national_id and a.national_id == b.national_id):
        return None  # most of those who meet in a block: it is not worth to weigh the rest
    if _weighed(_beside_name(a, b)).bits + _NAME["same"] < THRESHOLD:
        return None
    match = compare(a, b)
    return match if match.bits >= THRESHOLD else None


_Evidence = tuple[str, dict[str, float], str | None]


def _beside_name(a: Person, b: Person) -> tuple[_Evidence, ...]:
    return (
        ("birth", _BIRTH, _births(a, b)),
        ("phone", _PHONE, _phones(a.tail, b.tail)),
        ("address", _ADDRESS, _addresses(a.address, b.address)),
        ("gender", _GENDER, _equality(a.gender, b.gender)),
        ("blood_group", _BLOOD, _equality(a.blood_group, b.blood_group)),
        ("national_id", _NATIONAL, _equality(a.national_id or None, b.national_id or None)),
    )


def _weighed(found: Iterable[_Evidence]) -> Match:
    bits, reasons = 0.0, []
    for field, weights, level in found:
        if level is not None:
            bits += weights[level]
            if weights[level] >= 1.0:
                reasons.append(f"{field}_{level}")
    return Match(bits, tuple(reasons))


def _equality(a: object, b: object) -> str | None:
    if a is None or b is None:
        return None
    return "same" if a == b else "differs"


# --- names ----------------------------------------------------------------------------------------------------------

_SAME, _SCRIPT, _SPELLING, _INITIAL = 4, 3, 2, 1


def _slips(a: str, b: str, limit: int) -> int:
    """Letters added, lost, changed or exchanged with a neighbour; ``limit + 1`` when there are more."""
    return _distance()(a, b, score_cutoff=limit)


@cache
def _distance() -> Callable[..., int]:
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (25 ms that starting the program does not need)

    return OSA.distance


def _word_likeness(a: str, b: str) -> int:
    if a == b:
        return _SAME
    if len(a) == 1 or len(b) == 1:
        return _INITIAL if a[0] == b[0] else 0
    if a.isascii() != b.isascii():  # another script: only the consonants can be compared
        return _SCRIPT if sound(a) == sound(b) else 0
    if romanised(a) == romanised(b):
        return _SPELLING
    longest = max(len(a), len(b))
    slips = _slips(a, b, 3)
    if slips <= (0 if longest < 3 else 1 if longest < 8 else 2):
        return _SPELLING
    return _SPELLING if slips <= 3 and longest >= 5 and sound(a) == sound(b) else 0


def _names(a: Sequence[str], b: Sequence[str]) -> str | None:
    """How two names agree, in any order of their words."""
    if not a or not b:
        return None
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return "same"
    levels = _pairing(a, b)
    matched = [level for level in levels if level]
    if len(matched) < min(len(a), len(b)):
        return "family" if any(level >= _SPELLING for level in matched) else "differs"
    if _INITIAL in matched:
        return "initials" if max(matched) >= _SPELLING else "differs"
    if len(a) != len(b):
        return "one_word" if len(matched) == 1 else "shorter"
    if _SPELLING not in matched:
        return "other_script"
    return "spelling" if matched.count(_SPELLING) == 1 else "spellings"


def _pairing(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """The best likeness of each word of the shorter name, each word of the longer used once (greedy, best first)."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    options = sorted(((_word_likeness(x, y), i, j) for i, x in enumerate(short) for j, y in enumerate(long)), reverse=True)
    levels, used = [0] * len(short), set[int]()
    done = set[int]()
    for level, i, j in options:
        if level and i not in done and j not in used:
            levels[i] = level
            done.add(i)
            used.add(j)
    return levels


# --- other fields ---------------------------------------------------------------------------------------------------


def _births(a: Person, b: Person) -> str | None:
    if a.born is None or b.born is None:
        return None
    if a.born_is_estimated or b.born_is_estimated:
        return _ages(a.born, b.born, both=a.born_is_estimated and b.born_is_estimated)
    return _dates(a.born, b.born)


def _ages(a: date, b: date, *, both: bool) -> str:
    days = abs((a - b).days)
    if days <= (400 if both else 560):  # an estimate lies mid-year, and ages are often the year's difference
        return "age_fits"
    return "age_near" if days <= 3 * 366 else "differs"


def _dates(a: date, b: date) -> str:
    if a == b:
        return "first_of_year" if (a.month, a.day) == (1, 1) else "same"
    if a.year == b.year and (a.month, a.day) == (b.day, b.month):
        return "swapped"
    if (a.month, a.day) == (b.month, b.day) and abs(a.year - b.year) == 100:
        return "swapped"
    if a.year != b.year and a.month != b.month and a.day != b.day:  # one slip reaches into two of them at most
        return "differs"
    return "slip" if _slips(_digits(a), _digits(b), 1) == 1 else "differs"


def _digits(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _phones(a: str, b: str) -> str | None:
    if not a or not b:
        return None
    if a == b:
        return "same"
    return "slip" if _slips(a, b, 1) == 1 else "differs"


def _addresses(a: frozenset[str], b: frozenset[str]) -> str | None:
    if not a or not b:
        return None
    overlap = len(a & b) / len(a | b)
    return "same" if overlap >= 0.8 else "similar" if overlap >= 0.5 else "differs"
