"""Booking an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.flow import (
    BOOKING_NUMBER,
    flush_guarded,
    give_number,
    log_status,
)
from clinic_desktop.clinic.frontdesk.commands.places import (
    Held,
    active_service,
    charge,
    hold_place,
    locked_doctor,
    locked_patient,
    price_of,
)
from clinic_desktop.clinic.frontdesk.events import AppointmentBooked
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    AppointmentKind,
    AppointmentStatus,
    BookingSource,
    LogSubject,
    NumberAt,
    Priority,
    VisitStatus,
    VisitType,
    priority_of,
)
from clinic_desktop.clinic.frontdesk.waiting_room import ELDERLY_FROM, NUMBER_AT
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import age_years
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, optional_text

BOOK = permission("appointments.book", N_("Book, move and confirm appointments"), "receptionist", "nurse", "doctor", "dentist", "optician")


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booked appointment and everything that was saved with it."""

    appointment_id: UUID
    booking_id: str
    visit_id: UUID
    queue_number: int | None
    invoice_id: UUID | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Wish:
    clinic_id: UUID
    kind: AppointmentKind
    source: BookingSource
    reason: str | None
    notes: str | None


@command(BOOK, idempotent=True)
def book(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    doctor_id: UUID,
    patient_id: UUID,
    service_id: UUID,
    start: datetime,
    kind: AppointmentKind = AppointmentKind.REGULAR,
    source: BookingSource = BookingSource.PHONE,
    reason: str | None = None,
    notes: str | None = None,
    override_reason: str | None = None,
) -> BookingRow:
    """Book a place: appointment, visit, queue number and pending invoice line, all or none."""
    excuse = optional_line(override_reason, "override_reason")
    wish = _Wish(clinic_id, kind, source, optional_line(reason, "reason"), optional_text(notes, "notes"))
    doctor = locked_doctor(tx, doctor_id=doctor_id)
    patient = locked_patient(tx, patient_id=patient_id)
    wanted = active_service(tx, service_id=service_id)
    held = hold_place(
        tx,
        clinic_id=clinic_id,
        doctor_id=doctor_id,
        patient_id=patient_id,
        start=start,
        minutes=wanted.duration_minutes,
        override_reason=excuse,
    )
    price = price_of(tx, doctor_id=doctor_id, wanted=wanted, kind=kind, day=held.day)
    appointment, visit = save_booking(tx, wish=wish, doctor=doctor, patient=patient, wanted=wanted, held=held, price=price)
    number = None
    if setting_value(tx.session, NUMBER_AT, clinic_id=clinic_id) is NumberAt.BOOKING:
        # Who is elderly is decided on arrival; until then nobody is called by this number.
        number = give_number(tx, visit=visit, priority=_reserved(kind)).queue_number
    invoice_id = charge(tx, visit=visit, doctor=doctor, wanted=wanted, price=price)
    tx.emit(AppointmentBooked(appointment.id, visit.id, clinic_id, doctor_id, patient_id, held.day))
    return BookingRow(appointment.id, appointment.booking_id, visit.id, number, invoice_id, held.start, held.end)


def _reserved(kind: AppointmentKind) -> Priority:
    return Priority.EMERGENCY if kind is AppointmentKind.EMERGENCY else Priority.APPOINTMENT


@step
def save_booking(
    tx: Tx, *, wish: _Wish, doctor: Doctor, patient: Patient, wanted: ServiceRow, held: Held, price: Money
) -> tuple[Appointment, Visit]:
    """Save the appointment, its service and its visit, and open their status logs."""
    appointment = tx.add(_appointment(tx, wish, doctor, patient, wanted, held, price))
    tx.add(AppointmentService(appointment_id=appointment.id, service_id=wanted.id, quantity=1, unit_price=price, completed_at=None))
    visit = Visit(
        appointment_id=appointment.id,
        clinic_id=wish.clinic_id,
        doctor_id=doctor.id,
        patient_id=patient.id,
        service_id=wanted.id,
        visit_type=VisitType.SCHEDULED,
        status=VisitStatus.SCHEDULED,
        business_date=held.day,
        planned_at=held.start,
        check_in_time=None,
        start_time=None,
        end_time=None,
    )
    tx.add(visit)
    log_status(tx, visit=visit, subject=LogSubject.APPOINTMENT, before=None, after=appointment.status)
    log_status(tx, visit=visit, subject=LogSubject.VISIT, before=None, after=visit.status)
    flush_guarded(tx, start=held.start)
    return appointment, visit


def _appointment(tx: Tx, wish: _Wish, doctor: Doctor, patient: Patient, wanted: ServiceRow, held: Held, price: Money) -> Appointment:
    return Appointment(
        booking_id=take_number(tx, BOOKING_NUMBER, clinic_id=wish.clinic_id),
        clinic_id=wish.clinic_id,
        doctor_id=doctor.id,
        patient_id=patient.id,
        service_id=wanted.id,
        time_slot_id=held.time_slot_id,
        business_date=held.day,
        start_time=held.start,
        end_time=held.end,
        slot_place=held.place,
        status=AppointmentStatus.PENDING,
        type=wish.kind,
        booking_source=wish.source,
        fee=price,
        reason=wish.reason,
        notes=wish.notes,
        override_reason=held.override_reason,
        created_by=tx.actor.user_id,
        confirmed_by=None,
        completed_by=None,
        cancelled_by=None,
        cancellation_reason=None,
    )


@step
def booked_priority(tx: Tx, *, visit: Visit, patient: Patient, kind: AppointmentKind) -> Priority:
    """The priority of a patient with an appointment on the day of the visit."""
    if kind is AppointmentKind.EMERGENCY:
        return Priority.EMERGENCY
    age = None if patient.date_of_birth is None else age_years(patient.date_of_birth, visit.business_date)
    elderly_from = setting_value(tx.session, ELDERLY_FROM, clinic_id=visit.clinic_id)
    return priority_of(age, elderly_from, has_appointment=visit.appointment_id is not None)
