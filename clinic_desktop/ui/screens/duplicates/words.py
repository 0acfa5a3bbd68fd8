"""How two records are worded: their fields, how much hangs on each, and why they look alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.patients.queries import Side
from clinic_desktop.clinic.patients.rules import age_text
from clinic_desktop.kernel.formats import date_text, listed, phone_text
from clinic_desktop.kernel.i18n import N_, _, ngettext
from clinic_desktop.ui.screens.registration.candidates import REASONS
from clinic_desktop.wording.entities import ENTITIES

FIELDS = {
    "name": N_("Name"),
    "birth": N_("Date of birth"),
    "gender": N_("Sex"),
    "phone": N_("Phone"),
    "national_id": N_("National ID"),
    "address": N_("Address"),
    "email": N_("Email"),
    "allergies": N_("Allergies"),
    "blood_group": N_("Blood group"),
    "emergency_contact": N_("Emergency contact"),
    "remarks": N_("Remarks"),
    "photo": N_("Photo"),
    "insurance": N_("Insured"),
    "status": N_("Status"),
}
"""In the order in which one compares two people."""


def reasons(codes: Iterable[str]) -> str:
    """Why two records look alike."""
    text = listed(dict.fromkeys(_(REASONS[one]) for one in codes if one in REASONS))
    return text[:1].upper() + text[1:]


def percent(score: int) -> str:
    """How much they look alike."""
    return _("{n} %").format(n=score)


def value(field: str, side: Side, today: date) -> str:
    """What a record says, nothing where it says nothing."""
    return _SAID[field](side.values, today)


def _name(values: Mapping[str, Any], _today: date) -> str:
    return " ".join(values[part] for part in ("first_name", "middle_name", "last_name") if values[part])


def _birth(values: Mapping[str, Any], today: date) -> str:
    born = values["date_of_birth"]
    if born is None:
        return ""
    age = age_text(born, today, estimated=values["dob_is_estimated"])
    return age if values["dob_is_estimated"] else f"{date_text(born)} ({age})"


def _phone(values: Mapping[str, Any], _today: date) -> str:
    phone = phone_text(values["phone"])
    return _("{contact}, verified").format(contact=phone) if phone and values["phone_verified"] else phone


def _email(values: Mapping[str, Any], _today: date) -> str:
    email = values["email"] or ""
    return _("{contact}, verified").format(contact=email) if email and values["email_verified"] else email


def _joined(*columns: str) -> Callable[[Mapping[str, Any], date], str]:
    return lambda values, _today: listed(str(values[name]) for name in columns if values[name])


def _coded(column: str) -> Callable[[Mapping[str, Any], date], str]:
    return lambda values, _today: wording.status(values[column]) if values[column] else ""


def _contact(values: Mapping[str, Any], _today: date) -> str:
    parts = (values["emergency_contact_name"], phone_text(values["emergency_contact_phone"]))
    return listed(part for part in parts if part)


_SAID: dict[str, Callable[[Mapping[str, Any], date], str]] = {
    "name": _name,
    "birth": _birth,
    "gender": _coded("gender"),
    "blood_group": _joined("blood_group"),
    "phone": _phone,
    "email": _email,
    "address": _joined("address", "city", "region", "postal_code", "country"),
    "national_id": _joined("national_id"),
    "allergies": _joined("allergies"),
    "remarks": _joined("remarks"),
    "emergency_contact": _contact,
    "photo": lambda values, _today: _("yes") if values["photo_document_id"] else "",
    "insurance": lambda values, _today: _("yes") if values["has_insurance"] else _("no"),
    "status": _coded("status"),
}


def counted(counts: Mapping[str, int]) -> str:
    """How much hangs on a record: "12 visits, 3 invoices"."""
    known = [one(counts[name]) for name, one in _COUNTED.items() if counts.get(name)]
    told = _UNTOLD | _COUNTED.keys()
    others = [f"{_(ENTITIES[name])}: {n}" for name, n in counts.items() if name not in told and name in ENTITIES]
    return listed([*known, *others])


_UNTOLD = frozenset({"appointment_queue", "otp_verifications", "sync_conflicts", "record_openings", "pharmacy_dispensing", "payments"})
"""Of which a visit, an invoice or a prescription tells already, or that concern nobody at a desk."""
_COUNTED: dict[str, Callable[[int], str]] = {
    "visits": lambda n: ngettext("{n} visit", "{n} visits", n).format(n=n),
    "appointments": lambda n: ngettext("{n} appointment", "{n} appointments", n).format(n=n),
    "invoices": lambda n: ngettext("{n} invoice", "{n} invoices", n).format(n=n),
    "credit_notes": lambda n: ngettext("{n} credit note", "{n} credit notes", n).format(n=n),
    "wallet_transactions": lambda n: ngettext("{n} prepayment", "{n} prepayments", n).format(n=n),
    "prescriptions": lambda n: ngettext("{n} prescription", "{n} prescriptions", n).format(n=n),
    "id_cards": lambda n: ngettext("{n} card", "{n} cards", n).format(n=n),
    "patient_identifiers": lambda n: ngettext("{n} former number", "{n} former numbers", n).format(n=n),
    "patient_documents": lambda n: ngettext("{n} document", "{n} documents", n).format(n=n),
    "patient_consents": lambda n: ngettext("{n} consent", "{n} consents", n).format(n=n),
    "reviews": lambda n: ngettext("{n} review", "{n} reviews", n).format(n=n),
    "privacy_requests": lambda n: ngettext("{n} privacy request", "{n} privacy requests", n).format(n=n),
}
