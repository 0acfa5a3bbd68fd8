"""Services and prices from files and into files."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.staff.columns import price_fields, service_fields
from clinic_desktop.clinic.staff.commands.permissions import SERVICES
from clinic_desktop.clinic.staff.commands.services import in_turn
from clinic_desktop.clinic.staff.describing import SERVICE_NAMES, complete_service, describe_service
from clinic_desktop.clinic.staff.events import ServicesImported
from clinic_desktop.clinic.staff.listed import known_services, referred
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.clinic.staff.rules import not_negative
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.plans import Plan, PlannedRow, Sheet, sheet

_FLUSH_EVERY = 500
Progress = Callable[[int, int], None]


@command(SERVICES)
def import_services(tx: Tx, *, plan: Plan, progress: Progress | None = None) -> int:
    """Carry out what a file of services would do, all of it or nothing; returns how many rows were written."""
    return _carry_out(tx, plan, _write_service, progress)


@command(SERVICES)
def import_prices(tx: Tx, *, plan: Plan, progress: Progress | None = None) -> int:
    """Carry out what a price list would do, all of it or nothing; returns how many prices were changed."""
    return _carry_out(tx, plan, _write_price, progress)


def _carry_out(tx: Tx, plan: Plan, write: Callable[[Tx, PlannedRow, Service | None], None], progress: Progress | None) -> int:
    in_turn(tx)
    now = {row.code: row for row in tx.session.scalars(select(Service).with_for_update().execution_options(populate_existing=True))}
    rows = list(plan.to_write({code: row.row_version for code, row in now.items()}))
    for done, row in enumerate(rows):
        if done % _FLUSH_EVERY == 0:
            tx.session.flush()
            if progress is not None:
                progress(done, len(rows))
        write(tx, row, now.get(row.code))
    tx.session.flush()
    if rows:
        tx.emit(ServicesImported(len(rows)))
    return len(rows)


def _write_price(_tx: Tx, row: PlannedRow, service: Service | None) -> None:
    if service is not None and "price" in row.to_set:
        service.price = not_negative(row.to_set["price"], "price")


def _write_service(tx: Tx, row: PlannedRow, service: Service | None) -> None:
    wanted = row.to_set
    given = {name: wanted[name] for name in SERVICE_NAMES if name in wanted}
    if service is None:
        service = tx.add(Service(code=row.code))
        given = complete_service(given)
    describe_service(service, given)
    if "is_active" in wanted:
        service.is_active = wanted["is_active"]


@command(SERVICES)
def export_services(tx: Tx) -> Sheet:
    """Every service with all its columns; the audit notes that they were taken out."""
    found = known_services(tx.session)
    _note(tx, _("Services"), len(found))
    departments, taxes = referred(tx.session)
    return sheet(service_fields(tx.currency, departments=departments, taxes=taxes), (one.values for one in found.values()))


@command(SERVICES)
def export_prices(tx: Tx) -> Sheet:
    """Code, name and price of every service in use; the audit notes that they were taken out."""
    found = [one.values for one in known_services(tx.session).values() if one.values["is_active"]]
    _note(tx, _("Price list"), len(found))
    return sheet(price_fields(tx.currency), found)


def _note(tx: Tx, what: str, rows: int) -> None:
    tx.note("exported", "users", tx.actor.user_id or UUID(int=0), what=what, rows=rows, way="csv")
