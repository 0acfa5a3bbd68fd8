"""By what else a patient is found: numbers that other systems gave, and all that records merged into this one were found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier

_ASKED = bindparam("asked", type_=Uuid(), expanding=True)
_p, _n = Patient.__table__.c, PatientIdentifier.__table__.c
# Built once: every save of a patient asks. What was erased is known by nothing any more.
_ALIASES: Select[*tuple[Any, ...]] = select(_p.id, _p.merged_into_id, _p.full_name, _p.patient_number, _p.phone, _p.national_id).where(
    _p.merged_into_id.is_not(None), _p.erased_at.is_(None)
)
_ALIASES_OF = _ALIASES.where(_p.merged_into_id.in_(_ASKED))
_NUMBERS: Select[*tuple[Any, ...]] = select(_n.patient_id, _n.value)
_NUMBERS_OF = _NUMBERS.where(_n.patient_id.in_(_ASKED))


def known_as(session: Session, patient_ids: Iterable[UUID] | None = None) -> dict[UUID, list[str]]:
    """The further words of each of these patients, sorted; ``None``: of all who have any."""
    wanted = None if patient_ids is None else set(patient_ids)
    aliases = {row[0]: row for row in _aliases(session, wanted)}
    words: defaultdict[UUID, set[str]] = defaultdict(set)
    for patient_id, value in _numbers(session, wanted, aliases):
        for key in (patient_id, *_above(patient_id, aliases)):
            words[key].add(value)
    for alias, (_id, _into, *parts) in aliases.items():
        for key in _above(alias, aliases):
            words[key].update(part for part in parts if part)
    return {key: sorted(found) for key, found in words.items() if wanted is None or key in wanted}


def _aliases(session: Session, wanted: set[UUID] | None) -> Iterator[Row[*tuple[Any, ...]]]:
    """What was merged into these, and into that again."""
    if wanted is None:
        yield from session.execute(_ALIASES)
        return
    fresh, seen = wanted, set(wanted)
    while fresh:
        found = session.execute(_ALIASES_OF, {"asked": tuple(fresh)}).all()
        yield from found
        fresh = {row[0] for row in found} - seen
        seen |= fresh


def _above(patient_id: UUID, aliases: dict[UUID, Row[*tuple[Any, ...]]]) -> list[UUID]:
    """The records that one leads to, through aliases of aliases."""
    way: list[UUID] = []
    at = patient_id
    while at in aliases and aliases[at][1] not in way:
        at = aliases[at][1]
        way.append(at)
    return way


def _numbers(session: Session, wanted: set[UUID] | None, aliases: Collection[UUID]) -> Iterable[Row[*tuple[Any, ...]]]:
    return session.execute(_NUMBERS) if wanted is None else session.execute(_NUMBERS_OF, {"asked": (*wanted, *aliases)})
