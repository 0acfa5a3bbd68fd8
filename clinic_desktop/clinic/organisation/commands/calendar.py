"""Taxes with their days of validity, and holidays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands.permissions import MANAGE, TAXES
from clinic_desktop.clinic.organisation.commands.places import hospital_in_turn, require_clinic
from clinic_desktop.clinic.organisation.events import HolidayAdded, TaxAdded
from clinic_desktop.clinic.organisation.models import Holiday, TaxConfiguration
from clinic_desktop.clinic.organisation.rules import AlreadyExists, TaxScope
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import required_line, whole_number


@command(TAXES)
def add_tax(
    tx: Tx,
    *,
    name: str,
    rate_basis_points: int,
    is_inclusive: bool,
    valid_from: date,
    valid_to: date | None = None,
    applies_to: TaxScope = TaxScope.ALL,
) -> UUID:
    """Add a tax, or a further rate of one; an open-ended earlier rate of that name ends the day before."""
    hospital = hospital_in_turn(tx)
    line = required_line(name, "name", limit=60)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    rate = whole_number(rate_basis_points, "rate_basis_points", 0, 10_000)
    _make_room_for_rate(tx, hospital.id, line, valid_from, valid_to)
    tax = TaxConfiguration(
        hospital_id=hospital.id,
        name=line,
        rate_basis_points=rate,
        is_inclusive=is_inclusive,
        applies_to=applies_to,
        valid_from=valid_from,
        valid_to=valid_to,
        is_active=True,
    )
    tx.add(tax)
    tx.session.flush()
    tx.emit(TaxAdded(tax.id))
    return tax.id


def _make_room_for_rate(tx: Tx, hospital_id: UUID, name: str, valid_from: date, valid_to: date | None) -> None:
    same = select(TaxConfiguration).where(TaxConfiguration.hospital_id == hospital_id, TaxConfiguration.name == name)
    for other in tx.session.scalars(same.order_by(TaxConfiguration.valid_from).with_for_update()):
        ends_before = other.valid_to is not None and other.valid_to < valid_from
        starts_after = valid_to is not None and valid_to < other.valid_from
        if ends_before or starts_after:
            continue
        if other.valid_to is not None or other.valid_from >= valid_from:
            raise AlreadyExists("valid_from", entity="tax_configurations", value=name)
        other.valid_to = date.fromordinal(valid_from.toordinal() - 1)


@command(MANAGE)
def add_holiday(tx: Tx, *, day: date, name: str, clinic_id: UUID | None = None) -> UUID:
    """Declare a day on which one clinic, or the whole hospital, is closed."""
    hospital = hospital_in_turn(tx)
    if clinic_id is not None:
        require_clinic(tx, clinic_id)
    place = Holiday.clinic_id.is_(None) if clinic_id is None else Holiday.clinic_id == clinic_id
    holiday = tx.session.scalars(select(Holiday).where(Holiday.hospital_id == hospital.id, Holiday.day == day, place)).one_or_none()
    if holiday is not None and holiday.is_active:
        raise AlreadyExists("day", entity="holidays", value=day.isoformat())
    if holiday is None:
        holiday = tx.add(Holiday(hospital_id=hospital.id, clinic_id=clinic_id, day=day, name="", is_active=True))
    holiday.name, holiday.is_active = required_line(name, "name", limit=100), True
    tx.session.flush()
    tx.emit(HolidayAdded(day, clinic_id))
    return holiday.id


@command(MANAGE)
def cancel_holiday(tx: Tx, *, holiday_id: UUID) -> None:
    """Open the clinic again on a day that was a holiday."""
    holiday = tx.session.get(Holiday, holiday_id, with_for_update=True)
    if holiday is None:
        raise NotFound(entity="holidays", key=str(holiday_id))
    holiday.is_active = False
    tx.emit(HolidayAdded(holiday.day, holiday.clinic_id))
