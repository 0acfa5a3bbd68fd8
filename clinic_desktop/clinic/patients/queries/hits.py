"""The lines of a search. More records are ranked than are shown, so only the shown ones are made into our values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Dialect, Row, Select, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus


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


PATIENTS = Patient.__table__
_SHOWN = [name for name in PatientHit.__dataclass_fields__ if name != "is_similar"]
# Of no type: as the driver gives them they take half the time of ours, a quarter of the mapper's.
HITS = select(*(type_coerce(PATIENTS.c[name], NullType()).label(name) for name in (*_SHOWN, "search_text"))).where(
    PATIENTS.c.status != PatientStatus.MERGED
)

Hit = Row[*tuple[Any, ...]]
"""What PatientHit holds, as the driver gives it, then the search text."""
Found = dict[Any, Hit]
"""Rows by patient."""


def fetch(session: Session, wanted: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], **bound: Any) -> Found:
    """What a statement over ``HITS`` finds, in its order."""
    return {row.id: row for row in session.connection().execute(wanted, bound)}


def shown(dialect: Dialect, row: Hit, *, is_similar: bool = False) -> PatientHit:
    """A row as its line, in our values."""
    values = [*row[:-1], is_similar]
    for at, made in _CONVERSIONS.get(dialect.name) or _conversions(dialect):
        values[at] = made(values[at])
    return PatientHit(*values)


_Conversions = list[tuple[int, Callable[[Any], Any]]]
_CONVERSIONS: dict[str, _Conversions] = {}


def _conversions(dialect: Dialect) -> _Conversions:
    """What each column's own type does with a value of this engine's driver."""
    types = (PATIENTS.c[name].type.dialect_impl(dialect) for name in _SHOWN)
    made = [type_.result_processor(dialect, None) for type_ in types]
    _CONVERSIONS[dialect.name] = [(at, one) for at, one in enumerate(made) if one is not None]
    return _CONVERSIONS[dialect.name]
