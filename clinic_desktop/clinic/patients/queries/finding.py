"""Finding patients as one types: any part of a name in any order, phone, number, birth date; and the misspelt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import IdCard
from clinic_desktop.clinic.patients.names import WORD_GAP
from clinic_desktop.clinic.patients.queries.asking import FEWEST_DIGITS, WHOLE_PHONE, Asked, days_of, take_apart
from clinic_desktop.clinic.patients.queries.hits import HITS, PATIENTS, Found, Hit, PatientHit, fetch, shown
from clinic_desktop.clinic.patients.queries.holding import CANDIDATES, holding, part_of, start_of
from clinic_desktop.clinic.patients.queries.misspelt import FEW, misspelt
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.patients.rules import phone_tail

_PREFIX = "PAT-"


def search(session: Session, text: str, limit: int = 20) -> list[PatientHit]:
    """Patients that match every word, ranked: number, phone, start of a name, any part; then the misspelt. Empty text finds nobody."""
    asked = take_apart(text)
    found = _direct(session, asked) or _as_typed(session, asked, limit)
    ranked = sorted(found.values(), key=_ranking(asked))
    dialect = session.get_bind().dialect
    hits = [shown(dialect, row) for row in ranked[:limit]]
    # Few match as typed: names that are spelt a little differently are shown after them.
    if len(hits) < min(FEW, limit) and asked.number is None:
        hits += [shown(dialect, row, is_similar=True) for row in misspelt(session, asked, limit) if row.id not in found]
    return hits[:limit]


# Built once: putting a statement together costs more than a tenth of a whole search.
_BY_NUMBER = (
    HITS.where(PATIENTS.c.patient_number >= bindparam("first"), PATIENTS.c.patient_number < bindparam("end"))
    .order_by(PATIENTS.c.patient_number)
    .limit(CANDIDATES)
)
_HOLDER = select(IdCard.patient_id).where(IdCard.card_number == bindparam("number"))
_BY_ID = HITS.where(PATIENTS.c.id == bindparam("patient_id", type_=Uuid()))
_BY_PHONE = HITS.where(PATIENTS.c.phone_tail == bindparam("tail")).order_by(PATIENTS.c.search_key).limit(CANDIDATES)


def _direct(session: Session, asked: Asked) -> Found:
    """What an ordinary index answers at once: a number or its beginning, a card's number, a whole phone number."""
    if asked.number is not None:
        start = asked.number if asked.number[0].isalpha() else _PREFIX + asked.number
        found = fetch(session, _BY_NUMBER, first=start, end=start + "\uffff") or _with_card(session, asked.number)
        if found:
            return found
    if len(asked.digits) >= WHOLE_PHONE:
        return fetch(session, _BY_PHONE, tail=phone_tail(asked.digits))
    return {}


def _with_card(session: Session, number: str) -> Found:
    """The holder of a card; of a merged record's the one in use."""
    holder = session.scalar(_HOLDER, {"number": number})
    return {} if holder is None else fetch(session, _BY_ID, patient_id=survivor_id(session, holder))


def _as_typed(session: Session, asked: Asked, limit: int) -> Found:
    parts = [(part_of(word),) for word in asked.words]
    if asked.births:
        return holding(session, parts, asked.births) or (holding(session, parts, asked.otherwise) if asked.otherwise else {})
    if len(parts) > 1 and len(asked.digits) >= FEWEST_DIGITS:
        found = holding(session, [(part_of(asked.digits),)])  # one number, written in groups
        if found:
            return found
    found = holding(session, parts) if len(parts) > 1 else _of_one(session, asked, limit)
    if asked.year is not None:
        named = [(part_of(word),) for word in asked.words if word != str(asked.year)]
        found = holding(session, named, days_of(asked.year), is_range=True) | found
    return found or (holding(session, (), asked.otherwise) if asked.otherwise else {})


def _of_one(session: Session, asked: Asked, limit: int) -> Found:
    """Where more hold the word than are ranked, the starts of names fill the list: most of those that were read are such already."""
    if not asked.words:
        return {}
    (word,) = asked.words
    found, start = holding(session, [(part_of(word),)]), start_of(word)
    is_all = len(found) < CANDIDATES or word.isdigit() or start == part_of(word)
    if is_all or sum(start in row.search_text for row in found.values()) >= limit:
        return found
    return holding(session, [(start,)]) | found


_NUMBER_RANK, _PHONE_RANK, _WHOLE_WORDS, _STARTS, _INSIDE = range(5)


def _ranking(asked: Asked) -> Callable[[Hit], tuple[int, str, str]]:
    """The order of what is shown: by number, by phone, whole words, starts of words, insides; among the same by name."""
    year, phone = asked.year, asked.digits.lstrip("0") if len(asked.digits) >= 6 else None
    starts = [WORD_GAP + word for word in asked.words]
    of_year = [WORD_GAP + word for word in asked.words if word != str(year)]

    def key(row: Hit) -> tuple[int, str, str]:
        number, name = row.patient_number, row.full_name
        if asked.number is not None and number.endswith(asked.number):
            return _NUMBER_RANK, name, number
        if phone is not None and row.phone is not None and phone in row.phone:
            return _PHONE_RANK, name, number
        is_of_year = year is not None and str(row.date_of_birth).startswith(str(year))
        return _word_rank(row.search_text + WORD_GAP, of_year if is_of_year else starts), name, number

    return key


def _word_rank(text: str, starts: Sequence[str]) -> int:
    for start in starts:
        if start not in text:
            return _INSIDE
    return _WHOLE_WORDS if all(start + WORD_GAP in text for start in starts) else _STARTS
