"""What must be true of what sites did at once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import ConflictStatus, Decision
from clinic_desktop.kernel.checks import Finding, check, lies, looked_at
from clinic_desktop.kernel.mending import ConflictKind


@check("Y1 decided conflicts")
def decided_conflicts(session: Session) -> Finding:
    """A conflict of a field was settled by one of its two values, a task by what was done, and both by somebody."""
    is_field, is_done = SyncConflict.kind == ConflictKind.FIELD, SyncConflict.decision == Decision.DONE
    decided = SyncConflict.status == ConflictStatus.DECIDED
    found = select(SyncConflict.kind, SyncConflict.entity_type, SyncConflict.entity_id, SyncConflict.decision)
    wording = "{kind} of {entity_type} {entity_id}: settled as {decision}, which is none of its choices"
    return Finding(looked_at(session, SyncConflict), tuple(lies(session, found.where(decided, is_field == is_done), wording)))
