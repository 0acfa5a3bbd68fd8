"""Calling patients into rooms; two rooms never call the same patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from clinic_desktop.clinic.billing.commands import cancel_visit_draft
from clinic_desktop.clinic.frontdesk.commands.charging import charge_again, priced, services_of
from clinic_desktop.clinic.frontdesk.commands.flow import Case, case_of, flush_guarded, locked_case, refuse_second_ticket, set_status
from clinic_desktop.clinic.frontdesk.commands.places import seeing_doctor
from clinic_desktop.clinic.frontdesk.events import PatientLeft, TicketCalled, TicketRecalled, TicketSkipped, TicketTransferred
from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, Priority, QueueEmpty, QueueState, VisitStatus
from clinic_desktop.clinic.frontdesk.waiting_room import in_call_order, present
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, required_line

CALL = permission("queue.call", N_("Call, recall, skip and transfer patients"), "receptionist", "nurse", "doctor", "dentist", "optician")


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A called ticket."""

    visit_id: UUID
    patient_id: UUID
    doctor_id: UUID
    queue_number: int
    priority: Priority
    room: str
    called_at: datetime
    call_count: int


@command(CALL)
def call_next(tx: Tx, *, clinic_id: UUID, doctor_id: UUID | None = None, doctor_ids: Sequence[UUID] = (), room: str) -> TicketRow:
    """Call the first waiting patient of a doctor, or of the doctors of one room (neither: of anyone), into a room; raises QueueEmpty."""
    place = required_line(room, "room", limit=40)
    today = clinic_today(tx.session, clinic_id, tx.now)
    wanted = (*doctor_ids, doctor_id) if doctor_id is not None else tuple(doctor_ids)
    people = present(tx.session, clinic_id=clinic_id, day=today, doctor_ids=wanted)
    order = [ticket.visit_id for ticket in in_call_order(tx.session, people, clinic_id=clinic_id)]
    visit = first_waiting(tx, order, room=None, doctor_ids=wanted)
    return announce(tx, case=case_of(tx, visit=visit), room=place)


def first_waiting(tx: Tx, order: Sequence[UUID], *, room: str | None, doctor_ids: Sequence[UUID] = ()) -> Visit:
    """Lock the first of these visits that still waits for its doctor, or for a room without one; raises QueueEmpty.

    Another desk may have called or sent it, or put it on hold, since the list was read: then the next in order is tried. One that
    another desk has in hand for a moment (the cashier takes the fee) is passed over for the next, and waited for where there is none.
    """
    for is_in_haste in (True, False):
        for visit_id in order:
            visit = tx.session.scalar(_still_waiting(visit_id, room, doctor_ids).with_for_update(skip_locked=is_in_haste, key_share=True))
            if visit is not None:
                return visit
    raise QueueEmpty


def _still_waiting(visit_id: UUID, room: str | None, doctor_ids: Sequence[UUID]) -> Select[Visit]:
    elsewhere = or_(QueueEntry.held_at.is_not(None), QueueEntry.service_room.is_distinct_from(room))
    gone = select(QueueEntry.visit_id).where(QueueEntry.visit_id == visit_id, QueueEntry.state == QueueState.OPEN, elsewhere)
    wanted = select(Visit).where(Visit.id == visit_id, Visit.status == VisitStatus.WAITING, Visit.id.not_in(gone))
    if doctor_ids:
        wanted = wanted.where(Visit.doctor_id.in_(doctor_ids))
    return wanted.execution_options(populate_existing=True)


@command(CALL)
def call(tx: Tx, *, visit_id: UUID, room: str) -> TicketRow:
    """Call one patient out of turn."""
    place = required_line(room, "room", limit=40)
    return announce(tx, case=locked_case(tx, visit_id=visit_id), room=place)


@step
def announce(tx: Tx, *, case: Case, room: str) -> TicketRow:
    """Move a waiting visit to CALLED and tell the displays."""
    set_status(tx, case=case, wanted=VisitStatus.CALLED)
    entry = case.ticket()
    entry.room, entry.called_at, entry.announced_at, entry.call_count = room, tx.now, tx.now, entry.call_count + 1
    entry.held_at = entry.hold_reason = None  # called out of turn, whoever was on hold is back
    if entry.service_room != room:
        entry.service_room = None  # fetched from the queue of a room without a doctor
    visit = case.visit
    tx.emit(TicketCalled(visit.id, visit.clinic_id, visit.doctor_id, entry.queue_number, room))
    return _ticket_row(case)


def _ticket_row(case: Case) -> TicketRow:
    visit, entry = case.visit, case.ticket()
    assert entry.room is not None
    assert entry.called_at is not None
    return TicketRow(
        visit.id, visit.patient_id, visit.doctor_id, entry.queue_number, entry.priority, entry.room, entry.called_at, entry.call_count
    )


@command(CALL)
def recall(tx: Tx, *, visit_id: UUID) -> TicketRow:
    """Repeat a call that was not answered."""
    case = locked_case(tx, visit_id=visit_id)
    _require_called(case, "CALLED")
    entry = case.ticket()
    entry.call_count, entry.announced_at = entry.call_count + 1, tx.now
    row = _ticket_row(case)
    tx.emit(TicketRecalled(visit_id, case.visit.clinic_id, case.visit.doctor_id, entry.queue_number, row.room))
    return row


@command(CALL)
def skip(tx: Tx, *, visit_id: UUID, reason: str | None = None) -> None:
    """The patient did not answer: back to waiting, behind the next few."""
    case = locked_case(tx, visit_id=visit_id)
    _require_called(case, "WAITING")
    set_status(tx, case=case, wanted=VisitStatus.WAITING, reason=optional_line(reason, "reason"))
    entry = case.ticket()
    entry.skipped_at, entry.room, entry.announced_at = tx.now, None, None
    tx.emit(TicketSkipped(visit_id, case.visit.clinic_id, case.visit.doctor_id, entry.queue_number))


def _require_called(case: Case, wanted: str) -> None:
    if case.visit.status is not VisitStatus.CALLED:
        raise IllegalTransition(machine="visit", current=case.visit.status.value, wanted=wanted)


@command(CALL)
def transfer(tx: Tx, *, visit_id: UUID, doctor_id: UUID, reason: str | None = None) -> None:
    """Let a patient who waits or was called wait for another doctor; the draft follows the new doctor."""
    doctor = seeing_doctor(tx, doctor_id=doctor_id)
    case = locked_case(tx, visit_id=visit_id)
    visit, before, why = case.visit, case.visit.doctor_id, optional_line(reason, "reason")
    if visit.status not in (VisitStatus.WAITING, VisitStatus.CALLED):
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted="TRANSFERRED")
    if before == doctor_id:
        return
    if visit.status is VisitStatus.CALLED:
        set_status(tx, case=case, wanted=VisitStatus.WAITING, reason=why)
    refuse_second_ticket(
        tx, clinic_id=visit.clinic_id, day=visit.business_date, doctor_id=doctor_id, patient_id=visit.patient_id, visit_id=visit_id
    )
    entry = case.ticket()
    visit.doctor_id = entry.doctor_id = doctor_id
    entry.room = entry.called_at = entry.announced_at = entry.skipped_at = entry.held_at = entry.hold_reason = None
    entry.service_room = None
    flush_guarded(tx)
    kind = case.appointment.type if case.appointment is not None else AppointmentKind.WALK_IN
    lines = priced(tx, doctor_id=doctor_id, services=services_of(tx, visit=visit), kind=kind, day=visit.business_date)
    charge_again(tx, visit=visit, doctor=doctor, lines=lines, reason=why or "transferred")
    tx.emit(TicketTransferred(visit_id, visit.clinic_id, before, doctor_id))


@command(CALL)
def leave_unseen(tx: Tx, *, visit_id: UUID, reason: str | None = None) -> None:
    """The patient went away before being seen: nothing is charged, the appointment's place is free."""
    leave(tx, case=locked_case(tx, visit_id=visit_id), reason=optional_line(reason, "reason") or "left unseen")


@step
def leave(tx: Tx, *, case: Case, reason: str) -> None:
    """End a visit that nobody saw."""
    why, visit_id = reason, case.visit.id
    set_status(tx, case=case, wanted=VisitStatus.LEFT, reason=why)
    if case.entry is not None:
        case.entry.held_at = case.entry.hold_reason = None
    if case.appointment is not None:
        case.appointment.cancelled_by, case.appointment.cancellation_reason = tx.actor.user_id, why
    cancel_visit_draft(tx, visit_id=visit_id, reason=why)
    tx.emit(PatientLeft(visit_id, case.visit.clinic_id))
