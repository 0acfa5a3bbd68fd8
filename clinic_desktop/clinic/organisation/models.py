"""Tables of the organisation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.organisation.rules import Reset, TaxScope, WorkstationKind
from clinic_desktop.kernel.merging import always, owned, shared, union
from clinic_desktop.kernel.settings import Scope
from clinic_desktop.kernel.tables import Record


class Hospital(Record):
    """The organisation that owns every clinic of a database, and its one currency."""

    __tablename__ = "hospitals"
    __merge__ = shared()
    __table_args__ = (CheckConstraint("length(currency) = 3", name="currency_is_iso"),)

    name: Mapped[str]
    address: Mapped[str | None]
    licence_number: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    tax_number: Mapped[str | None]
    currency: Mapped[str]
    logo_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"), index=True)


class Document(Record):
    """One stored file, addressed by its content; the blob is encrypted."""

    __tablename__ = "documents"
    __merge__ = union()
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_in_hex"),
        CheckConstraint("size_bytes >= 0", name="size_not_negative"),
    )

    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    location: Mapped[str]


class Site(Record):
    """A database of the chain: a computer, or the computers of one house, that work on while the central server is out of reach."""

    __tablename__ = "sites"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (CheckConstraint("length(code) BETWEEN 2 AND 5 AND code = upper(code)", name="code_is_short_capital"),)

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    keeps_shared_data: Mapped[bool]
    """Whether reference data, users, roles and prices may be changed there."""
    is_active: Mapped[bool]


class Clinic(Record):
    """A branch: queue, numbers, schedules and settlements are per clinic."""

    __tablename__ = "clinics"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (
        CheckConstraint("length(code) BETWEEN 2 AND 5 AND code = upper(code)", name="code_is_short_capital"),
        Index("uq_clinics_main", "hospital_id", unique=True, sqlite_where=text("is_main"), postgresql_where=text("is_main")),
    )

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey("hospitals.id"), index=True)
    # Whose database its rows are written in; none before there is more than one.
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    timezone: Mapped[str]
    # The main clinic's human numbers carry no clinic code; every further clinic's do, so that all stay distinct.
    is_main: Mapped[bool]
    is_active: Mapped[bool]


class Department(Record):
    """A department of the hospital."""

    __tablename__ = "departments"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (UniqueConstraint("hospital_id", "name"),)

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey("hospitals.id"))
    name: Mapped[str]
    description: Mapped[str | None]
    # doctors.department_id points back here: the constraint is added after both tables exist.
    head_doctor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("doctors.id", use_alter=True, name="fk_departments_head_doctor_id"), index=True
    )
    is_active: Mapped[bool]


class HospitalSetting(Record):
    """One value of one declared setting, as JSON text, for the hospital, a clinic or a workstation."""

    __tablename__ = "hospital_settings"
    # Settings, desks, holidays and how numbers look are set up in one place: two that differ for a day would be obeyed by half a clinic.
    __merge__ = owned("clinic_id", or_owner="workstation_id", attached_only=always)
    __table_args__ = (
        CheckConstraint(
            "(scope = 'HOSPITAL' AND clinic_id IS NULL AND workstation_id IS NULL)"
            " OR (scope = 'CLINIC' AND clinic_id IS NOT NULL AND workstation_id IS NULL)"
            " OR (scope = 'WORKSTATION' AND clinic_id IS NULL AND workstation_id IS NOT NULL)",
            name="scope_names_its_place",
        ),
        Index(
            "uq_hospital_settings_hospital",
            "hospital_id",
            "key",
            unique=True,
            sqlite_where=text("scope = 'HOSPITAL'"),
            postgresql_where=text("scope = 'HOSPITAL'"),
        ),
        Index("uq_hospital_settings_clinic", "clinic_id", "key", unique=True),
        Index("uq_hospital_settings_workstation", "workstation_id", "key", unique=True),
    )

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey("hospitals.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    scope: Mapped[Scope]
    clinic_id: Mapped[UUID | None] = mapped_column(ForeignKey("clinics.id"))
    workstation_id: Mapped[UUID | None] = mapped_column(ForeignKey("workstations.id"))


class TaxConfiguration(Record):
    """One rate of one tax for a span of days; a new rate of the same tax is a further row with the same name."""

    __tablename__ = "tax_configurations"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (
        CheckConstraint("rate_basis_points BETWEEN 0 AND 10000", name="rate_is_percent"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_span"),
        UniqueConstraint("hospital_id", "name", "valid_from"),
    )

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey("hospitals.id"))
    name: Mapped[str]
    rate_basis_points: Mapped[int]
    is_inclusive: Mapped[bool]
    applies_to: Mapped[TaxScope]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_active: Mapped[bool]


class Workstation(Record):
    """A place where the program runs: a desk, a room, a display."""

    __tablename__ = "workstations"
    __merge__ = owned("clinic_id", inactive={"is_active": False}, attached_only=always)
    __table_args__ = (UniqueConstraint("clinic_id", "name"),)

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    name: Mapped[str]
    kind: Mapped[WorkstationKind]
    room: Mapped[str | None]
    printer_profiles: Mapped[str | None]
    is_active: Mapped[bool]


class IdSequence(Record):
    """The next human number of one kind, clinic, period and series; its row lock is what makes numbers distinct and gapless."""

    __tablename__ = "id_sequences"
    __merge__ = owned("clinic_id")
    __table_args__ = (
        Index("uq_id_sequences_series", "kind", "clinic_id", "year", "series", unique=True),
        CheckConstraint("next_number >= 1", name="next_number_positive"),
        CheckConstraint("width BETWEEN 1 AND 12", name="width_sensible"),
    )

    kind: Mapped[str]
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), index=True)
    # A year; a day as 20260302 where the series starts again daily; 0 where it never does.
    year: Mapped[int]
    next_number: Mapped[int]
    prefix: Mapped[str]
    width: Mapped[int]
    reset: Mapped[Reset]
    series: Mapped[str] = mapped_column(default="")
    """Whose numbers: the clinic's, or those of one of its computers that work on their own copy, with its code in them."""


class NumberFormat(Record):
    """How the human numbers of one kind look at one clinic from the next number on; none: as the program has it."""

    __tablename__ = "number_formats"
    __merge__ = owned("clinic_id", attached_only=always)
    __table_args__ = (UniqueConstraint("clinic_id", "kind"), CheckConstraint("width BETWEEN 1 AND 12", name="width_sensible"))

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    kind: Mapped[str]
    prefix: Mapped[str]
    width: Mapped[int]
    reset: Mapped[Reset]


class FormerNumberFormat(Record):
    """How the numbers of a counter looked up to one of them, before their format was changed."""

    __tablename__ = "former_number_formats"
    __merge__ = owned("id_sequence_id", attached_only=always)
    __table_args__ = (UniqueConstraint("id_sequence_id", "last_number"),)

    id_sequence_id: Mapped[UUID] = mapped_column(ForeignKey("id_sequences.id"))
    last_number: Mapped[int]
    prefix: Mapped[str]
    width: Mapped[int]


class Holiday(Record):
    """A day on which one clinic, or (no clinic) the whole hospital, is closed."""

    __tablename__ = "holidays"
    __merge__ = owned("clinic_id", inactive={"is_active": False}, attached_only=always)
    __table_args__ = (
        UniqueConstraint("clinic_id", "day"),
        Index(
            "uq_holidays_hospital_day",
            "hospital_id",
            "day",
            unique=True,
            sqlite_where=text("clinic_id IS NULL"),
            postgresql_where=text("clinic_id IS NULL"),
        ),
    )

    hospital_id: Mapped[UUID] = mapped_column(ForeignKey("hospitals.id"), index=True)
    clinic_id: Mapped[UUID | None] = mapped_column(ForeignKey("clinics.id"))
    day: Mapped[date] = mapped_column(index=True)
    name: Mapped[str]
    is_active: Mapped[bool]
