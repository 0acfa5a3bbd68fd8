"""What happened to the hospital and its branches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HospitalCreated:
    """The hospital of this database was set up."""

    hospital_id: UUID


@dataclass(frozen=True, slots=True)
class ClinicAdded:
    """A branch was added."""

    clinic_id: UUID


@dataclass(frozen=True, slots=True)
class DepartmentAdded:
    """A department was added."""

    department_id: UUID


@dataclass(frozen=True, slots=True)
class TaxAdded:
    """A tax, or a new rate of one, was added."""

    tax_configuration_id: UUID


@dataclass(frozen=True, slots=True)
class WorkstationAdded:
    """A workstation was added."""

    workstation_id: UUID


@dataclass(frozen=True, slots=True)
class HolidayAdded:
    """A day was declared a holiday, for one clinic or (``None``) for all."""

    day: date
    clinic_id: UUID | None


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting has another value in one scope."""

    key: str
