"""Patients arriving: with an appointment, or without one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.booking import booked_priority
from clinic_desktop.clinic.frontdesk.commands.charging import charge, priced
from clinic_desktop.clinic.frontdesk.commands.flow import (
    Case,
    flush_guarded,
    give_number,
    locked_case,
    log_status,
    refuse_second_ticket,
    set_status,
)
from clinic_desktop.clinic.frontdesk.commands.places import active_service, locked_patient, seeing_doctor
from clinic_desktop.clinic.frontdesk.events import PatientCheckedIn, PriorityChanged
from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    AppointmentKind,
    LogSubject,
    Priority,
    VisitStatus,
    VisitType,
    WrongDay,
)
from clinic_desktop.clinic.frontdesk.waiting_room import turns
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.commands import refuse_without_consents
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line

CHECK_IN = permission("queue.check_in", N_("Check patients in and register walk-ins"), "receptionist", "nurse")
PRIORITISE = permission("queue.prioritise", N_("Change the priority of a waiting patient"), "receptionist", "nurse", "doctor", "dentist")

_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A patient in the queue; ``invoice_id`` is the draft that a walk-in opened."""

    visit_id: UUID
    queue_number: int
    priority: Priority
    estimated_wait_minutes: int
    invoice_id: UUID | None = None


@command(CHECK_IN)
def check_in(tx: Tx, *, visit_id: UUID | None = None, appointment_id: UUID | None = None, priority: Priority | None = None) -> ArrivalRow:
    """The patient is here: the visit waits, with its number and priority."""
    if (visit_id is None) == (appointment_id is None):
        raise InvalidInput("visit_id", "one_of_visit_or_appointment")
    return receive(tx, case=locked_case(tx, visit_id=visit_id, appointment_id=appointment_id), priority=priority)


@step
def receive(tx: Tx, *, case: Case, priority: Priority | None = None) -> ArrivalRow:
    """Let an expected patient wait, with number and priority."""
    visit = case.visit
    today = clinic_today(tx.session, visit.clinic_id, tx.now)
    if visit.status is not VisitStatus.SCHEDULED:  # a called patient may wait again, but by skipping, not by arriving twice
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted=VisitStatus.WAITING.value)
    if visit.business_date != today:
        raise WrongDay(day=visit.business_date)
    if priority is not Priority.EMERGENCY:
        refuse_without_consents(tx, patient_id=visit.patient_id, clinic_id=visit.clinic_id)
    set_status(tx, case=case, wanted=VisitStatus.WAITING)
    visit.check_in_time = tx.now
    refuse_second_ticket(
        tx, clinic_id=visit.clinic_id, day=today, doctor_id=visit.doctor_id, patient_id=visit.patient_id, visit_id=visit.id
    )
    entry = number_of(tx, case=case, priority=priority)
    flush_guarded(tx)
    return arrived(tx, visit=visit, entry=entry)


@step
def number_of(tx: Tx, *, case: Case, priority: Priority | None) -> QueueEntry:
    """The number reserved at booking, or a new one, with the priority of today."""
    visit = case.visit
    patient = tx.session.get_one(Patient, visit.patient_id)
    wanted = priority or booked_priority(tx, visit=visit, patient=patient, kind=case.booked().type)
    if case.entry is None:
        case.entry = give_number(tx, visit=visit, priority=wanted)
    case.entry.priority = wanted
    return case.entry


@command(CHECK_IN, idempotent=True)
def walk_in(
    tx: Tx, *, key: UUID, clinic_id: UUID, doctor_id: UUID, patient_id: UUID, service_id: UUID, priority: Priority | None = None
) -> ArrivalRow:
    """A patient without appointment: visit, queue number and pending invoice line, all or none."""
    return admit(tx, clinic_id=clinic_id, doctor_id=doctor_id, patient_id=patient_id, service_id=service_id, priority=priority)


@step
def admit(tx: Tx, *, clinic_id: UUID, doctor_id: UUID, patient_id: UUID, service_id: UUID, priority: Priority | None = None) -> ArrivalRow:
    """Let somebody without appointment wait."""
    doctor = seeing_doctor(tx, doctor_id=doctor_id)
    patient = locked_patient(tx, patient_id=patient_id)
    wanted = active_service(tx, service_id=service_id)
    if priority is not Priority.EMERGENCY:
        refuse_without_consents(tx, patient_id=patient_id, clinic_id=clinic_id)
    today = clinic_today(tx.session, clinic_id, tx.now)
    refuse_second_ticket(tx, clinic_id=clinic_id, day=today, doctor_id=doctor_id, patient_id=patient_id)
    visit = Visit(
        clinic_id=clinic_id,
        doctor_id=doctor_id,
        patient_id=patient_id,
        service_id=service_id,
        visit_type=VisitType.WALK_IN,
        status=VisitStatus.WAITING,
        business_date=today,
        planned_at=tx.now,
        check_in_time=tx.now,
        start_time=None,
        end_time=None,
    )
    tx.add(visit)
    log_status(tx, visit=visit, subject=LogSubject.VISIT, before=None, after=visit.status)
    kind = AppointmentKind.EMERGENCY if priority is Priority.EMERGENCY else AppointmentKind.WALK_IN
    entry = give_number(tx, visit=visit, priority=priority or booked_priority(tx, visit=visit, patient=patient, kind=kind))
    flush_guarded(tx)
    lines = priced(tx, doctor_id=doctor_id, services=[wanted], kind=kind, day=today)
    invoice_id = charge(tx, visit=visit, doctor=doctor, lines=lines)
    return arrived(tx, visit=visit, entry=entry, invoice_id=invoice_id)


@step
def arrived(tx: Tx, *, visit: Visit, entry: QueueEntry, invoice_id: UUID | None = None) -> ArrivalRow:
    """Work out the wait, remember it, and tell everyone."""
    waiting = turns(tx.session, clinic_id=visit.clinic_id, day=visit.business_date, doctor_id=visit.doctor_id, now=tx.now)
    minutes = next(one.wait_minutes for one in waiting if one.visit_id == visit.id)
    entry.estimated_wait_minutes = minutes
    tx.emit(PatientCheckedIn(visit.id, visit.clinic_id, visit.doctor_id, entry.queue_number))
    return ArrivalRow(visit.id, entry.queue_number, entry.priority, minutes, invoice_id)


@command(PRIORITISE)
def prioritise(tx: Tx, *, visit_id: UUID, priority: Priority, reason: str | None = None) -> None:
    """Give a waiting patient another priority; the reason stands in the log."""
    tx.reason = optional_line(reason, "reason") or tx.reason
    case = locked_case(tx, visit_id=visit_id)
    if case.visit.status is not VisitStatus.WAITING:
        raise IllegalTransition(machine="visit", current=case.visit.status.value, wanted="PRIORITISED")
    entry = case.ticket()
    if _RANKS[priority] < _RANKS[entry.priority]:
        entry.skipped_at = None  # whoever did not answer is at the desk now, and urgent: nobody is let pass first
    entry.priority = priority
    tx.emit(PriorityChanged(visit_id, case.visit.clinic_id, priority.value))
