"""Patients who wait and are not called for the moment: out for a blood test, on the telephone, gone to pay elsewhere."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.calling import CALL
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.events import TicketHeld, TicketResumed
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.text import optional_line


@command(CALL)
def hold(tx: Tx, *, visit_id: UUID, reason: str | None = None) -> None:
    """Call a waiting patient no more until ``resume``; the place in the queue stays."""
    case = locked_case(tx, visit_id=visit_id)
    entry, why = case.ticket(), optional_line(reason, "reason", limit=120)
    if case.visit.status is not VisitStatus.WAITING or entry.held_at is not None:
        raise IllegalTransition(machine="visit", current=case.visit.status.value, wanted="HELD")
    entry.held_at = entry.last_held_at = tx.now
    entry.hold_reason = why
    tx.reason = why or tx.reason
    tx.emit(TicketHeld(visit_id, case.visit.clinic_id, case.visit.doctor_id, entry.queue_number))


@command(CALL)
def resume(tx: Tx, *, visit_id: UUID) -> None:
    """The patient is back and stands where the queue has come to."""
    case = locked_case(tx, visit_id=visit_id)
    entry = case.ticket()
    if case.visit.status is not VisitStatus.WAITING or entry.held_at is None:
        raise IllegalTransition(machine="visit", current=case.visit.status.value, wanted="RESUMED")
    entry.held_at = entry.hold_reason = None
    tx.emit(TicketResumed(visit_id, case.visit.clinic_id, case.visit.doctor_id, entry.queue_number))
