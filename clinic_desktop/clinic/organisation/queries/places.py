"""The hospital, its clinics, departments and workstations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import Clinic, Department, Document, Hospital, Site, Workstation
from clinic_desktop.clinic.organisation.printers import PrinterProfile, profiles_of
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.tables import id_parameter


@dataclass(frozen=True, slots=True)
class HospitalRow:
    """The hospital; ``logo_sha256`` names its logo in the store."""

    id: UUID
    name: str
    address: str | None
    licence_number: str | None
    phone: str | None
    email: str | None
    tax_number: str | None
    currency: str
    logo_sha256: str | None
    row_version: int


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
    row_version: int
    site_id: UUID | None = None
    """Of a chain: the site at which its rows are written."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site of the chain; ``is_here``: this database."""

    id: UUID
    code: str
    name: str
    keeps_shared_data: bool
    is_active: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department."""

    id: UUID
    name: str
    description: str | None
    head_doctor_id: UUID | None
    is_active: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class WorkstationRow:
    """A workstation."""

    id: UUID
    clinic_id: UUID
    name: str
    kind: WorkstationKind
    room: str | None
    is_active: bool
    printers: tuple[tuple[str, PrinterProfile], ...]
    """By kind of document."""
    row_version: int


def hospital(session: Session) -> HospitalRow:
    """The one hospital of this database; raises NotFound before it is set up."""
    found = session.execute(select(Hospital, Document.sha256).outerjoin(Document, Document.id == Hospital.logo_document_id)).one_or_none()
    if found is None:
        raise NotFound(entity="hospitals", key="")
    row, sha256 = found
    details = (row.name, row.address, row.licence_number, row.phone, row.email, row.tax_number, row.currency)
    return HospitalRow(row.id, *details, sha256, row.row_version)


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
        row_version=place.row_version,
        site_id=place.site_id,
    )


def clinic(session: Session, clinic_id: UUID) -> ClinicRow:
    """One clinic; raises NotFound."""
    found = session.execute(_clinics().where(Clinic.id == clinic_id)).one_or_none()
    if found is None:
        raise NotFound(entity="clinics", key=str(clinic_id))
    return _clinic_row(*found)


def sites(session: Session) -> list[SiteRow]:
    """The sites of the chain by name; none where this database stands alone."""
    here = session.scalars(select(DatabaseIdentity.site_id)).one()
    found = session.scalars(select(Site).order_by(Site.name, Site.id))
    return [SiteRow(one.id, one.code, one.name, one.keeps_shared_data, one.is_active, one.id == here) for one in found]


def clinics(session: Session, *, with_inactive: bool = False, here: bool = False) -> list[ClinicRow]:
    """All active clinics, the main one first; closed ones too where they are asked for; ``here``: only those that this site works for."""
    wanted = _clinics().order_by(Clinic.is_main.desc(), Clinic.name)
    if here:
        wanted = wanted.where(or_(Clinic.site_id.is_(None), Clinic.site_id == select(DatabaseIdentity.site_id).scalar_subquery()))
    if not with_inactive:
        wanted = wanted.where(Clinic.is_active)
    return [_clinic_row(*found) for found in session.execute(wanted)]


def is_elsewhere(session: Session, clinic_id: UUID) -> bool:
    """Whether a clinic's rows are written at another site of the chain."""
    of_another = (Clinic.site_id.is_not(None), Clinic.site_id != select(DatabaseIdentity.site_id).scalar_subquery())
    return session.scalar(select(Clinic.id).where(Clinic.id == clinic_id, *of_another)) is not None


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
    return [DepartmentRow(d.id, d.name, d.description, d.head_doctor_id, d.is_active, d.row_version) for d in session.scalars(wanted)]


def _workstation_row(row: Workstation) -> WorkstationRow:
    printers = tuple(profiles_of(row.printer_profiles).items())
    return WorkstationRow(row.id, row.clinic_id, row.name, row.kind, row.room, row.is_active, printers, row.row_version)


def workstations(
    session: Session, *, clinic_id: UUID | None = None, kind: WorkstationKind | None = None, with_inactive: bool = False
) -> list[WorkstationRow]:
    """Active workstations of a clinic, or of every clinic, by name; retired ones too where they are asked for."""
    wanted = select(Workstation).order_by(Workstation.name)
    if clinic_id is not None:
        wanted = wanted.where(Workstation.clinic_id == clinic_id)
    if not with_inactive:
        wanted = wanted.where(Workstation.is_active)
    if kind is not None:
        wanted = wanted.where(Workstation.kind == kind)
    return [_workstation_row(one) for one in session.scalars(wanted)]


def printer_for(session: Session, *, workstation_id: UUID, kind: str) -> PrinterProfile | None:
    """The printer that a workstation uses for a kind of document; None where it asks each time."""
    stored = session.scalar(select(Workstation.printer_profiles).where(Workstation.id == workstation_id))
    return profiles_of(stored).get(kind)
