"""What two records of one person say differently, and which of it the one that is kept should say (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clinic_desktop.clinic.patients.rules import PatientStatus


class Choice(StrEnum):
    """Whose value the record that is kept has after a merge."""

    KEPT = "KEPT"
    MERGED = "MERGED"
    BOTH = "BOTH"
    """The lines of both, each once."""


Values = Mapping[str, Any]
"""A patient's columns by name."""

FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("first_name", "middle_name", "last_name"),
    "birth": ("date_of_birth", "dob_is_estimated"),
    "gender": ("gender",),
    "blood_group": ("blood_group",),
    "phone": ("phone", "phone_typed", "phone_tail", "phone_owner_id", "phone_verified"),
    "email": ("email", "email_verified"),
    "address": ("address", "city", "region", "postal_code", "country"),
    "national_id": ("national_id",),
    "allergies": ("allergies",),
    "remarks": ("remarks",),
    "emergency_contact": ("emergency_contact_name", "emergency_contact_phone"),
    "photo": ("photo_document_id",),
    "insurance": ("has_insurance",),
    "status": ("status",),
}
"""What is chosen together, and its columns; the first of them tells whether there is anything."""
BOTH_FIT = frozenset({"allergies", "remarks"})
"""Lines that may stand beside each other. The medical history, which a desk may not read, always does."""
_SPOKEN = {"phone": ("phone",), "email": ("email",)}
"""Fields that differ only where a person would say so."""
_PROOF = {"phone": "phone_verified", "email": "email_verified"}
_RANK = {PatientStatus.DECEASED: 2, PatientStatus.ACTIVE: 1, PatientStatus.ARCHIVED: 0}
"""A death is not lost by a merge, and a record in use stays in use."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two records say differently: what is taken unless somebody chooses, and what may be chosen."""

    field: str
    suggested: Choice
    choices: tuple[Choice, ...]


def differences(kept: Values, merged: Values) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the form."""
    return tuple(_difference(field, kept, merged) for field in FIELDS if _said(field, kept) != _said(field, merged))


def chosen(kept: Values, merged: Values, choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """What is taken for every field that differs: as chosen, else as suggested."""
    found = {one.field: choices.get(one.field, one.suggested) for one in differences(kept, merged)}
    return {field: Choice.KEPT if choice is Choice.BOTH and field not in BOTH_FIT else choice for field, choice in found.items()}


def both(one: str | None, other: str | None) -> str | None:
    """The lines of two texts, each once."""
    lines = [line.strip() for text in (one, other) if text for line in text.splitlines()]
    return "\n".join(dict.fromkeys(line for line in lines if line)) or None


def _said(field: str, values: Values) -> tuple[Any, ...]:
    return tuple(values[column] or None for column in _SPOKEN.get(field, FIELDS[field]))


def _difference(field: str, kept: Values, merged: Values) -> Difference:
    here, there = _weight(field, kept), _weight(field, merged)
    if field in BOTH_FIT and here[0] and there[0]:
        return Difference(field, Choice.BOTH, (Choice.KEPT, Choice.MERGED, Choice.BOTH))
    suggested = Choice.MERGED if there > here else Choice.KEPT
    return Difference(field, suggested, (Choice.KEPT, Choice.MERGED))


def _weight(field: str, values: Values) -> tuple[Any, ...]:
    """How much speaks for a record's value: that there is one, that it is proved or exact, that it is whole, that it is newer."""
    columns = FIELDS[field]
    is_there = bool(values[columns[0]] or (field == "address" and any(values[name] for name in columns)))
    if field == "status":
        return (is_there, _RANK.get(values["status"], 0))
    proved = bool(values[_PROOF[field]]) if field in _PROOF else field == "birth" and not values["dob_is_estimated"]
    parts = sum(bool(values[name]) for name in columns) if field in ("name", "address", "emergency_contact") else 0
    return (is_there, proved, parts, values["updated_at"])
