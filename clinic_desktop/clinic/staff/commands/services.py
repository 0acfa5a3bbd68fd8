"""The services of the clinic and their prices."""

from __future__ import annotations

from typing import Unpack
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.models import Department, Hospital, TaxConfiguration
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff.commands.permissions import SERVICES
from clinic_desktop.clinic.staff.describing import NewService, ServiceChanges, complete_service, describe_service, service_code
from clinic_desktop.clinic.staff.events import PriceChanged, ServiceAdded, ServiceChanged
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.clinic.staff.rules import CodeInUse, not_negative
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, StaleRecord
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.references import is_referenced


@command(SERVICES)
def add_service(tx: Tx, *, code: str, **details: Unpack[NewService]) -> UUID:
    """Add a service; without a share of its own the doctor's applies."""
    in_turn(tx)
    service = Service(is_active=True)
    _take_code(tx, service, code)
    _check_places(tx, details.get("tax_configuration_id"), details.get("department_id"))
    describe_service(service, complete_service(details))
    tx.add(service)
    tx.session.flush()
    tx.emit(ServiceAdded(service.id))
    return service.id


@command(SERVICES)
def change_service(tx: Tx, *, service_id: UUID, row_version: int, code: str, **changes: Unpack[ServiceChanges]) -> None:
    """Change a service; what is billed already keeps its price, and a code that is in use stays."""
    in_turn(tx)
    service = _locked(tx, service_id)
    if service.row_version != row_version:
        raise StaleRecord(entity="services", key=str(service_id))
    if service_code(code) != service.code:
        if is_referenced(tx.session, Service, service_id):
            raise CodeInUse("code", value=service.code)
        _take_code(tx, service, code)
    _check_places(tx, changes.get("tax_configuration_id"), changes.get("department_id"))
    describe_service(service, changes)
    tx.session.flush()
    tx.emit(ServiceChanged(service_id))


@step
def in_turn(tx: Tx) -> None:
    """Lock the hospital: services are added one after the other, so that a code is refused before the database does."""
    tx.session.scalars(select(Hospital.id).with_for_update(key_share=True)).all()


def _take_code(tx: Tx, service: Service, code: str) -> None:
    short = service_code(code)
    if tx.session.scalar(select(Service.id).where(Service.code == short)) is not None:
        raise AlreadyExists("code", entity="services", value=short)
    service.code = short


def _check_places(tx: Tx, tax_id: UUID | None, department_id: UUID | None) -> None:
    if tax_id is not None and tx.session.get(TaxConfiguration, tax_id) is None:
        raise NotFound("tax_configuration_id", entity="tax_configurations", key=str(tax_id))
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
    tx.emit(ServiceChanged(service_id))


@command(SERVICES)
def restore_service(tx: Tx, *, service_id: UUID) -> None:
    """Offer a withdrawn service again."""
    _locked(tx, service_id).is_active = True
    tx.emit(ServiceChanged(service_id))


def _locked(tx: Tx, service_id: UUID) -> Service:
    service = tx.session.get(Service, service_id, with_for_update=True, populate_existing=True)
    if service is None:
        raise NotFound("service_id", entity="services", key=str(service_id))
    return service
