"""Patients who are sent to a room without a doctor (nurse, measuring, ECG) before they are seen: to it, into it, on and back."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.calling import CALL, TicketRow, announce, first_waiting
from clinic_desktop.clinic.frontdesk.commands.flow import Case, case_of, locked_case, set_status
from clinic_desktop.clinic.frontdesk.events import TicketSent
from clinic_desktop.clinic.frontdesk.rules import STANDS_IN_QUEUE, VisitStatus, room_named, service_rooms
from clinic_desktop.clinic.frontdesk.waiting_room import SERVICE_ROOMS, in_room_order
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, required_line

SEND = permission(
    "queue.send",
    N_("Send patients to rooms without a doctor, and back"),
    *("receptionist", "nurse", "doctor", "dentist", "optician"),
)


@command(SEND)
def send_to_room(tx: Tx, *, visit_id: UUID, room: str, reason: str | None = None) -> None:
    """Let a patient who waits or was called wait for a room without a doctor, or for another one; no doctor calls meanwhile."""
    case = locked_case(tx, visit_id=visit_id)
    rooms = service_rooms(setting_value(tx.session, SERVICE_ROOMS, clinic_id=case.visit.clinic_id))
    place = room_named(rooms, required_line(room, "room", limit=40))
    if place is None:
        raise InvalidInput("room", "not_in_list")
    if case.ticket().service_room == place and case.visit.status is VisitStatus.WAITING:
        return  # a second press: the turn there is kept
    _stand(tx, case=case, room=place, reason=optional_line(reason, "reason", limit=120))


@command(SEND)
def send_back(tx: Tx, *, visit_id: UUID) -> None:
    """Done in the room, or not wanted there any more: back in the doctor's queue, where the patient would stand by now."""
    case = locked_case(tx, visit_id=visit_id)
    if case.ticket().service_room is None:
        raise IllegalTransition(machine="visit", current=case.visit.status.value, wanted="SENT_BACK")
    _stand(tx, case=case, room=None, reason=None)


@step
def _stand(tx: Tx, *, case: Case, room: str | None, reason: str | None) -> None:
    visit, entry = case.visit, case.ticket()
    if visit.status not in STANDS_IN_QUEUE:
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted="SENT")
    if visit.status is VisitStatus.CALLED:
        set_status(tx, case=case, wanted=VisitStatus.WAITING, reason=reason)
    # Whoever is sent has answered: no call and no hold of before counts in the queue to come.
    entry.room = entry.called_at = entry.announced_at = entry.skipped_at = entry.held_at = entry.hold_reason = None
    entry.service_room, entry.sent_at = room, tx.now if room is not None else entry.sent_at
    tx.reason = reason or tx.reason
    tx.emit(TicketSent(visit.id, visit.clinic_id, visit.doctor_id, entry.queue_number, room))


@command(CALL)
def call_next_to_room(tx: Tx, *, clinic_id: UUID, room: str) -> TicketRow:
    """Call the first who waits for a room without a doctor; raises QueueEmpty."""
    place = required_line(room, "room", limit=40)
    today = clinic_today(tx.session, clinic_id, tx.now)
    order = [ticket.visit_id for _name, ticket in in_room_order(tx.session, clinic_id=clinic_id, day=today, room=place)]
    return announce(tx, case=case_of(tx, visit=first_waiting(tx, order, room=place)), room=place)
