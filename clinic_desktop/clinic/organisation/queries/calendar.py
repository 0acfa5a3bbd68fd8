"""Taxes with their days of validity, and holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.organisation.models import Clinic, Holiday, TaxConfiguration
from clinic_desktop.clinic.organisation.rules import TaxScope
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.tables import id_parameter


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One rate of a tax: 1 800 basis points are 18 %."""

    id: UUID
    name: str
    rate_basis_points: int
    is_inclusive: bool
    applies_to: TaxScope
    valid_from: date
    valid_to: date | None
    row_version: int


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day on which a clinic (None: every clinic) is closed."""

    id: UUID
    day: date
    name: str
    clinic_id: UUID | None


@dataclass(frozen=True, slots=True)
class HolidayOfYearRow:
    """A holiday as the calendar lists it; ``clinic_name`` None: every clinic."""

    id: UUID
    day: date
    name: str
    clinic_id: UUID | None
    clinic_name: str | None
    row_version: int


def _tax_row(row: TaxConfiguration) -> TaxRow:
    return TaxRow(row.id, row.name, row.rate_basis_points, row.is_inclusive, row.applies_to, row.valid_from, row.valid_to, row.row_version)


def tax(session: Session, tax_configuration_id: UUID, *, on: date | None = None) -> TaxRow:
    """A tax as it was recorded or, with ``on``, at the rate in force on that day; raises NotFound."""
    key = (tax_configuration_id, on)
    return remembered(session, TaxConfiguration.__tablename__, key, lambda: _read_tax(session, tax_configuration_id, on))


_RECORDED = aliased(TaxConfiguration)
_TAX_ID = id_parameter("tax_id")
_TAX = select(TaxConfiguration).where(TaxConfiguration.id == _TAX_ID)
_SAME_TAX = (_RECORDED.hospital_id == TaxConfiguration.hospital_id) & (_RECORDED.name == TaxConfiguration.name)


def _in_force(on: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    return TaxConfiguration.valid_from <= on, or_(TaxConfiguration.valid_to.is_(None), TaxConfiguration.valid_to >= on)


_TAX_ON = select(TaxConfiguration).join(_RECORDED, _SAME_TAX).where(_RECORDED.id == _TAX_ID, *_in_force(bindparam("day", type_=Date())))


def _read_tax(session: Session, tax_configuration_id: UUID, on: date | None) -> TaxRow:
    bound = {"tax_id": tax_configuration_id} if on is None else {"tax_id": tax_configuration_id, "day": on}
    found = session.scalars(_TAX if on is None else _TAX_ON, bound).one_or_none()
    if found is None:
        raise NotFound(entity="tax_configurations", key=str(tax_configuration_id))
    return _tax_row(found)


def taxes(session: Session, *, on: date, applies_to: TaxScope | None = None) -> list[TaxRow]:
    """The taxes in force on a day by name: all, or those that may be put on one kind of thing."""
    wanted = select(TaxConfiguration).where(TaxConfiguration.is_active, *_in_force(on)).order_by(TaxConfiguration.name)
    if applies_to is not None:
        wanted = wanted.where(TaxConfiguration.applies_to.in_((TaxScope.ALL, applies_to)))
    return [_tax_row(row) for row in session.scalars(wanted)]


def holidays(session: Session, *, clinic_id: UUID, first: date, last: date) -> list[HolidayRow]:
    """The holidays of a clinic, those of the whole hospital included, between two days (both counted)."""
    wanted = select(Holiday).where(
        Holiday.is_active, Holiday.day.between(first, last), or_(Holiday.clinic_id.is_(None), Holiday.clinic_id == clinic_id)
    )
    return [HolidayRow(h.id, h.day, h.name, h.clinic_id) for h in session.scalars(wanted.order_by(Holiday.day, Holiday.name))]


def tax_rates(session: Session) -> list[TaxRow]:
    """Every rate that there was, is or will be, by name and then the newest first."""
    wanted = select(TaxConfiguration).where(TaxConfiguration.is_active).order_by(TaxConfiguration.name, TaxConfiguration.valid_from.desc())
    return [_tax_row(row) for row in session.scalars(wanted)]


def holidays_of_year(session: Session, *, year: int) -> list[HolidayOfYearRow]:
    """The holidays of every clinic in a calendar year, by day."""
    wanted = (
        select(Holiday, Clinic.name)
        .outerjoin(Clinic, Clinic.id == Holiday.clinic_id)
        .where(Holiday.is_active, Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Holiday.day, Clinic.name)
    )
    return [HolidayOfYearRow(h.id, h.day, h.name, h.clinic_id, place, h.row_version) for h, place in session.execute(wanted)]
