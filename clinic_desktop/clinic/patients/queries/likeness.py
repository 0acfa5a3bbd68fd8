"""Who may already be registered: likely duplicates of what is being typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic_desktop.clinic.patients.matching import THRESHOLD, Match, Person, compare, person
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.names import name_key
from clinic_desktop.clinic.patients.queries.records import ROW_COLUMNS, PatientRow
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, full_name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the person being registered."""

    patient: PatientRow
    score: int
    reasons: tuple[str, ...]


SHORTEST_TAIL = 6
"""Digits of a phone number that tell anything."""
BLOCK_LIMIT = 60
"""Most records that one kind of evidence brings in: more of them would say nothing about one person."""
LIVE_THRESHOLD = THRESHOLD - 4.0
"""While typing, fields are still empty: a full name alone is worth showing."""


def similar(
    session: Session,
    *,
    first_name: str,
    middle_name: str | None = None,
    last_name: str | None = None,
    date_of_birth: date | None = None,
    dob_is_estimated: bool = False,
    gender: Gender | None = None,
    phone: str | None = None,
    national_id: str | None = None,
    exclude_id: UUID | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Records that may be the person being typed in, or that have the same phone; the likeliest first."""
    name = full_name(first_name, middle_name, last_name)
    typed = person(name, born=date_of_birth, born_is_estimated=dob_is_estimated, gender=gender, phone=phone, national_id=national_id)
    found: dict[UUID, PatientRow] = {}
    for block in _blocks(typed, name):
        wanted = block.where(Patient.status != PatientStatus.MERGED).limit(BLOCK_LIMIT)
        found.update((row.id, row) for row in (PatientRow(*one) for one in session.execute(wanted)))
    found.pop(exclude_id, None)  # type: ignore[arg-type]
    scored = [(compare(typed, comparable_person(row)), row) for row in found.values()]
    worthy = [(match, row) for match, row in scored if match.bits >= LIVE_THRESHOLD or _same_phone(match)]
    worthy.sort(key=lambda one: (-one[0].bits, one[1].full_name, one[1].patient_number))
    return [Candidate(row, match.score, match.reasons) for match, row in worthy[:limit]]


COMPARED = (
    *("clinic_id", "status", "erased_at", "full_name", "name_key", "date_of_birth", "dob_is_estimated", "gender"),
    *("phone", "phone_tail", "national_id", "address", "blood_group"),
)
"""The columns by which records are looked up and compared: a change of others makes nobody more alike."""


def likely_elsewhere(session: Session, ids: Collection[UUID]) -> Iterator[tuple[UUID, UUID, Match]]:
    """Pairs of one of these records and one of another clinic that are likely the same person; a clinic's own its desk has seen."""
    mine = [PatientRow(*one) for one in session.execute(_THESE, {"asked": tuple(ids)})]
    if not mine or _is_alone(session, {row.clinic_id for row in mine}):
        return
    people = {row.id: comparable_person(row) for row in mine}
    others = {row.id: row for row in _alike(session, list(people.values()), mine)}
    likes = {key: comparable_person(row) for key, row in others.items()}
    marks: dict[tuple[str, object], set[UUID]] = defaultdict(set)
    for key, row in others.items():
        for mark in _marks(likes[key], row.full_name):
            marks[mark].add(key)
    for row in sorted(mine, key=lambda one: one.id):
        near = {key for mark in _marks(people[row.id], row.full_name) for key in marks[mark]}
        for key in sorted(near):
            if others[key].clinic_id != row.clinic_id:
                match = compare(people[row.id], likes[key])
                if match.bits >= THRESHOLD:
                    yield row.id, key, match


def _among(column: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """Records in use whose column is one of those asked for."""
    in_use = (Patient.status != PatientStatus.MERGED, Patient.erased_at.is_(None))
    return select(*ROW_COLUMNS).where(*in_use, column.in_(bindparam("asked", expanding=True)))


# Built once: they are asked after every page of changes that sites send.
_THESE = _among(Patient.id)
_OF_TAIL, _OF_NATIONAL_ID, _OF_NAME, _OF_BIRTH = (
    _among(column).limit(bindparam("most", type_=Integer()))
    for column in (Patient.phone_tail, Patient.national_id, Patient.name_key, Patient.date_of_birth)
)


def _is_alone(session: Session, clinics: Collection[UUID]) -> bool:
    """Whether no other clinic has any patient: looked up at both ends of the index."""
    if len(clinics) > 1:
        return False
    (own,) = clinics
    ends = (Patient.clinic_id < own, Patient.clinic_id > own)
    return all(session.scalar(select(Patient.id).where(end).limit(1)) is None for end in ends)


def _alike(session: Session, people: Sequence[Person], rows: Sequence[PatientRow]) -> Iterator[PatientRow]:
    """Every record that shares a number, a name or a birth date with any of these."""
    tails = {one.tail for one in people if len(one.tail) >= SHORTEST_TAIL}
    nationals = {one.national_id for one in people if one.national_id}
    names = {name_key(row.full_name) for row in rows}
    births = {day for one in people if one.born is not None and not one.born_is_estimated for day in _readings(one.born)}
    looked_up: Sequence[tuple[Select[*tuple[Any, ...]], set[Any]]] = (
        (_OF_TAIL, tails),
        (_OF_NATIONAL_ID, nationals),
        (_OF_NAME, names),
        (_OF_BIRTH, births),
    )
    for wanted, values in looked_up:
        if values:
            found = session.execute(wanted, {"asked": tuple(values), "most": BLOCK_LIMIT * len(rows)})
            yield from (PatientRow(*one) for one in found)


def _marks(one: Person, name: str) -> Iterator[tuple[str, object]]:
    """By what records are held against one another."""
    if len(one.tail) >= SHORTEST_TAIL:
        yield "phone", one.tail
    if one.national_id:
        yield "national", one.national_id
    if one.words:
        yield "name", name_key(name)
    if one.born is not None and not one.born_is_estimated and one.words:
        yield from (("born", day) for day in _readings(one.born))


def _same_phone(match: Match) -> bool:
    return "phone_same" in match.reasons


def _blocks(typed: Person, name: str) -> list[Select[*tuple[Any, ...]]]:
    everyone = select(*ROW_COLUMNS)
    blocks = []
    if len(typed.tail) >= SHORTEST_TAIL:
        blocks.append(everyone.where(Patient.phone_tail == typed.tail))
    if typed.national_id:
        blocks.append(everyone.where(Patient.national_id == typed.national_id))
    if typed.words:
        blocks.append(everyone.where(Patient.name_key == name_key(name), _born_near(typed)))
    if typed.born is not None and not typed.born_is_estimated and typed.words:
        blocks.append(everyone.where(Patient.date_of_birth.in_(_readings(typed.born))))
    return blocks


def _born_near(typed: Person) -> ColumnElement[bool]:
    if typed.born is None:
        return Patient.name_key.is_not(None)
    spread = timedelta(days=800)
    return or_(Patient.date_of_birth.is_(None), Patient.date_of_birth.between(typed.born - spread, typed.born + spread))


def _readings(born: date) -> set[date]:
    """A date, and the same with day and month exchanged where that is a date."""
    return {born, born.replace(day=born.month, month=born.day)} if born.day <= 12 else {born}


def comparable_person(row: PatientRow) -> Person:
    """What duplicate matching looks at."""
    return person(
        row.full_name,
        born=row.date_of_birth,
        born_is_estimated=row.dob_is_estimated,
        gender=row.gender,
        phone=row.phone,
        address=row.address,
        blood_group=row.blood_group,
        national_id=row.national_id,
    )
