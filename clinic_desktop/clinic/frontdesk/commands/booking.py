"""Booking an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.charging import Priced, active_services, charge, fee_of, minutes_of, priced
from clinic_desktop.clinic.frontdesk.commands.flow import BOOKING_NUMBER, flush_guarded, give_number, log_status
from clinic_desktop.clinic.frontdesk.commands.offering import close_wishes
from clinic_desktop.clinic.frontdesk.commands.places import Held, hold_place, locked_doctor, locked_patient
from clinic_desktop.clinic.frontdesk.events import AppointmentBooked
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, Visit
from clinic_desktop.clinic.frontdesk.planning import LONGEST
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
from clinic_desktop.clinic.staff.rules import SHORTEST_SLOT
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, optional_text

BOOK = permission("appointments.book", N_("Book, move and confirm appointments"), "receptionist", "nurse", "doctor", "dentist", "optician")
_MOST_MINUTES = int(LONGEST.total_seconds() // 60)


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
class Wish:
    """For whom a place is booked, with whom, and what for: the first service, then those that follow it."""

    clinic_id: UUID
    doctor_id: UUID
    patient_id: UUID
    service_ids: tuple[UUID, ...]
    kind: AppointmentKind = AppointmentKind.REGULAR
    source: BookingSource = BookingSource.PHONE
    reason: str | None = None
    notes: str | None = None
    series_id: UUID | None = None
    minutes: int | None = None
    """How long it is to take; None: as long as its services."""


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
    more_services: Sequence[UUID] = (),
    kind: AppointmentKind = AppointmentKind.REGULAR,
    source: BookingSource = BookingSource.PHONE,
    minutes: int | None = None,
    reason: str | None = None,
    notes: str | None = None,
    override_reason: str | None = None,
) -> BookingRow:
    """Book a place: appointment with its services, visit, queue number and pending invoice lines, all or none."""
    excuse = optional_line(override_reason, "override_reason")
    words = (optional_line(reason, "reason"), optional_text(notes, "notes"))
    wish = Wish(clinic_id, doctor_id, patient_id, (service_id, *more_services), kind, source, *words, minutes=length_of(minutes))
    return book_place(tx, wish=wish, start=start, override_reason=excuse)


def length_of(minutes: int | None) -> int | None:
    """The length that a person gave an appointment; refused at its field where no day has room for it."""
    if minutes is not None and not SHORTEST_SLOT <= minutes <= _MOST_MINUTES:
        raise InvalidInput("minutes", "out_of_range", low=SHORTEST_SLOT, high=_MOST_MINUTES)
    return minutes


@step
def book_place(tx: Tx, *, wish: Wish, start: datetime, override_reason: str | None = None) -> BookingRow:
    """Take a place for a wish and save all that hangs on it."""
    doctor = locked_doctor(tx, doctor_id=wish.doctor_id)
    patient = locked_patient(tx, patient_id=wish.patient_id)
    services = active_services(tx, service_ids=wish.service_ids)
    held = hold_place(
        tx,
        clinic_id=wish.clinic_id,
        doctor_id=doctor.id,
        patient_id=patient.id,
        start=start,
        minutes=wish.minutes or minutes_of(services),
        override_reason=override_reason,
    )
    lines = priced(tx, doctor_id=doctor.id, services=services, kind=wish.kind, day=held.day)
    appointment, visit = save_booking(tx, wish=wish, lines=lines, held=held)
    number = None
    if setting_value(tx.session, NUMBER_AT, clinic_id=wish.clinic_id) is NumberAt.BOOKING:
        # Who is elderly is decided on arrival; until then nobody is called by this number.
        number = give_number(tx, visit=visit, priority=_reserved(wish.kind)).queue_number
    invoice_id = charge(tx, visit=visit, doctor=doctor, lines=lines)
    close_wishes(tx, appointment=appointment)
    tx.emit(AppointmentBooked(appointment.id, visit.id, wish.clinic_id, doctor.id, patient.id, held.day))
    return BookingRow(appointment.id, appointment.booking_id, visit.id, number, invoice_id, held.start, held.end)


def _reserved(kind: AppointmentKind) -> Priority:
    return Priority.EMERGENCY if kind is AppointmentKind.EMERGENCY else Priority.APPOINTMENT


@step
def save_booking(tx: Tx, *, wish: Wish, lines: Sequence[Priced], held: Held) -> tuple[Appointment, Visit]:
    """Save the appointment, its services and its visit, and open their status logs."""
    appointment = tx.add(_appointment(tx, wish, lines, held))
    save_services(tx, appointment=appointment, lines=lines)
    visit = Visit(
        appointment_id=appointment.id,
        clinic_id=wish.clinic_id,
        doctor_id=wish.doctor_id,
        patient_id=wish.patient_id,
        service_id=appointment.service_id,
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
    flush_guarded(tx, start=held.start, room=held.room)
    return appointment, visit


@step
def save_services(tx: Tx, *, appointment: Appointment, lines: Sequence[Priced]) -> None:
    """Save what an appointment is for, in its order."""
    for line in lines:
        made = AppointmentService(
            appointment_id=appointment.id, service_id=line.service.id, quantity=1, unit_price=line.price, completed_at=None
        )
        tx.add(made)


def _appointment(tx: Tx, wish: Wish, lines: Sequence[Priced], held: Held) -> Appointment:
    return Appointment(
        booking_id=take_number(tx, BOOKING_NUMBER, clinic_id=wish.clinic_id),
        clinic_id=wish.clinic_id,
        doctor_id=wish.doctor_id,
        patient_id=wish.patient_id,
        service_id=lines[0].service.id,
        time_slot_id=held.time_slot_id,
        business_date=held.day,
        start_time=held.start,
        end_time=held.end,
        slot_place=held.place,
        length_minutes=wish.minutes,
        room=held.room,
        series_id=wish.series_id,
        status=AppointmentStatus.PENDING,
        type=wish.kind,
        booking_source=wish.source,
        fee=fee_of(lines),
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
