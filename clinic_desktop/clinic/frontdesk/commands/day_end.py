"""The end of a day: nobody stands in the queue any more, and the log says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.calling import leave
from clinic_desktop.clinic.frontdesk.commands.consulting import end_consultation
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.events import QueueClosed
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line

CLOSE = permission("queue.close", N_("Close the queue at the end of a day"), "receptionist", "nurse")
_LEAVES = (VisitStatus.WAITING, VisitStatus.CALLED)


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """How many left unseen, how many consultations were ended, and how many had moved on by themselves meanwhile."""

    left: int
    ended: int
    moved_on: int


@command(CLOSE)
def close_queue(tx: Tx, *, clinic_id: UUID, visit_ids: Sequence[UUID], reason: str | None = None) -> ClosedRow:
    """Close the visits that somebody has looked at: who waits or was called has left, who is in a room goes to the cashier.

    Only those: whoever came in the meantime stays. A visit of a later day, of another clinic or moved on by itself is left alone.
    """
    why = optional_line(reason, "reason", limit=120) or "end of the day"
    today, counts = clinic_today(tx.session, clinic_id, tx.now), {"left": 0, "ended": 0, "moved_on": 0}
    for visit_id in sorted(set(visit_ids)):
        counts[_close(tx, clinic_id, visit_id, today, why)] += 1
    tx.reason = why
    tx.emit(QueueClosed(clinic_id, counts["left"], counts["ended"]))
    return ClosedRow(**counts)


def _close(tx: Tx, clinic_id: UUID, visit_id: UUID, today: date, why: str) -> str:
    case = locked_case(tx, visit_id=visit_id)
    visit = case.visit
    if visit.clinic_id != clinic_id or visit.business_date > today:
        return "moved_on"
    if visit.status in _LEAVES:
        leave(tx, case=case, reason=why)
        return "left"
    if visit.status is VisitStatus.IN_PROGRESS:
        end_consultation(tx, case=case, reason=why)
        return "ended"
    return "moved_on"
