"""How patients' rows of several sites become one (pure): beside what the models declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic_desktop.clinic.patients.names import name_key, search_text, sounds
from clinic_desktop.clinic.patients.rules import PatientStatus, full_name, phone_digits, phone_tail
from clinic_desktop.kernel.ids import made_at
from clinic_desktop.kernel.merging import Values, journal_time


def whole_patient(row: Mapping[str, Any]) -> Values:
    """What a merged record derives, and what must agree in it: phone and how it was typed, alias and status.

    The numbers that other systems gave lie in other rows: ``mending`` puts them into the search text.
    """
    name = full_name(row["first_name"], row.get("middle_name"), row.get("last_name"))
    phone, typed, national_id = row.get("phone"), row.get("phone_typed"), row.get("national_id")
    typed = None if phone is None else typed if typed is not None and _is_spelling(typed, phone) else phone
    return {
        "full_name": name,
        "name_key": name_key(name),
        "sounds": sounds(name),
        "search_text": search_text(name, row["patient_number"], phone, typed, [national_id] if national_id else []),
        "phone_typed": typed,
        "phone_tail": None if phone is None else phone_tail(phone),
        "phone_owner_id": None if phone is None else row.get("phone_owner_id"),
        "status": _status(row),
    }


def _is_spelling(typed: str, phone: str) -> bool:
    """Whether a number was typed like this: in E.164 it begins otherwise and may be cut at its end, but the middle stays."""
    digits, known = phone_digits(typed), phone_digits(phone)
    return known.endswith(digits.lstrip("0")[-_TYPED_TAIL:]) or digits.startswith(known)


_TYPED_TAIL = 6
"""Digits that every spelling of a number ends in."""


def _status(row: Mapping[str, Any]) -> str:
    """Merged exactly while the record is another's alias; one that is none any more is in use again."""
    if row.get("merged_into_id") is not None:
        return PatientStatus.MERGED.value
    return PatientStatus.ACTIVE.value if row["status"] == PatientStatus.MERGED else str(row["status"])


def owns_phone(row: Mapping[str, Any]) -> bool:
    """Whether a number is this patient's own."""
    return row.get("phone") is not None and row.get("phone_owner_id") is None and row["status"] != PatientStatus.MERGED


def shares_phone(_row: Values, other: Values) -> Values:
    """Two records that own one number are a family or a duplicate: the later one shares it."""
    return {"phone_owner_id": other["id"]}


def card_in_use(row: Mapping[str, Any]) -> bool:
    """Whether a card was not revoked."""
    return row.get("revoked_at") is None


def second_card_revoked(row: Values, _other: Values) -> Values:
    """A patient has one card: the one that was made later is revoked at the moment it was made."""
    return {"revoked_at": journal_time(made_at(row["id"])), "revoked_reason": "reissued"}
