"""Moving, confirming and giving up appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.commands import cancel_visit_draft
from clinic_desktop.clinic.frontdesk.commands.booking import BOOK, BookingRow, booked_priority
from clinic_desktop.clinic.frontdesk.commands.charging import (
    booked_lines,
    charge_again,
    fee_of,
    priced,
    services_of,
    visit_draft,
)
from clinic_desktop.clinic.frontdesk.commands.flow import (
    Case,
    flush_guarded,
    give_number,
    locked_case,
    set_appointment_status,
    set_status,
)
from clinic_desktop.clinic.frontdesk.commands.offering import offer_freed
from clinic_desktop.clinic.frontdesk.commands.places import Held, hold_place, locked_doctor, locked_patient
from clinic_desktop.clinic.frontdesk.commands.reopening import is_overtaken
from clinic_desktop.clinic.frontdesk.events import (
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMoved,
    PatientMissed,
    VisitCancelled,
)
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.planning import clinic_timezone, planned_minutes
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, QueueState, TooEarly, VisitStatus
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, NotFound, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, required_line

CANCEL = permission("appointments.cancel", N_("Cancel appointments and record no-shows"), "receptionist", "nurse", "doctor", "dentist")


@dataclass(slots=True)
class Change:
    """An appointment about to be changed, with everything locked that its place depends on."""

    case: Case
    doctor: Doctor
    patient: Patient


@step
def change_of(tx: Tx, *, appointment_id: UUID, doctor_id: UUID | None = None, row_version: int | None = None) -> Change:
    """Lock doctor, patient and visit, in that order; raises StaleRecord when the person saw an older state than ``row_version``."""
    statement = select(Appointment.doctor_id, Appointment.patient_id).where(Appointment.id == appointment_id)
    known = tx.session.execute(statement).one_or_none()
    if known is None:
        raise NotFound(entity="appointments", key=str(appointment_id))
    doctor = locked_doctor(tx, doctor_id=doctor_id or known.doctor_id)
    patient = locked_patient(tx, patient_id=survivor_id(tx.session, known.patient_id))
    case = locked_case(tx, appointment_id=appointment_id)
    if row_version is not None and case.booked().row_version != row_version:
        raise StaleRecord(entity="appointments", key=str(appointment_id))
    return Change(case, doctor, patient)


@command(BOOK)
def move(
    tx: Tx,
    *,
    appointment_id: UUID,
    start: datetime,
    doctor_id: UUID | None = None,
    row_version: int | None = None,
    override_reason: str | None = None,
) -> BookingRow:
    """Give an appointment another time, and another doctor if wished; the old place is free again."""
    excuse = optional_line(override_reason, "override_reason")
    change = change_of(tx, appointment_id=appointment_id, doctor_id=doctor_id, row_version=row_version)
    case, doctor = change.case, change.doctor
    appointment = case.booked()
    if case.visit.status is not VisitStatus.SCHEDULED:
        raise IllegalTransition(machine="appointment", current=appointment.status.value, wanted="MOVED")
    services = services_of(tx, visit=case.visit)
    held = hold_place(
        tx,
        clinic_id=appointment.clinic_id,
        doctor_id=doctor.id,
        patient_id=change.patient.id,
        start=start,
        minutes=planned_minutes(tx.session, appointment_id),
        override_reason=excuse,
        except_id=appointment_id,
    )
    freed = (appointment.doctor_id, appointment.start_time, appointment.end_time)
    invoice_id = take_place(tx, case=case, doctor=doctor, services=services, held=held)
    renumber(tx, case=case, patient=change.patient, held=held)
    offer_freed(tx, clinic_id=appointment.clinic_id, doctor_id=freed[0], start=freed[1], end=freed[2])
    tx.emit(AppointmentMoved(appointment_id, case.visit.id, appointment.clinic_id, doctor.id, held.start))
    return booked_row(case, invoice_id)


def booked_row(case: Case, invoice_id: UUID | None) -> BookingRow:
    """How an appointment stands after it was changed."""
    one, number = case.booked(), None if case.entry is None else case.entry.queue_number
    return BookingRow(one.id, one.booking_id, case.visit.id, number, invoice_id, one.start_time, one.end_time)


@step
def take_place(tx: Tx, *, case: Case, doctor: Doctor, services: Sequence[ServiceRow], held: Held) -> UUID | None:
    """Put appointment and visit on the new place; the draft follows the doctor and the price."""
    appointment, visit = case.booked(), case.visit
    lines = priced(tx, doctor_id=doctor.id, services=services, kind=appointment.type, day=held.day)
    was_overtaken = is_overtaken(tx, appointment=appointment, timezone=clinic_timezone(tx.session, appointment.clinic_id))
    former = (appointment.doctor_id, appointment.start_time) if was_overtaken else (None, None)
    is_recharged = doctor.id != appointment.doctor_id or fee_of(lines) != appointment.fee
    if held.start != appointment.start_time:
        # Nobody was called about the new time yet.
        appointment.contact_attempts, appointment.contacted_at = 0, None
    appointment.overtaken_doctor_id, appointment.overtaken_start = former
    appointment.doctor_id = visit.doctor_id = doctor.id
    appointment.start_time, appointment.end_time, appointment.slot_place = held.start, held.end, held.place
    appointment.time_slot_id, appointment.override_reason, appointment.room = held.time_slot_id, held.override_reason, held.room
    appointment.business_date, appointment.fee = held.day, fee_of(lines)
    visit.planned_at = held.start
    flush_guarded(tx, start=held.start, room=held.room)
    if not is_recharged:
        return visit_draft(tx, visit=visit)
    for booked, line in zip(booked_lines(tx, appointment_id=appointment.id), lines, strict=True):
        booked.unit_price = line.price
    return charge_again(tx, visit=visit, doctor=doctor, lines=lines, reason="moved")


@step
def renumber(tx: Tx, *, case: Case, patient: Patient, held: Held) -> None:
    """Another day has numbers of its own: the old one is void and never given again."""
    visit, entry = case.visit, case.entry
    changed_day, visit.business_date = visit.business_date != held.day, held.day
    if entry is None:
        return
    if not changed_day:
        entry.doctor_id = visit.doctor_id
        return
    entry.state = QueueState.VOID
    tx.session.flush()
    priority = booked_priority(tx, visit=visit, patient=patient, kind=case.booked().type)
    case.entry = give_number(tx, visit=visit, priority=priority)


@command(BOOK)
def confirm(tx: Tx, *, appointment_id: UUID) -> None:
    """The patient said that they will come."""
    case = locked_case(tx, appointment_id=appointment_id)
    if case.visit.status is not VisitStatus.SCHEDULED:  # who is here is confirmed again only by taking the arrival back
        raise IllegalTransition(machine="appointment", current=case.booked().status.value, wanted=AppointmentStatus.CONFIRMED.value)
    set_appointment_status(tx, case=case, wanted=AppointmentStatus.CONFIRMED)
    case.booked().confirmed_by, case.booked().confirmed_at = tx.actor.user_id, tx.now
    tx.emit(AppointmentConfirmed(appointment_id, case.visit.id, case.visit.clinic_id))


@command(CANCEL)
def cancel(tx: Tx, *, appointment_id: UUID, reason: str) -> None:
    """Give an appointment up: its place is free, its visit and draft invoice are cancelled, its number is void."""
    case = locked_case(tx, appointment_id=appointment_id)
    give_up(tx, case=case, appointment=AppointmentStatus.CANCELLED, reason=required_line(reason, "reason"))
    freed = case.booked()
    tx.emit(AppointmentCancelled(appointment_id, case.visit.id, freed.clinic_id, freed.doctor_id, freed.patient_id))


@command(CANCEL)
def cancel_visit(tx: Tx, *, visit_id: UUID, reason: str) -> None:
    """Take back a walk-in that was registered by mistake, or the appointment that the visit belongs to."""
    case = locked_case(tx, visit_id=visit_id)
    give_up(tx, case=case, appointment=AppointmentStatus.CANCELLED, reason=required_line(reason, "reason"))
    visit = case.visit
    if case.appointment is None:
        tx.emit(VisitCancelled(visit_id, visit.clinic_id))
    else:
        tx.emit(AppointmentCancelled(case.appointment.id, visit_id, visit.clinic_id, case.appointment.doctor_id, visit.patient_id))


@command(CANCEL)
def mark_no_show(tx: Tx, *, appointment_id: UUID, reason: str | None = None) -> None:
    """The patient did not come."""
    case = locked_case(tx, appointment_id=appointment_id)
    if tx.now < case.booked().start_time:
        raise TooEarly(start=case.booked().start_time)
    give_up(tx, case=case, appointment=AppointmentStatus.NO_SHOW, reason=optional_line(reason, "reason") or "no-show")
    visit = case.visit
    tx.emit(PatientMissed(appointment_id, visit.id, visit.clinic_id, case.booked().doctor_id, visit.patient_id))


@step
def give_up(tx: Tx, *, case: Case, appointment: AppointmentStatus, reason: str) -> None:
    """Cancel visit, number and draft together; the appointment ends as CANCELLED or NO_SHOW."""
    set_status(tx, case=case, wanted=VisitStatus.CANCELLED, appointment=appointment, reason=reason)
    if case.appointment is not None:
        case.appointment.cancelled_by, case.appointment.cancellation_reason = tx.actor.user_id, reason
    tx.reason = tx.reason or reason
    tx.session.flush()
    cancel_visit_draft(tx, visit_id=case.visit.id, reason=reason)
    if case.appointment is not None:
        freed = case.appointment
        offer_freed(tx, clinic_id=freed.clinic_id, doctor_id=freed.doctor_id, start=freed.start_time, end=freed.end_time)
