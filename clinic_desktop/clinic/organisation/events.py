"""What happened to the hospital and its branches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("hospitals")
@dataclass(frozen=True, slots=True)
class HospitalCreated:
    """The hospital of this database was set up."""

    hospital_id: UUID


@tells_of("hospitals", "documents")
@dataclass(frozen=True, slots=True)
class HospitalChanged:
    """The hospital's own details or its logo changed."""

    hospital_id: UUID


@tells_of("clinics")
@dataclass(frozen=True, slots=True)
class ClinicAdded:
    """A branch was added."""

    clinic_id: UUID


@tells_of("clinics")
@dataclass(frozen=True, slots=True)
class ClinicChanged:
    """A branch has other details, was closed or opened again."""

    clinic_id: UUID


@tells_of()
@dataclass(frozen=True, slots=True)
class ClinicClosing:
    """A branch is about to be closed: who depends on it may refuse."""

    clinic_id: UUID


@tells_of("departments")
@dataclass(frozen=True, slots=True)
class DepartmentAdded:
    """A department was added."""

    department_id: UUID


@tells_of("departments")
@dataclass(frozen=True, slots=True)
class DepartmentChanged:
    """A department has other details, was closed or opened again."""

    department_id: UUID


@tells_of("tax_configurations")
@dataclass(frozen=True, slots=True)
class TaxAdded:
    """A tax, or a new rate of one, was added."""

    tax_configuration_id: UUID


@tells_of("tax_configurations")
@dataclass(frozen=True, slots=True)
class TaxCorrected:
    """A rate was entered wrongly and is put right: refused by whoever has counted with it."""

    tax_configuration_id: UUID


@tells_of("tax_configurations")
@dataclass(frozen=True, slots=True)
class TaxEnded:
    """A rate holds no longer than to a day, or (``None``) without end."""

    tax_configuration_id: UUID
    last_day: date | None


@tells_of("workstations")
@dataclass(frozen=True, slots=True)
class WorkstationAdded:
    """A workstation was added."""

    workstation_id: UUID


@tells_of("workstations")
@dataclass(frozen=True, slots=True)
class WorkstationChanged:
    """A workstation has other details or printers, was retired or put back into use."""

    workstation_id: UUID


@tells_of("number_formats")
@dataclass(frozen=True, slots=True)
class NumberFormatChanged:
    """The next number of a kind will look different."""

    kind: str
    clinic_id: UUID


@tells_of("holidays")
@dataclass(frozen=True, slots=True)
class HolidayAdded:
    """A day was declared a holiday, or is one no more, for one clinic or (``None``) for all."""

    day: date
    clinic_id: UUID | None


@tells_of("holidays")
@dataclass(frozen=True, slots=True)
class HolidayLifted:
    """A day is a holiday no more, for one clinic or (``None``) for all: places that nobody could book before."""

    day: date
    clinic_id: UUID | None


@tells_of("hospital_settings")
@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting has another value in one scope."""

    key: str
