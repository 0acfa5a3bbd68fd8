"""Journalled values back in the form of their columns: amounts, instants, days, codes, references."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum as PythonEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Enum, Time, Uuid

from clinic_desktop.clinic.audit.rules import Coded, Named, Percent, Value, Veil
from clinic_desktop.clinic.clinical.rules.vitals import VITAL_LIMITS, read_vital
from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import MoneyColumn, UtcDateTime

_READ: dict[type[Any], Callable[[Any], Value]] = {
    UtcDateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
    Boolean: bool,
    Enum: Coded,
}
_VITALS = {name.removesuffix("_cm").removesuffix("_kg").removesuffix("_c").removesuffix("_mg_dl"): name for name in VITAL_LIMITS}
"""The fields of a reading by their columns: they are stored in small units."""


def typed(value: Any) -> Any:
    """A value that came from a row: only codes need telling apart from text."""
    return Coded(value.value) if isinstance(value, PythonEnum) else value


def journalled(column: Column[Any], raw: Any, currency: str, which: str | None = None) -> Value:
    """A value of the journal as what it was in its column; a reference has no name yet. ``which``: the table that a bare key is of."""
    if raw is None:
        return None
    if column.info.get("secret") or raw == SECRET:
        return Veil.SECRET
    if isinstance(column.type, MoneyColumn):
        return Money(int(raw), currency)
    if column.name.endswith("basis_points"):
        return Percent(int(raw))
    if column.table.name == "vital_signs" and column.name in _VITALS:
        return read_vital(_VITALS[column.name], raw)
    if isinstance(column.type, Uuid):
        target = next((key.column.table.name for key in column.foreign_keys), which)
        return str(raw) if target is None else Named(target, UUID(raw))
    read = next((make for kind, make in _READ.items() if isinstance(column.type, kind)), None)
    if read is not None:
        return read(raw)
    return raw if isinstance(raw, (str, int, bool)) else str(raw)


_ABOUT = {
    **dict.fromkeys(("approved_by", "asked_by", "user_id"), "users"),
    **dict.fromkeys(("doctor_id", "signed_by"), "doctors"),
    **dict.fromkeys(("patient_id", "kept_id", "merged_id"), "patients"),
}
"""The records that details of notes name."""


def noted(name: str, raw: Any) -> Value:
    """A detail of a note."""
    if isinstance(raw, str) and name in _ABOUT:
        try:
            return Named(_ABOUT[name], UUID(raw))
        except ValueError:
            return raw
    if raw is None or isinstance(raw, (str, int, bool)):
        return raw
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
