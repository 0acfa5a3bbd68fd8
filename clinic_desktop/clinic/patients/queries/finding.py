"""Finding patients as one types: any part of a name in any order, phone, number, birth date; and the misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, Uuid, bindparam, column, literal_column, or_, select, table
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.clinic.patients.names import WORD_GAP
from clinic_desktop.clinic.patients.queries.asking import FEWEST_DIGITS, WHOLE_PHONE, Asked, take_apart
from clinic_desktop.clinic.patients.queries.misspelt import Near, near_words
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, phone_tail
from clinic_desktop.clinic.patients.search import FIRST

CANDIDATES = 30
"""Rows that are ranked at most. Where more match, the words say too little to rank all: whole-word starts come first."""
FEW = 3
"""Fewer than so many that match as typed: then names that are spelt a little differently are shown after them."""
_TIERS = 3
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
    is_similar: bool = False
    """Found although spelt otherwise than what was typed."""


# Columns of the table rather than of the class: rows of plain values take half the time of the mapper's.
_PATIENTS = Patient.__table__
_SHOWN = [name for name in PatientHit.__dataclass_fields__ if name != "is_similar"]
_HITS = select(_PATIENTS.c.search_text, *(_PATIENTS.c[name] for name in _SHOWN)).where(_PATIENTS.c.status != PatientStatus.MERGED)


Found = dict[UUID, Row[*tuple[Any, ...]]]
"""Rows by patient: the search text, then what PatientHit holds."""
Groups = Sequence[tuple[str, ...]]
"""Parts of which a record holds one of each group."""
Births = Sequence[date]


def search(session: Session, text: str, limit: int = 20) -> list[PatientHit]:
    """Patients that match every word, ranked: number, phone, start of a name, any part; then the misspelt. Empty text finds nobody."""
    asked = take_apart(text)
    found = _direct(session, asked) or _as_typed(session, asked, limit)
    ranked = sorted(found.values(), key=lambda row: (_rank(row, asked), row.full_name, row.patient_number))
    hits = [PatientHit(*row[1:]) for row in ranked[:limit]]
    if len(hits) < min(FEW, limit) and asked.number is None:
        hits += [replace(PatientHit(*row[1:]), is_similar=True) for row in _misspelt(session, asked, limit) if row.id not in found]
    return hits[:limit]


# Built once: putting a statement together costs more than a tenth of a whole search.
_BY_NUMBER = (
    _HITS.where(_PATIENTS.c.patient_number >= bindparam("first"), _PATIENTS.c.patient_number < bindparam("end"))
    .order_by(_PATIENTS.c.patient_number)
    .limit(CANDIDATES)
)
_HOLDER = select(IdCard.patient_id).where(IdCard.card_number == bindparam("number"))
_BY_ID = _HITS.where(_PATIENTS.c.id == bindparam("patient_id", type_=Uuid()))
_BY_PHONE = _HITS.where(_PATIENTS.c.phone_tail == bindparam("tail")).order_by(_PATIENTS.c.search_key).limit(CANDIDATES)


def _direct(session: Session, asked: Asked) -> Found:
    """What an ordinary index answers at once: a number or its beginning, a card's number, a whole phone number."""
    if asked.number is not None:
        start = asked.number if asked.number[0].isalpha() else _PREFIX + asked.number
        found = _fetch(session, _BY_NUMBER, first=start, end=start + "\uffff") or _with_card(session, asked.number)
        if found:
            return found
    if len(asked.digits) >= WHOLE_PHONE:
        return _fetch(session, _BY_PHONE, tail=phone_tail(asked.digits))
    return {}


def _with_card(session: Session, number: str) -> Found:
    """The holder of a card; of a merged record's the one in use."""
    holder = session.scalar(_HOLDER, {"number": number})
    return {} if holder is None else _fetch(session, _BY_ID, patient_id=survivor_id(session, holder))


def _as_typed(session: Session, asked: Asked, limit: int) -> Found:
    parts = [(_pattern(word),) for word in asked.words]
    if asked.births:
        return _holding(session, parts, asked.births) or (_holding(session, parts, asked.otherwise) if asked.otherwise else {})
    if len(parts) > 1 and len(asked.digits) >= FEWEST_DIGITS:
        found = _holding(session, [(_pattern(asked.digits),)])  # one number, written in groups
        if found:
            return found
    found = _holding(session, parts) if len(parts) > 1 else _of_one(session, asked, limit)
    if asked.year is not None:
        named = [(_pattern(word),) for word in asked.words if word != str(asked.year)]
        found = _holding(session, named, _days_of(asked.year), is_range=True) | found
    return found or (_holding(session, (), asked.otherwise) if asked.otherwise else {})


def _of_one(session: Session, asked: Asked, limit: int) -> Found:
    """One common name fills the list by its starts alone; several words together are seldom that common."""
    if not asked.words:
        return {}
    (word,) = asked.words
    found: Found = {} if word.isdigit() else _holding(session, [(_start(word),)])
    return found if len(found) >= limit else found | _holding(session, [(_pattern(word),)])


def _days_of(year: int) -> Births:
    return date(year, 1, 1), date(year, 12, 31)


def _start(word: str) -> str:
    """What only the start of a word matches: one blank makes the shorter list of trigrams, one letter needs both."""
    return (WORD_GAP if len(word) == 1 else " ") + word


def _pattern(word: str) -> str:
    """Trigrams know nothing of one or two letters by themselves: those are looked up as the start of a word."""
    return word if len(word) >= 3 else _start(word)


# --- misspelt -------------------------------------------------------------------------------------------------------


Ways = Sequence[Sequence[tuple[int, str]]]
"""For each word what it may mean: how far that is from what was typed, and what a record holds then."""


def _misspelt(session: Session, asked: Asked, limit: int) -> list[Row[*tuple[Any, ...]]]:
    """Records that hold for each word what it may mean, those with the smallest mistakes first."""
    words = [word for word in asked.words if word != str(asked.year)]
    near = near_words(session, words)
    wrong = [word for word, one in near.items() if one.meant and not one.is_known]
    # Words that stand in names are taken for right, as long as somebody is found by the others.
    for mistaken in (wrong, [word for word, one in near.items() if one.meant]) if len(wrong) > 0 else (list(near),):
        ways = [_ways(word, near.get(word, Near()) if word in mistaken else Near()) for word in words]
        found = _nearest(session, asked, ways)
        if found:
            return sorted(found.values(), key=lambda row: (_mistakes(row, ways), row.full_name, row.patient_number))[:limit]
    return []


def _ways(word: str, near: Near) -> list[tuple[int, str]]:
    as_typed = [(0, _pattern(word))] if near.is_known or not near.meant else []
    return [*as_typed, *((one.cost, _start(one.word)) for one in near.meant)]


def _nearest(session: Session, asked: Asked, ways: Ways) -> Found:
    """Those with the smallest mistakes by which anybody is found; of a single word, until they are some."""
    births, is_range = (_days_of(asked.year), True) if asked.year is not None else (asked.births, False)
    at_least = max((min(cost for cost, _ in one) for one in ways), default=0)
    found: Found = {}
    for most in sorted({cost for one in ways for cost, _ in one if cost >= max(at_least, 1)})[:_TIERS]:
        groups = [tuple(part for cost, part in one if cost <= most) for one in ways]
        found = _holding(session, groups, births, is_range=is_range)
        if len(found) >= FEW or (found and len(ways) > 1):
            break
    return found


def _mistakes(row: Row[*tuple[Any, ...]], ways: Ways) -> int:
    padded = row.search_text + WORD_GAP
    return sum(min((cost for cost, part in one if part in padded), default=0) for one in ways)


# --- the index ------------------------------------------------------------------------------------------------------

_ESCAPE = "/"
_index = table("patient_search", column("rowid"), column("patient_search"))
# On SQLite the index is asked first (the row id of the join), so that no more records are read than are ranked.
_MATCHING = (
    _HITS.join_from(_index, _PATIENTS, _PATIENTS.c.search_key == _index.c.rowid)
    .where(_index.c.patient_search.op("MATCH")(bindparam("phrases")))
    .order_by(_index.c.rowid)
    .limit(CANDIDATES)
)
_born_on = _PATIENTS.c.date_of_birth.in_(bindparam("births", expanding=True))
_born_between = _PATIENTS.c.date_of_birth.between(bindparam("born_from", type_=Date()), bindparam("born_to", type_=Date()))
_MATCHING_BORN_BETWEEN = _MATCHING.where(_born_between)


@lru_cache(maxsize=512)
def _containing(shape: tuple[int, ...], has_births: bool, is_range: bool, is_first: bool = False) -> Select[*tuple[Any, ...]]:
    """Records that hold one part of each group (``_bound``) somewhere in their text; ``is_first`` looks at those with the first keys."""
    text = _PATIENTS.c.search_text
    groups = (or_(*(text.like(bindparam(f"part_{at}_{n}"), escape=_ESCAPE) for n in range(size))) for at, size in enumerate(shape))
    born = (_born_between if is_range else _born_on,) if has_births else ()
    first = (_PATIENTS.c.search_key < literal_column(str(FIRST)),) if is_first else ()
    # In the order of the keys, so that of many that match both engines take the same; found by the words, not by walking along the keys.
    return _HITS.where(*groups, *born, *first).order_by(_PATIENTS.c.search_key + 0).limit(CANDIDATES)


def _bound(groups: Groups) -> dict[str, str]:
    return {f"part_{at}_{n}": f"%{_escaped(part)}%" for at, parts in enumerate(groups) for n, part in enumerate(parts)}


def _escaped(part: str) -> str:
    return part.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")


def _holding(session: Session, groups: Groups, births: Births = (), *, is_range: bool = False) -> Found:
    """Some records that hold a part of each group, born on one of the days, or between the two."""
    if not groups and (not births or is_range):
        return {}
    born: dict[str, Any] = {"born_from": births[0], "born_to": births[1]} if is_range else {"births": list(births)} if births else {}
    # A birth date leaves a handful of records, a year does not: there the words go first.
    is_postgres, shape = session.get_bind().dialect.name == "postgresql", tuple(len(parts) for parts in groups)
    if births and not is_range:
        return _fetch(session, _containing(shape, has_births=True, is_range=False), **_bound(groups), **born)
    if is_postgres:
        bound = _bound(groups) | born
        found = _fetch(session, _containing(shape, is_range, is_range, is_first=True), **bound)
        return found if len(found) == CANDIDATES else _fetch(session, _containing(shape, is_range, is_range), **bound)
    return _fetch(session, _MATCHING_BORN_BETWEEN if is_range else _MATCHING, phrases=_phrases(groups), **born)


def _phrases(groups: Groups) -> str:
    quoted = (" OR ".join('"' + part.replace('"', '""') + '"' for part in parts) for parts in groups)
    return " AND ".join(f"({one})" for one in quoted)


def _fetch(session: Session, wanted: Select[*tuple[Any, ...]], **bound: Any) -> Found:
    return {row.id: row for row in session.connection().execute(wanted, bound)}


_NUMBER_RANK, _PHONE_RANK, _WHOLE_WORDS, _STARTS, _INSIDE = range(5)


def _rank(row: Row[*tuple[Any, ...]], asked: Asked) -> int:
    if asked.number is not None and row.patient_number.endswith(asked.number):
        return _NUMBER_RANK
    if len(asked.digits) >= 6 and row.phone is not None and asked.digits.lstrip("0") in row.phone:
        return _PHONE_RANK
    words = asked.words
    if asked.year is not None and row.date_of_birth is not None and row.date_of_birth.year == asked.year:
        words = tuple(word for word in words if word != str(asked.year))
    padded = row.search_text + WORD_GAP
    if all(WORD_GAP + word + WORD_GAP in padded for word in words):
        return _WHOLE_WORDS
    return _STARTS if all(WORD_GAP + word in padded for word in words) else _INSIDE
