"""Kinds and pure rules of the organisation: human numbers, codes, time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.settings import Scope, Setting

_CLINIC_CODE = re.compile(r"[A-Z]{2,5}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_PREFIX = re.compile(r"[A-Z]{1,6}", re.ASCII)


class HospitalExists(ClinicError):
    """The database already holds its one hospital."""

    code = "hospital_exists"


class AlreadyExists(ClinicError):
    """A record with this name or code is there already: params ``entity`` and ``value``."""

    code = "already_exists"


class Reset(StrEnum):
    """When a number series starts again at one."""

    YEARLY = "YEARLY"
    DAILY = "DAILY"
    NEVER = "NEVER"


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


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A series of human numbers, kept per clinic and period."""

    code: str
    prefix: str
    width: int
    reset: Reset


_declared: dict[str, NumberKind] = {}


def number_kind(code: str, prefix: str, width: int = 5, reset: Reset = Reset.YEARLY) -> NumberKind:
    """Declare a number series beside its owner."""
    if code in _declared:
        raise ValueError(f"number kind {code} is declared twice")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"number prefix {prefix!r} is not 1 to 6 capital letters")
    if any(kind.prefix == prefix for kind in _declared.values()):
        raise ValueError(f"number prefix {prefix} is used twice")
    kind = NumberKind(code, prefix, width, reset)
    _declared[code] = kind
    return kind


def declared_number_kinds() -> list[NumberKind]:
    """Every number series of the departments imported so far, by code."""
    return [_declared[code] for code in sorted(_declared)]


def period_of(reset: Reset, on: date) -> int:
    """The counter's period at a business date: 2026, 20260302, or 0 for a series that never starts again."""
    match reset:
        case Reset.YEARLY:
            return on.year
        case Reset.DAILY:
            return on.year * 10_000 + on.month * 100 + on.day
        case Reset.NEVER:
            return 0


def number_text(prefix: str, clinic_code: str | None, period: int, number: int, width: int) -> str:
    """``PAT-2026-00001``, or ``PAT-NTH-2026-00001`` where the clinic's code is part of the number."""
    parts = [prefix, clinic_code, str(period) if period else None, f"{number:0{width}d}"]
    return "-".join(part for part in parts if part)


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
