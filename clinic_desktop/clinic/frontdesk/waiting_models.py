"""Who waits for a place, and which doctor runs late."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.frontdesk.rules import DayPart, WaitingStatus
from clinic_desktop.kernel.merging import owned
from clinic_desktop.kernel.tables import Record


class WaitingEntry(Record):
    """A patient who wants an earlier place than could be booked."""

    __tablename__ = "waiting_list"
    # A person's own words are erased on request wherever that is decided.
    __merge__ = owned("clinic_id", open_columns={"status", "note"})
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("status <> 'OFFERED' OR (offered_start IS NOT NULL AND offered_until IS NOT NULL)", name="offer_is_of_a_place"),
        CheckConstraint("(offered_start IS NULL) = (offered_doctor_id IS NULL)", name="offer_is_whole"),
        CheckConstraint("(status = 'BOOKED') = (appointment_id IS NOT NULL)", name="booked_has_appointment"),
        Index("ix_waiting_list_status", "clinic_id", "status", "last_day"),
        Index("ix_waiting_list_patient", "patient_id", "status"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    # None: whichever doctor has a place first.
    doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("doctors.id"), index=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    day_part: Mapped[DayPart]
    is_urgent: Mapped[bool]
    note: Mapped[str | None]
    status: Mapped[WaitingStatus]
    # The place that was offered last; while the status is OFFERED it is theirs to take until ``offered_until``.
    offered_doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("doctors.id"), index=True)
    offered_start: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)


class DoctorDelay(Record):
    """How late a doctor runs on one day at one clinic: the next day knows nothing of it."""

    __tablename__ = "doctor_delays"
    __merge__ = owned("clinic_id")
    __table_args__ = (
        UniqueConstraint("clinic_id", "business_date", "doctor_id"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes_sensible"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    business_date: Mapped[date]
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"), index=True)
    # None of them: no longer late.
    minutes: Mapped[int]
    # Until then nobody is called by this doctor.
    late_until: Mapped[datetime]
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
