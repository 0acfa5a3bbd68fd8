"""Appointments, visits and the queue."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.frontdesk.rules import (
    AppointmentKind,
    AppointmentStatus,
    BookingSource,
    LogSubject,
    Priority,
    QueueState,
    VisitStatus,
    VisitType,
)
from clinic_desktop.kernel.merging import ledger, owned
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Base, Ledger, Record

HOLDS_PLACE = "status NOT IN ('CANCELLED', 'NO_SHOW')"
"""Appointments that hold their place; the same words stand in guards.py."""

_holds_place = text(HOLDS_PLACE)
_open_entry = text("state = 'OPEN'")
_not_void = text("state <> 'VOID'")
_ended = text("end_time IS NOT NULL")
_in_place = text("appointment_id IS NOT NULL")
_overtaken = text("overtaken_start IS NOT NULL")
_in_series = text("series_id IS NOT NULL")


class Appointment(Record):
    """A booked place in a doctor's day."""

    __tablename__ = "appointments"
    __merge__ = owned(
        # Elsewhere a visit is paid to its end, and a person's own words are erased on request.
        "clinic_id",
        open_columns={"status", "completed_by", "reason", "notes", "override_reason", "cancellation_reason"},
    )
    __table_args__ = (
        CheckConstraint("end_time > start_time", name="ends_after_start"),
        CheckConstraint("slot_place >= 1", name="place_from_one"),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        CheckConstraint("length_minutes BETWEEN 1 AND 1440", name="length_sensible"),
        CheckConstraint("contact_attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(overtaken_start IS NULL) = (overtaken_doctor_id IS NULL)", name="overtaken_is_whole"),
        Index(
            "uq_appointments_place",
            *("clinic_id", "doctor_id", "start_time", "slot_place"),
            unique=True,
            sqlite_where=_holds_place,
            postgresql_where=_holds_place,
        ),
        Index("ix_appointments_day", "clinic_id", "business_date", "start_time"),
        Index("ix_appointments_doctor", "doctor_id", "start_time"),
        Index("ix_appointments_patient", "patient_id", "start_time"),
        Index("ix_appointments_overtaken", "clinic_id", "overtaken_start", sqlite_where=_overtaken, postgresql_where=_overtaken),
        Index("ix_appointments_series", "series_id", "start_time", sqlite_where=_in_series, postgresql_where=_in_series),
    )

    booking_id: Mapped[str] = mapped_column(unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    time_slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("time_slots.id"), index=True)
    business_date: Mapped[date]
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    # The minutes that a person gave it, which it keeps where it is moved to; None: as many as its service takes.
    length_minutes: Mapped[int | None]
    # Which of the doctor's parallel places is taken: with clinic, doctor and start it is unique among held appointments (T1).
    slot_place: Mapped[int]
    status: Mapped[AppointmentStatus]
    type: Mapped[AppointmentKind]
    booking_source: Mapped[BookingSource]
    fee: Mapped[Money]
    reason: Mapped[str | None]
    notes: Mapped[str | None]
    override_reason: Mapped[str | None]
    confirmation_sent: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    cancellation_reason: Mapped[str | None]
    # Where the doctor sees this patient; None where neither hours nor doctor name a room.
    room: Mapped[str | None]
    # What the appointments that were booked together as a series share.
    series_id: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    # How often the patient was called for a confirmation and not reached.
    contact_attempts: Mapped[int] = mapped_column(default=0)
    contacted_at: Mapped[datetime | None]
    # The place that a leave or a holiday took from it, since when it stands elsewhere.
    overtaken_doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("doctors.id"), index=True)
    overtaken_start: Mapped[datetime | None]


class AppointmentService(Record):
    """A service that the appointment is for."""

    __tablename__ = "appointment_services"
    __merge__ = owned("appointment_id", open_columns={"completed_at"})
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0", name="price_not_negative"),
    )

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"), index=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    teeth: Mapped[str | None]
    quantity: Mapped[int]
    unit_price: Mapped[Money]
    notes: Mapped[str | None]
    completed_at: Mapped[datetime | None]


class StatusLog(Ledger):
    """Every status that an appointment or a visit ever took."""

    __tablename__ = "appointment_status_log"
    __merge__ = ledger()

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    subject: Mapped[LogSubject]
    from_status: Mapped[str | None] = mapped_column(String(24))
    to_status: Mapped[str] = mapped_column(String(24))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    changed_at: Mapped[datetime]
    reason: Mapped[str | None]

    @classmethod
    def ledger_constraints(cls) -> tuple[Index, ...]:
        """Read by visit in order."""
        return (Index("ix_appointment_status_log_visit", "visit_id", "id"),)


class Visit(Record):
    """One patient coming to one doctor on one day, with an appointment or without."""

    __tablename__ = "visits"
    __merge__ = owned("clinic_id", open_columns={"status"}, is_record=True)
    __table_args__ = (
        CheckConstraint("visit_type = 'WALK_IN' OR appointment_id IS NOT NULL", name="scheduled_has_appointment"),
        CheckConstraint("end_time IS NULL OR start_time IS NOT NULL", name="ended_was_started"),
        CheckConstraint("start_time IS NULL OR end_time IS NULL OR end_time >= start_time", name="ends_after_start"),
        Index("uq_visits_appointment", "appointment_id", unique=True, sqlite_where=_in_place, postgresql_where=_in_place),
        Index("ix_visits_day", "clinic_id", "business_date", "planned_at", "id"),
        Index("ix_visits_status", "clinic_id", "business_date", "status"),
        Index("ix_visits_doctor_ended", "doctor_id", "end_time", sqlite_where=_ended, postgresql_where=_ended),
        Index("ix_visits_doctor_day", "doctor_id", "business_date", "status"),
        Index("ix_visits_patient", "patient_id", "business_date", "id"),
    )

    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"), index=True)
    visit_type: Mapped[VisitType]
    status: Mapped[VisitStatus]
    business_date: Mapped[date]
    # Appointment start, or arrival of a walk-in: the order of the day board.
    planned_at: Mapped[datetime]
    check_in_time: Mapped[datetime | None]
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]


class QueueEntry(Record):
    """A queue number of one clinic and day; a void one is never given again."""

    __tablename__ = "appointment_queue"
    __merge__ = owned("clinic_id")
    __table_args__ = (
        CheckConstraint("queue_number >= 1", name="number_from_one"),
        CheckConstraint("call_count >= 0", name="calls_not_negative"),
        CheckConstraint("service_room IS NULL OR (state = 'OPEN' AND sent_at IS NOT NULL)", name="in_a_room_while_open"),
        Index("uq_appointment_queue_number", "clinic_id", "business_date", "queue_number", unique=True),
        Index("uq_appointment_queue_visit", "visit_id", unique=True, sqlite_where=_not_void, postgresql_where=_not_void),
        Index(
            "uq_appointment_queue_open",
            "clinic_id",
            "business_date",
            "doctor_id",
            "patient_id",
            unique=True,
            sqlite_where=_open_entry,
            postgresql_where=_open_entry,
        ),
        Index("ix_appointment_queue_announced", "clinic_id", "business_date", "announced_at", "queue_number"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    business_date: Mapped[date]
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    queue_number: Mapped[int]
    state: Mapped[QueueState]
    priority: Mapped[Priority]
    room: Mapped[str | None]
    called_at: Mapped[datetime | None]
    # The last call or recall: what the public display shows first.
    announced_at: Mapped[datetime | None]
    call_count: Mapped[int] = mapped_column(default=0)
    skipped_at: Mapped[datetime | None]
    # Out for a moment (a blood test, a call): keeps the place, is not called.
    held_at: Mapped[datetime | None]
    hold_reason: Mapped[str | None]
    # When the patient was last put on hold; stays once the patient is back.
    last_held_at: Mapped[datetime | None]
    # A room without a doctor (measuring, ECG) in whose queue the patient stands for now; None: the doctor's.
    service_room: Mapped[str | None]
    # When the patient was last sent to such a room: the turn in its queue; stays once the patient is back.
    sent_at: Mapped[datetime | None]
    estimated_wait_minutes: Mapped[int | None]


class Review(Record):
    """What a patient says about a visit, once."""

    __tablename__ = "reviews"
    __merge__ = owned("visit_id", open_columns={"comment", "is_anonymous"})
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_one_to_five"),
        Index("ix_reviews_doctor", "doctor_id", "id"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), unique=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    rating: Mapped[int]
    comment: Mapped[str | None]
    is_anonymous: Mapped[bool] = mapped_column(default=False)


class DoctorRating(Record):
    """What the reviews of one doctor at one clinic add up to: the average stands ready wherever doctors are listed."""

    __tablename__ = "doctor_ratings"
    # Sums, not an average: what computers away from each other have counted adds up. The doctor's own row is the whole chain's.
    __merge__ = owned("clinic_id", counters={"total_reviews", "rating_sum"})
    __table_args__ = (
        UniqueConstraint("clinic_id", "doctor_id"),
        CheckConstraint("rating_sum BETWEEN total_reviews AND 5 * total_reviews", name="sum_of_one_to_five"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"), index=True)
    total_reviews: Mapped[int]
    rating_sum: Mapped[int]


class KioskTry(Base):
    """Failed attempts to be recognised at one kiosk: of this database alone, and of no use to anybody tomorrow."""

    __tablename__ = "kiosk_tries"
    __table_args__ = ({"info": {"journalled": False}},)

    workstation_id: Mapped[UUID] = mapped_column(ForeignKey("workstations.id"), primary_key=True)
    misses: Mapped[int]
    missed_at: Mapped[datetime]
