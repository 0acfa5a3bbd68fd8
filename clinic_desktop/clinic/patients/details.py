"""What a registration form holds, and how it is checked before it becomes a record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Required, TypedDict

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.records import PatientRow
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender, birth_from_age, checked_birth, parse_phone
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import optional_line, optional_text, required_line

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NAME_LIMIT = 100


class Kept(Enum):
    """Stands for what a form does not hold."""

    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """A patient as typed; give a birth date, or an age, which fills in an estimated one. The phone is set apart from these."""

    first_name: str
    gender: Gender
    middle_name: str | None = None
    last_name: str | None = None
    date_of_birth: date | None = None
    dob_is_estimated: bool = False
    age_years: int | None = None
    age_months: int | None = None
    blood_group: BloodGroup | None = None
    email: str | None = None
    address: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    national_id: str | None = None
    allergies: str | None = None
    medical_history: str | Kept | None = Kept.KEPT
    """``KEPT``: as it is; the desk, which may not read it, does not overwrite it either."""
    remarks: str | None = None
    emergency_contact_name: str | None = None
    emergency_contact_phone: str | None = None
    has_insurance: bool = False


class TypedDetails(TypedDict, total=False):
    """``PatientDetails`` as keywords: only the first name and the sex must be given."""

    first_name: Required[str]
    gender: Required[Gender]
    middle_name: str | None
    last_name: str | None
    date_of_birth: date | None
    dob_is_estimated: bool
    age_years: int | None
    age_months: int | None
    blood_group: BloodGroup | None
    email: str | None
    address: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    national_id: str | None
    allergies: str | None
    medical_history: str | None
    remarks: str | None
    emergency_contact_name: str | None
    emergency_contact_phone: str | None
    has_insurance: bool


_LINES = {"city": 100, "region": 100, "postal_code": 20, "country": 100, "national_id": 60, "emergency_contact_name": 200}
_TEXTS = ("allergies", "medical_history", "remarks")


def apply_details(patient: Patient, details: PatientDetails, *, today: date, phone_region: str) -> None:
    """Check everything, then set it on the record; raises InvalidInput at the first field that is wrong."""
    birth = _birth(details, today)
    values: dict[str, object] = {
        "first_name": required_line(details.first_name, "first_name", limit=NAME_LIMIT),
        "middle_name": optional_line(details.middle_name, "middle_name", limit=NAME_LIMIT),
        "last_name": optional_line(details.last_name, "last_name", limit=NAME_LIMIT),
        "gender": Gender(details.gender),
        "blood_group": BloodGroup(details.blood_group) if details.blood_group else None,
        "date_of_birth": birth[0],
        "dob_is_estimated": birth[1],
        "email": _email(details.email),
        "address": optional_text(details.address, "address", limit=1000),
        "has_insurance": bool(details.has_insurance),
        "emergency_contact_phone": _contact_phone(details.emergency_contact_phone, phone_region),
    }
    values |= {name: optional_line(getattr(details, name), name, limit=limit) for name, limit in _LINES.items()}
    values |= {name: optional_text(getattr(details, name), name) for name in _TEXTS if getattr(details, name) is not Kept.KEPT}
    for name, value in values.items():
        setattr(patient, name, value)


def _birth(details: PatientDetails, today: date) -> tuple[date | None, bool]:
    if details.date_of_birth is not None:
        return checked_birth(details.date_of_birth, today), details.dob_is_estimated
    if details.age_years is None and details.age_months is None:
        return None, False
    return birth_from_age(details.age_years or 0, today, months=details.age_months or 0), True


def _email(value: str | None) -> str | None:
    email = optional_line(value, "email", limit=254)
    if email is not None and not _EMAIL.fullmatch(email):
        raise InvalidInput("email", "not_an_email")
    return email


def _contact_phone(value: str | None, region: str) -> str | None:
    typed = optional_line(value, "emergency_contact_phone", limit=40)
    return parse_phone(typed, region, field="emergency_contact_phone").typed if typed else None


def details_of(row: PatientRow) -> PatientDetails:
    """The form of a record, to be changed with ``dataclasses.replace`` and given back to ``edit_patient``."""
    return PatientDetails(**{name: getattr(row, name) for name in PatientDetails.__dataclass_fields__ if hasattr(row, name)})
