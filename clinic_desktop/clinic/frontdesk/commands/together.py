"""A family arrives at once; and an arrival that was a slip of the hand is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.arrival import CHECK_IN, ArrivalRow, check_in
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case, set_status
from clinic_desktop.clinic.frontdesk.events import ArrivalTakenBack
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition


@command(CHECK_IN)
def check_in_together(tx: Tx, *, visit_ids: Sequence[UUID]) -> list[ArrivalRow]:
    """Several patients are here: all wait, or none when one of them cannot. In the order in which they are given."""
    # Locked in one order, whatever the order of the list: two desks with one family never wait for each other.
    for visit_id in sorted(visit_ids):
        locked_case(tx, visit_id=visit_id)
    return [check_in(tx, visit_id=visit_id) for visit_id in visit_ids]


@command(CHECK_IN)
def take_back_arrival(tx: Tx, *, visit_id: UUID) -> None:
    """The patient is not here after all: expected again, with the number kept. Not once somebody has called."""
    case = locked_case(tx, visit_id=visit_id)
    visit, booked = case.visit, case.appointment
    if visit.status is not VisitStatus.WAITING or booked is None or case.ticket().call_count:
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted=VisitStatus.SCHEDULED.value)
    before = AppointmentStatus.PENDING if booked.confirmed_by is None else AppointmentStatus.CONFIRMED
    set_status(tx, case=case, wanted=VisitStatus.SCHEDULED, appointment=before)
    visit.check_in_time = None
    entry = case.ticket()
    entry.estimated_wait_minutes = entry.held_at = entry.hold_reason = None
    tx.session.flush()
    tx.emit(ArrivalTakenBack(visit_id, booked.id, visit.clinic_id))
