"""The services of the clinic and their prices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.models import Department, Hospital, TaxConfiguration
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff.commands.permissions import SERVICES
from clinic_desktop.clinic.staff.events import PriceChanged, ServiceAdded
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.clinic.staff.rules import LONGEST_SERVICE, PricingModel, ServiceCategory, ToothChartUse, not_negative
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_text, required_line, whole_number


@command(SERVICES)
def add_service(
    tx: Tx,
    *,
    code: str,
    name: str,
    category: ServiceCategory,
    price: Money,
    duration_minutes: int = 15,
    uses_doctor_fee: bool = False,
    tax_configuration_id: UUID | None = None,
    department_id: UUID | None = None,
    doctor_share_basis_points: int | None = None,
    description: str | None = None,
    pricing_model: PricingModel = PricingModel.PER_SESSION,
    tooth_chart_use: ToothChartUse = ToothChartUse.NOT_NEEDED,
) -> UUID:
    """Add a service; without a share of its own the doctor's applies."""
    short = required_line(code, "code", limit=20).upper()
    _check_service(tx, short, tax_configuration_id, department_id)
    share = doctor_share_basis_points
    service = Service(
        code=short,
        name=required_line(name, "name", limit=120),
        description=optional_text(description, "description"),
        category=category,
        department_id=department_id,
        price=not_negative(price, "price"),
        uses_doctor_fee=uses_doctor_fee,
        duration_minutes=whole_number(duration_minutes, "duration_minutes", 1, LONGEST_SERVICE),
        pricing_model=pricing_model,
        tooth_chart_use=tooth_chart_use,
        tax_configuration_id=tax_configuration_id,
        doctor_share_basis_points=None if share is None else whole_number(share, "doctor_share_basis_points", 0, 10_000),
        is_active=True,
    )
    tx.add(service)
    tx.session.flush()
    tx.emit(ServiceAdded(service.id))
    return service.id


def _check_service(tx: Tx, code: str, tax_configuration_id: UUID | None, department_id: UUID | None) -> None:
    # The hospital's lock lets services be added one after the other, so that a code is refused before the database does.
    tx.session.scalars(select(Hospital.id).with_for_update(key_share=True)).all()
    if tx.session.scalar(select(Service.id).where(Service.code == code)) is not None:
        raise AlreadyExists("code", entity="services", value=code)
    if tax_configuration_id is not None and tx.session.get(TaxConfiguration, tax_configuration_id) is None:
        raise NotFound("tax_configuration_id", entity="tax_configurations", key=str(tax_configuration_id))
    if department_id is not None and tx.session.get(Department, department_id) is None:
        raise NotFound("department_id", entity="departments", key=str(department_id))


@command(SERVICES)
def change_price(tx: Tx, *, service_id: UUID, price: Money) -> None:
    """Give a service another price; what is billed already keeps the old one."""
    service = _locked(tx, service_id)
    service.price = not_negative(price, "price")
    tx.emit(PriceChanged(service_id))


@command(SERVICES)
def withdraw_service(tx: Tx, *, service_id: UUID) -> None:
    """Offer a service no longer."""
    _locked(tx, service_id).is_active = False
    tx.emit(PriceChanged(service_id))


def _locked(tx: Tx, service_id: UUID) -> Service:
    service = tx.session.get(Service, service_id, with_for_update=True)
    if service is None:
        raise NotFound("service_id", entity="services", key=str(service_id))
    return service
