"""What screens and other departments ask about the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.organisation.models import (
    Clinic,
    Department,
    Holiday,
    Hospital,
    HospitalSetting,
    TaxConfiguration,
    Workstation,
)
from clinic_desktop.clinic.organisation.rules import TaxScope, WorkstationKind
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.settings import Scope, Setting, declared_settings
from clinic_desktop.kernel.tables import id_parameter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClinicRow:
    """A branch with what its documents print of the hospital."""

    id: UUID
    hospital_id: UUID
    code: str
    name: str
    address: str | None
    phone: str | None
    timezone: str
    is_main: bool
    is_active: bool
    hospital_name: str
    hospital_address: str | None
    hospital_phone: str | None
    hospital_email: str | None
    licence_number: str | None
    tax_number: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department."""

    id: UUID
    name: str
    description: str | None
    head_doctor_id: UUID | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class WorkstationRow:
    """A workstation."""

    id: UUID
    clinic_id: UUID
    name: str
    kind: WorkstationKind
    room: str | None
    is_active: bool


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


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day on which a clinic (None: every clinic) is closed."""

    id: UUID
    day: date
    name: str
    clinic_id: UUID | None


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A declared setting with the value in force in one place and where that value comes from (None: the default)."""

    key: str
    title: str
    value: object
    default: object
    scope: Scope
    set_at: Scope | None


def _clinics() -> Select[Clinic, Hospital]:
    return select(Clinic, Hospital).join(Hospital, Hospital.id == Clinic.hospital_id)


def _clinic_row(place: Clinic, hospital: Hospital) -> ClinicRow:
    return ClinicRow(
        id=place.id,
        hospital_id=hospital.id,
        code=place.code,
        name=place.name,
        address=place.address,
        phone=place.phone,
        timezone=place.timezone,
        is_main=place.is_main,
        is_active=place.is_active,
        hospital_name=hospital.name,
        hospital_address=hospital.address,
        hospital_phone=hospital.phone,
        hospital_email=hospital.email,
        licence_number=hospital.licence_number,
        tax_number=hospital.tax_number,
        currency=hospital.currency,
    )


def clinic(session: Session, clinic_id: UUID) -> ClinicRow:
    """One clinic; raises NotFound."""
    found = session.execute(_clinics().where(Clinic.id == clinic_id)).one_or_none()
    if found is None:
        raise NotFound(entity="clinics", key=str(clinic_id))
    return _clinic_row(*found)


def clinics(session: Session) -> list[ClinicRow]:
    """All active clinics, the main one first."""
    wanted = _clinics().where(Clinic.is_active).order_by(Clinic.is_main.desc(), Clinic.name)
    return [_clinic_row(*found) for found in session.execute(wanted)]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What numbers and dates of a clinic depend on."""

    code: str
    is_main: bool
    timezone: str


_PLACE = select(Clinic.code, Clinic.is_main, Clinic.timezone).where(Clinic.id == id_parameter("clinic_id"))


def clinic_place(session: Session, clinic_id: UUID) -> PlaceRow:
    """A clinic's code and time zone, read once a transaction; raises NotFound."""

    def read() -> PlaceRow:
        found = session.execute(_PLACE, {"clinic_id": clinic_id}).one_or_none()
        if found is None:
            raise NotFound(entity="clinics", key=str(clinic_id))
        return PlaceRow(*found)

    return remembered(session, Clinic.__tablename__, clinic_id, read)


def clinic_today(session: Session, clinic_id: UUID, instant: datetime) -> date:
    """The clinic's business date at an instant; raises NotFound."""
    return business_date(instant, clinic_place(session, clinic_id).timezone)


def departments(session: Session, *, with_inactive: bool = False) -> list[DepartmentRow]:
    """Departments by name."""
    wanted = select(Department).order_by(Department.name)
    if not with_inactive:
        wanted = wanted.where(Department.is_active)
    return [DepartmentRow(d.id, d.name, d.description, d.head_doctor_id, d.is_active) for d in session.scalars(wanted)]


def workstations(session: Session, *, clinic_id: UUID, kind: WorkstationKind | None = None) -> list[WorkstationRow]:
    """Active workstations of a clinic by name."""
    wanted = select(Workstation).where(Workstation.clinic_id == clinic_id, Workstation.is_active).order_by(Workstation.name)
    if kind is not None:
        wanted = wanted.where(Workstation.kind == kind)
    return [WorkstationRow(w.id, w.clinic_id, w.name, w.kind, w.room, w.is_active) for w in session.scalars(wanted)]


def _tax_row(row: TaxConfiguration) -> TaxRow:
    return TaxRow(row.id, row.name, row.rate_basis_points, row.is_inclusive, row.applies_to, row.valid_from, row.valid_to)


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


def setting_value(session: Session, setting: Setting[T], *, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> T:
    """The value in force: of the workstation, else the clinic, else the hospital, else the default."""
    stored = _stored_settings(session, clinic_id, workstation_id).get(setting.key)
    return setting.default if stored is None else setting.decode(stored.value)


def settings(session: Session, *, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> list[SettingRow]:
    """Every declared setting with the value in force in one place."""
    declared = declared_settings()
    stored = _stored_settings(session, clinic_id, workstation_id)
    rows = []
    for one in declared:
        row = stored.get(one.key)
        value = one.default if row is None else one.decode(row.value)
        rows.append(SettingRow(one.key, one.title, value, one.default, one.scope, None if row is None else row.scope))
    return rows


_WIDEST_FIRST = {Scope.HOSPITAL: 0, Scope.CLINIC: 1, Scope.WORKSTATION: 2}


_WORKSTATION_ALONE = id_parameter("workstation_alone")
_STORED = select(HospitalSetting.key, HospitalSetting.value, HospitalSetting.scope).where(
    or_(
        HospitalSetting.scope == Scope.HOSPITAL,
        HospitalSetting.clinic_id == id_parameter("clinic_id"),
        HospitalSetting.workstation_id == id_parameter("workstation_id"),
        HospitalSetting.clinic_id.in_(select(Workstation.clinic_id).where(Workstation.id == _WORKSTATION_ALONE)),
    )
)


def _stored_settings(session: Session, clinic_id: UUID | None, workstation_id: UUID | None) -> dict[str, Row[str, str, Scope]]:
    """The narrowest stored value of every key that applies to a place: there are few, so one statement a transaction reads all."""
    alone = workstation_id if clinic_id is None else None
    place = {"clinic_id": clinic_id, "workstation_id": workstation_id, "workstation_alone": alone}

    def read() -> dict[str, Row[str, str, Scope]]:
        found = sorted(session.execute(_STORED, place), key=lambda row: _WIDEST_FIRST[row.scope])
        return {row.key: row for row in found}

    return remembered(session, HospitalSetting.__tablename__, (clinic_id, workstation_id), read)
