"""What is known of a service and of a doctor: checked and set in one place, for the form and for files."""

from __future__ import annotations

from typing import Any, Required, TypedDict
from uuid import UUID

from clinic_desktop.clinic.staff.models import Doctor, Service
from clinic_desktop.clinic.staff.rules import LONGEST_SERVICE, PricingModel, ServiceCategory, ToothChartUse, not_negative
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_line, optional_text, required_line, whole_number

CODE_LIMIT, NAME_LIMIT, LICENCE_LIMIT = 20, 120, 60


class ServiceChanges(TypedDict, total=False):
    """What may be changed of a service beside its code; without a share of its own the doctor's applies."""

    name: str
    category: ServiceCategory
    price: Money
    duration_minutes: int
    uses_doctor_fee: bool
    tax_configuration_id: UUID | None
    department_id: UUID | None
    doctor_share_basis_points: int | None
    description: str | None
    pricing_model: PricingModel
    tooth_chart_use: ToothChartUse


class NewService(ServiceChanges, total=False):
    """A new service: a name, a category and a price must be given."""

    name: Required[str]  # type: ignore[misc]
    category: Required[ServiceCategory]  # type: ignore[misc]
    price: Required[Money]  # type: ignore[misc]


SERVICE_NAMES = tuple(ServiceChanges.__annotations__)
_NEW_SERVICE: dict[str, Any] = {
    "duration_minutes": 15,
    "uses_doctor_fee": False,
    "pricing_model": PricingModel.PER_SESSION,
    "tooth_chart_use": ToothChartUse.NOT_NEEDED,
}


class DoctorChanges(TypedDict, total=False):
    """What may be changed of a doctor beside his licence; a share of 4 000 basis points is 40 % of what his work earns."""

    specialty_id: UUID
    department_id: UUID | None
    qualification: str | None
    experience_years: int
    bio: str | None
    default_fee: Money | None
    share_basis_points: int
    room: str | None


class NewDoctor(DoctorChanges, total=False):
    """A new doctor: a specialty must be given."""

    specialty_id: Required[UUID]  # type: ignore[misc]


DOCTOR_NAMES = tuple(DoctorChanges.__annotations__)
_NEW_DOCTOR: dict[str, Any] = {"experience_years": 0, "share_basis_points": 0}


def service_code(text: str) -> str:
    """A service's code, in capitals."""
    return required_line(text, "code", limit=CODE_LIMIT).upper()


def complete_service(given: Any) -> dict[str, Any]:
    """Everything that a new service is described by."""
    return {name: _NEW_SERVICE.get(name) for name in SERVICE_NAMES} | dict(given)


def describe_service(service: Service, given: Any) -> None:
    """Check and set what is given of a service."""
    values = {name: getattr(service, name) for name in SERVICE_NAMES if name not in given} | dict(given)
    share = values["doctor_share_basis_points"]
    service.name = required_line(values["name"], "name", limit=NAME_LIMIT)
    service.category, service.uses_doctor_fee = values["category"], values["uses_doctor_fee"]
    service.price = not_negative(values["price"], "price")
    service.duration_minutes = whole_number(values["duration_minutes"], "duration_minutes", 1, LONGEST_SERVICE)
    service.doctor_share_basis_points = None if share is None else whole_number(share, "doctor_share_basis_points", 0, 10_000)
    service.description = optional_text(values["description"], "description")
    service.pricing_model, service.tooth_chart_use = values["pricing_model"], values["tooth_chart_use"]
    service.tax_configuration_id, service.department_id = values["tax_configuration_id"], values["department_id"]


def complete_doctor(given: Any) -> dict[str, Any]:
    """Everything that a new doctor is described by."""
    return {name: _NEW_DOCTOR.get(name) for name in DOCTOR_NAMES} | dict(given)


def describe_doctor(doctor: Doctor, given: Any) -> None:
    """Check and set what is given of a doctor."""
    values = {name: getattr(doctor, name) for name in DOCTOR_NAMES if name not in given} | dict(given)
    fee = values["default_fee"]
    doctor.specialty_id, doctor.department_id = values["specialty_id"], values["department_id"]
    doctor.qualification = optional_line(values["qualification"], "qualification")
    doctor.experience_years = whole_number(values["experience_years"], "experience_years", 0, 80)
    doctor.bio = optional_text(values["bio"], "bio")
    doctor.default_fee = None if fee is None else not_negative(fee, "default_fee")
    doctor.share_basis_points = whole_number(values["share_basis_points"], "share_basis_points", 0, 10_000)
    doctor.room = optional_line(values["room"], "room", limit=40)
