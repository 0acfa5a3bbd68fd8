"""Tables of doctors, services and time."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.staff.rules import FeeKind, LeaveStatus, PricingModel, ServiceCategory, ToothChartUse
from clinic_desktop.kernel.merging import always, merged, owned, shared
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Record


class Specialty(Record):
    """A medical specialty."""

    __tablename__ = "specialties"
    __merge__ = shared(inactive={"is_active": False})

    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]
    is_active: Mapped[bool]


class Doctor(Record):
    """A user who sees patients."""

    __tablename__ = "doctors"
    __merge__ = shared(inactive={"is_active": False}, open_columns={"is_available"})
    __table_args__ = (
        CheckConstraint("experience_years >= 0", name="experience_not_negative"),
        CheckConstraint("share_basis_points BETWEEN 0 AND 10000", name="share_is_percent"),
        CheckConstraint("default_fee IS NULL OR default_fee >= 0", name="fee_not_negative"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    specialty_id: Mapped[UUID] = mapped_column(ForeignKey("specialties.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    license_number: Mapped[str] = mapped_column(unique=True)
    qualification: Mapped[str | None]
    experience_years: Mapped[int]
    bio: Mapped[str | None]
    default_fee: Mapped[Money | None]
    share_basis_points: Mapped[int]
    # The room where the doctor usually sits; a schedule may name another.
    room: Mapped[str | None]
    is_active: Mapped[bool]
    is_available: Mapped[bool]


class DoctorFee(Record):
    """What a doctor charges for one visit type from a day on."""

    __tablename__ = "doctor_fees"
    __merge__ = shared()
    __table_args__ = (
        UniqueConstraint("doctor_id", "visit_type", "valid_from"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("follow_up_days BETWEEN 0 AND 365", name="window_sensible"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_span"),
    )

    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    visit_type: Mapped[FeeKind]
    amount: Mapped[Money]
    valid_from: Mapped[date]
    # None: until a newer one begins. Where the newest has ended, an OPD visit's fee or the default applies.
    valid_to: Mapped[date | None]
    # A visit within this many days after one of this type counts as a follow-up.
    follow_up_days: Mapped[int]


class DoctorSchedule(Record):
    """Weekly working hours in the clinic's wall time; weekday 0 is Monday."""

    __tablename__ = "doctor_schedules"
    # When doctors work decides what all desks may book: it changes where all desks see it at once.
    __merge__ = owned("clinic_id", inactive={"is_active": False}, attached_only=always)
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("start_time < end_time", name="ends_after_start"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_sensible"),
        CheckConstraint("max_patients BETWEEN 1 AND 50", name="capacity_sensible"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_span"),
        Index("ix_doctor_schedules_clinic_weekday", "clinic_id", "weekday", "start_time"),
        Index("ix_doctor_schedules_doctor_weekday", "doctor_id", "weekday", "start_time"),
    )

    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    weekday: Mapped[int]
    start_time: Mapped[time]
    end_time: Mapped[time]
    slot_minutes: Mapped[int]
    max_patients: Mapped[int]
    room: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_active: Mapped[bool]


class DoctorLeave(Record):
    """Days, or a part of one day, on which a doctor is away."""

    __tablename__ = "doctor_leaves"
    __merge__ = merged(sealed=lambda row: row["status"] != LeaveStatus.REQUESTED, attached_only=always)
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint(
            "(start_time IS NULL AND end_time IS NULL) OR (start_time < end_time AND first_day = last_day)", name="part_of_one_day"
        ),
        CheckConstraint("(status = 'REQUESTED') = (decided_at IS NULL)", name="decided_when_decided"),
        Index("ix_doctor_leaves_doctor_status", "doctor_id", "status", "first_day"),
        Index("ix_doctor_leaves_status_first", "status", "first_day"),
    )

    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    reason: Mapped[str | None]
    status: Mapped[LeaveStatus]
    requested_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]


class TimeSlot(Record):
    """A slot of one day that the weekly schedule does not give: added by hand, in the clinic's wall time."""

    __tablename__ = "time_slots"
    __merge__ = owned("clinic_id", inactive={"is_available": False}, attached_only=always)
    __table_args__ = (
        Index("uq_time_slots_start", "clinic_id", "doctor_id", "slot_date", "start_time", unique=True),
        CheckConstraint("start_time < end_time", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 1 AND 50", name="capacity_sensible"),
        Index("ix_time_slots_clinic_date", "clinic_id", "slot_date", "start_time"),
    )

    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    slot_date: Mapped[date]
    start_time: Mapped[time]
    end_time: Mapped[time]
    capacity: Mapped[int]
    room: Mapped[str | None]
    is_available: Mapped[bool]


class Service(Record):
    """Something the clinic does for a price."""

    __tablename__ = "services"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (
        CheckConstraint("duration_minutes BETWEEN 1 AND 480", name="duration_sensible"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("doctor_share_basis_points BETWEEN 0 AND 10000", name="share_is_percent"),
        Index("ix_services_category_name", "is_active", "category", "name"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[ServiceCategory]
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    price: Mapped[Money]
    # A consultation costs what its doctor charges for the visit type; the price here is the fallback.
    uses_doctor_fee: Mapped[bool]
    duration_minutes: Mapped[int]
    pricing_model: Mapped[PricingModel]
    tooth_chart_use: Mapped[ToothChartUse]
    tax_configuration_id: Mapped[UUID | None] = mapped_column(ForeignKey("tax_configurations.id"), index=True)
    # None: the doctor's own share applies.
    doctor_share_basis_points: Mapped[int | None]
    is_active: Mapped[bool]
