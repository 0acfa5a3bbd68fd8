"""Vital signs: what is impossible, what is only unusual, and the body mass index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import quantize


@dataclass(frozen=True, slots=True)
class Limits:
    """Stored as integers of ``unit`` (scaled by ``scale``); outside possible is refused, outside plausible is questioned."""

    unit: str
    scale: int
    possible: tuple[Decimal, Decimal]
    plausible: tuple[Decimal, Decimal]


def _limits(unit: str, scale: int, low: str, usual_low: str, usual_high: str, high: str) -> Limits:
    return Limits(unit, scale, (Decimal(low), Decimal(high)), (Decimal(usual_low), Decimal(usual_high)))


VITAL_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "height_cm": _limits("mm", 10, "20", "45", "210", "275"),
        "weight_kg": _limits("g", 1000, "0.2", "2", "200", "650"),
        "temperature_c": _limits("0.1 °C", 10, "20", "35", "39.5", "46"),
        "pulse": _limits("/min", 1, "0", "40", "140", "350"),
        "systolic": _limits("mmHg", 1, "20", "80", "180", "350"),
        "diastolic": _limits("mmHg", 1, "10", "45", "110", "250"),
        "spo2": _limits("%", 1, "0", "92", "100", "100"),
        "respiratory_rate": _limits("/min", 1, "0", "8", "35", "150"),
        "glucose_mg_dl": _limits("mg/dL", 1, "5", "60", "300", "2500"),
    }
)


@dataclass(frozen=True, slots=True)
class VitalWarning:
    """An unusual value, for a person to confirm."""

    field: str
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class NewVitals:
    """One reading; what was not measured is None."""

    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None
    temperature_c: Decimal | None = None
    pulse: int | None = None
    systolic: int | None = None
    diastolic: int | None = None
    spo2: int | None = None
    respiratory_rate: int | None = None
    glucose_mg_dl: int | None = None


def check_vitals(reading: NewVitals) -> tuple[VitalWarning, ...]:
    """Warnings for the unusual; InvalidInput for the impossible and for an empty reading."""
    measured = {name: Decimal(value) for name in VITAL_LIMITS if (value := getattr(reading, name)) is not None}
    if not measured:
        raise InvalidInput("vitals", "required")
    for name, value in measured.items():
        low, high = VITAL_LIMITS[name].possible
        if not value.is_finite() or not low <= value <= high:
            raise InvalidInput(name, "out_of_range", low=low, high=high)
    if (reading.systolic is None) != (reading.diastolic is None):
        raise InvalidInput("diastolic" if reading.diastolic is None else "systolic", "required")
    if reading.systolic is not None and reading.diastolic is not None and reading.systolic <= reading.diastolic:
        raise InvalidInput("systolic", "not_above_diastolic")
    return tuple(_warnings(measured))


def _warnings(measured: Mapping[str, Decimal]) -> list[VitalWarning]:
    found = []
    for name, value in measured.items():
        low, high = VITAL_LIMITS[name].plausible
        if not low <= value <= high:
            found.append(VitalWarning(name, value, low, high))
    return found


def stored_vital(name: str, value: Decimal | int | None) -> int | None:
    """The integer kept for a reading, half-up at the stored precision."""
    return None if value is None else int(quantize(Decimal(value) * VITAL_LIMITS[name].scale, 0))


def read_vital(name: str, stored: int | None) -> Decimal | None:
    """The reading of a stored integer."""
    return None if stored is None else Decimal(stored) / VITAL_LIMITS[name].scale


def body_mass_index(height_cm: Decimal | None, weight_kg: Decimal | None) -> Decimal | None:
    """Weight over height squared, kg/m², to one decimal; None unless both were measured."""
    if height_cm is None or weight_kg is None or height_cm <= 0:
        return None
    metres = height_cm / 100
    return quantize(weight_kg / (metres * metres), 1)
