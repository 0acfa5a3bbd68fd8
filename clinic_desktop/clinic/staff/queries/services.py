"""The services of the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.clinic.staff.rules import PricingModel, ServiceCategory, ToothChartUse
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service with its price; one that uses the doctor's fee costs its price only where the doctor has none."""

    id: UUID
    code: str
    name: str
    description: str | None
    category: ServiceCategory
    department_id: UUID | None
    price: Money
    uses_doctor_fee: bool
    duration_minutes: int
    pricing_model: PricingModel
    tooth_chart_use: ToothChartUse
    tax_configuration_id: UUID | None
    doctor_share_basis_points: int | None
    is_active: bool
    row_version: int


def service(session: Session, service_id: UUID) -> ServiceRow:
    """One service; raises NotFound."""
    found = session.get(Service, service_id)
    if found is None:
        raise NotFound(entity="services", key=str(service_id))
    return _service_row(found)


def services(session: Session, *, category: ServiceCategory | None = None, with_inactive: bool = False) -> list[ServiceRow]:
    """Services by category and name."""
    wanted = select(Service).order_by(Service.category, Service.name)
    if not with_inactive:
        wanted = wanted.where(Service.is_active)
    if category is not None:
        wanted = wanted.where(Service.category == category)
    return [_service_row(row) for row in session.scalars(wanted)]


def _service_row(row: Service) -> ServiceRow:
    return ServiceRow(
        id=row.id,
        code=row.code,
        name=row.name,
        description=row.description,
        category=row.category,
        department_id=row.department_id,
        price=row.price,
        uses_doctor_fee=row.uses_doctor_fee,
        duration_minutes=row.duration_minutes,
        pricing_model=row.pricing_model,
        tooth_chart_use=row.tooth_chart_use,
        tax_configuration_id=row.tax_configuration_id,
        doctor_share_basis_points=row.doctor_share_basis_points,
        is_active=row.is_active,
        row_version=row.row_version,
    )
