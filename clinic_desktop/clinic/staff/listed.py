"""The services as the lists that files are compared with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import Department, TaxConfiguration
from clinic_desktop.clinic.staff.describing import SERVICE_NAMES
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.kernel.plans import Known


def referred(session: Session) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Departments and taxes by name. Of a tax that had several rates it is the newest; bills look for the one in force themselves."""
    departments = {row.name: row.id for row in session.execute(select(Department.name, Department.id))}
    rates = select(TaxConfiguration.name, TaxConfiguration.id).order_by(TaxConfiguration.valid_from)
    return departments, {row.name: row.id for row in session.execute(rates)}


def known_services(session: Session) -> dict[str, Known]:
    """Every service by code, those withdrawn included, in the order of codes."""
    _departments, newest = referred(session)
    names = {row.id: row.name for row in session.execute(select(TaxConfiguration.id, TaxConfiguration.name))}
    found = {}
    for row in session.scalars(select(Service).order_by(Service.code)):
        values = {name: getattr(row, name) for name in ("code", *SERVICE_NAMES, "is_active")}
        if row.tax_configuration_id is not None:
            values["tax_configuration_id"] = newest[names[row.tax_configuration_id]]
        found[row.code] = Known(row.id, row.row_version, values)
    return found
