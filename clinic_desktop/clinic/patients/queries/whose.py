"""Whose rows these are now: what was planned for a merged record is the survivor's, and what a desk does next it does with that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.queries.survivors import survivors

Found = TypeVar("Found", bound=Any)
_NAMED = {
    "patient_id": "id",
    "patient_number": "patient_number",
    "patient_name": "full_name",
    "patient_phone": "phone",
    "date_of_birth": "date_of_birth",
    "gender": "gender",
}
"""The fields of a row that say whose it is, and where they stand in a patient's."""


def of_survivors(session: Session, found: Iterable[tuple[Found, UUID | None]]) -> list[Found]:
    """Rows, each with the record that its patient's was merged into: of whom they are of now; nothing is asked when nobody was merged."""
    rows = list(found)
    kept = survivors(session, {row.patient_id for row, into in rows if into is not None})
    return [_of(row, kept[row.patient_id]) if into is not None else row for row, into in rows]


def _of(row: Found, kept: Any) -> Found:
    named = {name: getattr(kept, field) for name, field in _NAMED.items() if name in row.__dataclass_fields__}
    return replace(row, **named)
