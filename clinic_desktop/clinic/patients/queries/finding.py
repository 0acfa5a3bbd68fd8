"""Finding patients as one types: any part of a name in any order, phone, number, birth date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, column, select, table
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
_NUMBER = re.compile(r"(?:[a-z]{1,6}-(?:[a-z]{2,5}-)?(?:d\d{1,4}-)?)?\d{4}-\d{1,9}|[a-z]{2,6}-(?:[a-z]{2,5}-?)?(?:d\d{1,4}-?)?(?:\d{4})?-?")
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


# Columns of the table rather than of the class: rows of plain values take half the time of the mapper's.
_PATIENTS = Patient.__table__
_HITS = select(_PATIENTS.c.search_text, *(_PATIENTS.c[name] for name in PatientHit.__dataclass_fields__)).where(
    _PATIENTS.c.status != PatientStatus.MERGED
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query taken apart: words that must all match, and birth dates."""

    words: tuple[str, ...]
    births: tuple[date, ...]
    number: str | None
    digits: str


Found = dict[UUID, Row[*tuple[Any, ...]]]
"""Rows by patient: the search text, then what PatientHit holds."""


def search(session: Session, text: str, limit: int = 20) -> list[PatientHit]:
    """Patients that match every word, ranked: number, phone, start of a name, any part. Empty text finds nobody."""
    asked = _take_apart(text)
    found = _direct(session, asked)
    if not found:
        found = _by_words(session, asked, limit)
    ranked = sorted(found.values(), key=lambda row: (_rank(row, asked), row.full_name, row.patient_number))
    return [PatientHit(*row[1:]) for row in ranked[:limit]]


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


# Built once: putting a statement together costs more than a tenth of a whole search.
_BY_NUMBER = (
    _HITS.where(_PATIENTS.c.patient_number >= bindparam("first"), _PATIENTS.c.patient_number < bindparam("end"))
    .order_by(_PATIENTS.c.patient_number)
    .limit(CANDIDATES)
)
_BY_PHONE = _HITS.where(_PATIENTS.c.phone_tail == bindparam("tail")).limit(CANDIDATES)


def _direct(session: Session, asked: _Asked) -> Found:
    """What an ordinary index answers at once: a number or its beginning, a whole phone number."""
    if asked.number is not None:
        start = asked.number if asked.number[0].isalpha() else _PREFIX + asked.number
        found = _fetch(session, _BY_NUMBER, first=start, end=start + "\uffff")
        if found:
            return found
    if len(asked.digits) >= _WHOLE_PHONE:
        return _fetch(session, _BY_PHONE, tail=phone_tail(asked.digits))
    return {}


def _by_words(session: Session, asked: _Asked, limit: int) -> Found:
    parts = [_pattern(word) for word in asked.words]
    if asked.births:
        wanted = _containing(len(parts)).where(_PATIENTS.c.date_of_birth.in_(asked.births))
        return _fetch(session, wanted, **_bound(parts))
    if not parts:
        return {}
    found: Found = {}
    if len(parts) == 1 and not asked.words[0].isdigit():
        # One common name fills the list by its starts alone; several words together are seldom that common.
        found = _holding(session, [_start(asked.words[0])])
    if len(found) < limit:
        found |= _holding(session, parts)
    return found


def _start(word: str) -> str:
    """What only the start of a word matches: one blank makes the shorter list of trigrams, one letter needs both."""
    return (WORD_GAP if len(word) == 1 else " ") + word


def _pattern(word: str) -> str:
    """Trigrams know nothing of one or two letters by themselves: those are looked up as the start of a word."""
    return word if len(word) >= 3 else _start(word)


_ESCAPE = "/"
_index = table("patient_search", column("rowid"), column("patient_search"))
# On SQLite the index is asked first (the row id of the join), so that no more records are read than are ranked.
_MATCHING = (
    _HITS.join_from(_index, _PATIENTS, _PATIENTS.c.search_key == _index.c.rowid)
    .where(_index.c.patient_search.op("MATCH")(bindparam("phrases")))
    .limit(CANDIDATES)
)


@cache
def _containing(parts: int) -> Select[*tuple[Any, ...]]:
    """Records that hold so many parts (``_bound``) somewhere in their text."""
    holding = (_PATIENTS.c.search_text.like(bindparam(f"part_{number}"), escape=_ESCAPE) for number in range(parts))
    return _HITS.where(*holding).limit(CANDIDATES)


def _bound(parts: list[str]) -> dict[str, str]:
    return {f"part_{number}": f"%{_escaped(part)}%" for number, part in enumerate(parts)}


def _escaped(part: str) -> str:
    return part.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")


def _holding(session: Session, parts: list[str]) -> Found:
    """Some records that hold all parts."""
    if session.get_bind().dialect.name == "postgresql":
        return _fetch(session, _containing(len(parts)), **_bound(parts))
    return _fetch(session, _MATCHING, phrases=" AND ".join('"' + part.replace('"', '""') + '"' for part in parts))


def _fetch(session: Session, wanted: Select[*tuple[Any, ...]], **bound: Any) -> Found:
    return {row.id: row for row in session.connection().execute(wanted, bound)}


_NUMBER_RANK, _PHONE_RANK, _WHOLE_WORDS, _STARTS, _INSIDE = range(5)


def _rank(row: Row[*tuple[Any, ...]], asked: _Asked) -> int:
    if asked.number is not None and row.patient_number.endswith(asked.number):
        return _NUMBER_RANK
    if len(asked.digits) >= 6 and row.phone is not None and asked.digits.lstrip("0") in row.phone:
        return _PHONE_RANK
    padded = row.search_text + WORD_GAP
    if all(WORD_GAP + word + WORD_GAP in padded for word in asked.words):
        return _WHOLE_WORDS
    return _STARTS if all(WORD_GAP + word in padded for word in asked.words) else _INSIDE
