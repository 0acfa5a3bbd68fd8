"""Finding patients as one types: any part of a name in any order, phone, number, birth date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, column, select, table
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.names import WORD_GAP, search_words
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, phone_digits, phone_tail
from clinic_desktop.kernel.text import search_form

CANDIDATES = 30
"""Rows that are ranked at most. Where more match, the words say too little to rank all: whole-word starts come first."""
LONGEST_QUERY = 120
MOST_WORDS = 8
_WHOLE_PHONE = 9
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})|(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_NUMBER = re.compile(r"(?:[a-z]{1,6}-(?:[a-z]{2,5}-)?)?\d{4}-\d{1,9}|[a-z]{2,6}-(?:[a-z]{2,5}-?)?(?:\d{4})?-?")
_PREFIX = "PAT-"


@dataclass(frozen=True, slots=True)
class PatientHit:
    """A line of search results."""

    id: UUID
    patient_number: str
    full_name: str
    gender: Gender
    date_of_birth: date | None
    dob_is_estimated: bool
    phone: str | None
    allergies: str | None
    status: PatientStatus


_HIT_COLUMNS = tuple(getattr(Patient, name) for name in PatientHit.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query taken apart: words that must all match, and birth dates."""

    words: tuple[str, ...]
    births: tuple[date, ...]
    number: str | None
    digits: str


def search(session: Session, text: str, limit: int = 20) -> list[PatientHit]:
    """Patients that match every word, ranked: number, phone, start of a name, any part. Empty text finds nobody."""
    asked = _take_apart(text)
    found = _direct(session, asked)
    if not found:
        found = _by_words(session, asked, limit)
    ranked = sorted(found.values(), key=lambda one: (_rank(one[0], one[1], asked), one[0].full_name, one[0].patient_number))
    return [hit for hit, _ in ranked[:limit]]


Found = dict[UUID, tuple[PatientHit, str]]


def _take_apart(text: str) -> _Asked:
    plain = search_form(text[:LONGEST_QUERY])
    words: list[str] = []
    births: list[date] = []
    for chunk in plain.split():
        born = _birth(chunk)
        if born is not None:
            births.append(born)
        else:
            words.extend(_without_trunk_zero(word) for word in search_words(chunk))
    digits = phone_digits(plain) if not re.search(r"[^\d\s+().\-]", plain) and not births else ""
    number = plain.upper() if _NUMBER.fullmatch(plain) else None
    return _Asked(tuple(dict.fromkeys(words[:MOST_WORDS])), tuple(births), number, digits)


def _birth(chunk: str) -> date | None:
    found = _DATE.fullmatch(chunk)
    if found is None:
        return None
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _without_trunk_zero(word: str) -> str:
    return word.lstrip("0") if word.isdigit() and len(word) > _WHOLE_PHONE else word


def _direct(session: Session, asked: _Asked) -> Found:
    """What an ordinary index answers at once: a number or its beginning, a whole phone number."""
    if asked.number is not None:
        start = asked.number if asked.number[0].isalpha() else _PREFIX + asked.number
        between = Patient.patient_number >= start, Patient.patient_number < start + "\uffff"
        found = _fetch(session, _hits().where(*between).order_by(Patient.patient_number).limit(CANDIDATES))
        if found:
            return found
    if len(asked.digits) >= _WHOLE_PHONE:
        return _fetch(session, _hits().where(Patient.phone_tail == phone_tail(asked.digits)).limit(CANDIDATES))
    return {}


def _by_words(session: Session, asked: _Asked, limit: int) -> Found:
    if asked.births:
        wanted = _hits().where(Patient.date_of_birth.in_(asked.births), *(_contains(word) for word in asked.words))
        return _fetch(session, wanted.limit(CANDIDATES))
    if not asked.words:
        return {}
    found: Found = {}
    if len(asked.words) == 1 and not asked.words[0].isdigit():
        # One common name fills the list by its starts alone; several words together are seldom that common.
        found = _holding(session, [_start(asked.words[0])])
    if len(found) < limit:
        found |= _holding(session, [_pattern(word) for word in asked.words])
    return found


def _start(word: str) -> str:
    """What only the start of a word matches: one blank makes the shorter list of trigrams, one letter needs both."""
    return (WORD_GAP if len(word) == 1 else " ") + word


def _pattern(word: str) -> str:
    """Trigrams know nothing of one or two letters by themselves: those are looked up as the start of a word."""
    return word if len(word) >= 3 else _start(word)


def _contains(word: str) -> ColumnElement[bool]:
    return Patient.search_text.contains(_pattern(word), autoescape=True)


_index = table("patient_search", column("rowid"), column("patient_search"))


def _holding(session: Session, parts: list[str]) -> Found:
    """Some records that hold all parts: on SQLite the index names them first, so that no more of them is read than is ranked."""
    if session.get_bind().dialect.name == "postgresql":
        holding = (Patient.search_text.contains(part, autoescape=True) for part in parts)
        return _fetch(session, _hits().where(*holding).limit(CANDIDATES))
    phrases = " AND ".join('"' + part.replace('"', '""') + '"' for part in parts)
    return _fetch(session, _MATCHING, phrases=phrases)


def _hits() -> Select[*tuple[Any, ...]]:
    return select(Patient.search_text, *_HIT_COLUMNS).where(Patient.status != PatientStatus.MERGED)


def _fetch(session: Session, wanted: Select[*tuple[Any, ...]], **bound: Any) -> Found:
    hits = ((PatientHit(*values), text) for text, *values in session.execute(wanted, bound))
    return {hit.id: (hit, str(text)) for hit, text in hits}


# Built once: putting it together costs more than a tenth of the whole search.
_MATCHING = _hits().where(
    Patient.search_key.in_(select(_index.c.rowid).where(_index.c.patient_search.op("MATCH")(bindparam("phrases"))).limit(CANDIDATES))
)

_NUMBER_RANK, _PHONE_RANK, _WHOLE_WORDS, _STARTS, _INSIDE = range(5)


def _rank(hit: PatientHit, text: str, asked: _Asked) -> int:
    if asked.number is not None and hit.patient_number.endswith(asked.number):
        return _NUMBER_RANK
    if len(asked.digits) >= 6 and hit.phone is not None and asked.digits.lstrip("0") in hit.phone:
        return _PHONE_RANK
    padded = text + WORD_GAP
    if all(WORD_GAP + word + WORD_GAP in padded for word in asked.words):
        return _WHOLE_WORDS
    return _STARTS if all(WORD_GAP + word in text for word in asked.words) else _INSIDE
