"""Taxes, each a row of rates with their days of validity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands.permissions import TAXES
from clinic_desktop.clinic.organisation.commands.places import as_read, hospital_in_turn
from clinic_desktop.clinic.organisation.events import TaxAdded, TaxCorrected, TaxEnded
from clinic_desktop.clinic.organisation.models import TaxConfiguration
from clinic_desktop.clinic.organisation.rules import AlreadyExists, TaxScope
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
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
    for other in _overlapping(tx, hospital_id, name, valid_from, valid_to, None):
        if other.valid_to is not None or other.valid_from >= valid_from:
            raise AlreadyExists("valid_from", entity="tax_configurations", value=name)
        other.valid_to = date.fromordinal(valid_from.toordinal() - 1)


def _overlapping(
    tx: Tx, hospital_id: UUID, name: str, valid_from: date, valid_to: date | None, own_id: UUID | None
) -> Iterator[TaxConfiguration]:
    """The other rates of a tax that hold on one of the days."""
    same = select(TaxConfiguration).where(TaxConfiguration.hospital_id == hospital_id, TaxConfiguration.name == name)
    for other in tx.session.scalars(same.order_by(TaxConfiguration.valid_from).with_for_update()):
        ends_before = other.valid_to is not None and other.valid_to < valid_from
        starts_after = valid_to is not None and valid_to < other.valid_from
        if not ends_before and not starts_after and other.id != own_id:
            yield other


@command(TAXES)
def correct_tax(
    tx: Tx,
    *,
    tax_configuration_id: UUID,
    row_version: int,
    name: str,
    rate_basis_points: int,
    is_inclusive: bool,
    applies_to: TaxScope,
    valid_from: date,
    valid_to: date | None = None,
) -> None:
    """Put a rate right that was entered wrongly; raises TaxInUse once it stands on an invoice. A new rate is a further row."""
    hospital = hospital_in_turn(tx)
    tax = as_read(tx, TaxConfiguration, tax_configuration_id, row_version)
    line = required_line(name, "name", limit=60)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    for _other in _overlapping(tx, hospital.id, line, valid_from, valid_to, tax.id):
        raise AlreadyExists("valid_from", entity="tax_configurations", value=line)
    tx.emit(TaxCorrected(tax.id))
    tax.name, tax.is_inclusive, tax.applies_to = line, is_inclusive, applies_to
    tax.rate_basis_points = whole_number(rate_basis_points, "rate_basis_points", 0, 10_000)
    tax.valid_from, tax.valid_to = valid_from, valid_to


@command(TAXES)
def end_tax(tx: Tx, *, tax_configuration_id: UUID, row_version: int, last_day: date | None) -> None:
    """Let a rate hold to a day, that one included, or without end (``None``); never to a day before one it was used on."""
    hospital = hospital_in_turn(tx)
    tax = as_read(tx, TaxConfiguration, tax_configuration_id, row_version)
    if last_day is not None and last_day < tax.valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    for _other in _overlapping(tx, hospital.id, tax.name, tax.valid_from, last_day, tax.id):
        raise AlreadyExists("valid_to", entity="tax_configurations", value=tax.name)
    tax.valid_to = last_day
    tx.emit(TaxEnded(tax.id, last_day))
