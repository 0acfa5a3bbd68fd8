"""Kinds and pure rules of the organisation: codes, time zones, what may be done with a place."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from clinic_desktop.clinic.organisation.numbering import COUNTS_OF_A_SERIES as COUNTS_OF_A_SERIES
from clinic_desktop.clinic.organisation.numbering import NumberKind as NumberKind
from clinic_desktop.clinic.organisation.numbering import Reset as Reset
from clinic_desktop.clinic.organisation.numbering import declared_number_kinds as declared_number_kinds
from clinic_desktop.clinic.organisation.numbering import first_count as first_count
from clinic_desktop.clinic.organisation.numbering import number_kind as number_kind
from clinic_desktop.clinic.organisation.numbering import number_text as number_text
from clinic_desktop.clinic.organisation.numbering import period_of as period_of
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.settings import Scope, Setting
from clinic_desktop.kernel.text import optional_line

_CLINIC_CODE = re.compile(r"[A-Z]{2,5}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class HospitalExists(ClinicError):
    """The database already holds its one hospital."""

    code = "hospital_exists"


class AlreadyExists(ClinicError):
    """A record with this name or code is there already: params ``entity`` and ``value``."""

    code = "already_exists"


class MainClinic(ClinicError):
    """The main clinic stays open: its numbers carry no code, and every hospital has one."""

    code = "main_clinic"


class ClinicStillNeeded(ClinicError):
    """Patients are booked at the clinic or have come: params ``appointments`` and ``visits``."""

    code = "clinic_still_needed"


class TaxInUse(ClinicError):
    """A rate stands on invoices, so it stays as it is: param ``name``."""

    code = "tax_in_use"


class WorkstationKind(StrEnum):
    """What a workstation is for."""

    FRONT_DESK = "FRONT_DESK"
    CONSULTING_ROOM = "CONSULTING_ROOM"
    PHARMACY = "PHARMACY"
    CASHIER = "CASHIER"
    DISPLAY = "DISPLAY"
    KIOSK = "KIOSK"


class TaxScope(StrEnum):
    """What a tax may be put on."""

    ALL = "ALL"
    SERVICES = "SERVICES"
    MEDICINES = "MEDICINES"
    PRODUCTS = "PRODUCTS"


def clinic_code(text: str) -> str:
    """A clinic code: two to five Latin letters, capital."""
    code = text.strip().upper()
    if not _CLINIC_CODE.fullmatch(code):
        raise InvalidInput("code", "not_a_clinic_code", text=text)
    return code


def currency_code(text: str) -> str:
    """An ISO 4217 code in capitals; ``XXX`` (no currency) is refused."""
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code) or code == "XXX":
        raise InvalidInput("currency", "not_a_currency", text=text)
    return code


def email_address(text: str | None) -> str | None:
    """An address that mail could reach, or None when there is none."""
    address = optional_line(text, "email", limit=254)
    if address is not None and not _EMAIL.fullmatch(address):
        raise InvalidInput("email", "not_an_email", text=address)
    return address


def timezone_name(text: str) -> str:
    """A known IANA time zone."""
    if text not in available_timezones():
        raise InvalidInput("timezone", "unknown_timezone", text=text)
    return text


_NARROWNESS = (Scope.HOSPITAL, Scope.CLINIC, Scope.WORKSTATION)


def scope_of_place(clinic_id: UUID | None, workstation_id: UUID | None) -> Scope:
    """The scope that a place names; a clinic and a workstation together are refused."""
    if clinic_id is not None and workstation_id is not None:
        raise InvalidInput("workstation_id", "two_places")
    if workstation_id is not None:
        return Scope.WORKSTATION
    return Scope.HOSPITAL if clinic_id is None else Scope.CLINIC


def check_scope(setting: Setting[Any], wanted: Scope) -> None:
    """Refuse to set a setting for a place narrower than it allows."""
    if _NARROWNESS.index(wanted) > _NARROWNESS.index(setting.scope):
        raise InvalidInput(setting.key, "scope_too_narrow", scope=wanted.value, narrowest=setting.scope.value)
