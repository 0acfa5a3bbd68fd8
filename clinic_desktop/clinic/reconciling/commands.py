"""What people decide about what sites did at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.privacy.events import PatientErased
from clinic_desktop.clinic.reconciling.events import ConflictDecided, ConflictFound
from clinic_desktop.clinic.reconciling.linking import link_site as link_site
from clinic_desktop.clinic.reconciling.linking import unlink_site as unlink_site
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import CONFLICT_STATES, ConflictStatus, Decision, NothingToChoose
from clinic_desktop.clinic.reconciling.taking import take_other
from clinic_desktop.kernel.commands import command, reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.mending import ConflictKind, Task, mend
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, required_line

DECIDE = permission("reconciling.decide", N_("Settle what sites changed at once"), "receptionist", "doctor")


@step
def open_tasks(tx: Tx, *, tasks: Iterable[Task]) -> int:
    """Put what mends found before somebody; one that was settled and has changed since is open again. Returns how many are new."""
    opened = 0
    for task in tasks:
        facts = msgspec.json.encode(dict(task.facts), order="deterministic").decode()
        known = tx.session.get(SyncConflict, task.id)
        if known is None:
            known = tx.add(_conflict(tx, task))
        elif known.kept_value == facts:
            continue
        known.kept_value, known.status = facts, ConflictStatus.OPEN
        known.decision = known.decided_by = known.decided_at = known.note = None
        opened += 1
        tx.emit(ConflictFound(known.id))
    tx.session.flush()
    return opened


def _conflict(tx: Tx, task: Task) -> SyncConflict:
    about = {"kind": task.kind, "entity_type": task.entity_type, "entity_id": task.entity_id, "patient_id": task.patient_id}
    return SyncConflict(id=task.id, **about, detected_at=tx.now)


@command(DECIDE, idempotent=True)
def decide(tx: Tx, *, key: UUID, conflict_id: UUID, decision: Decision, note: str | None = None) -> None:
    """Keep the value that stands, take the other one, or say what was done about a task.

    Raises NothingToChoose, CannotTake, or ValueMovedOn when what stands was changed since.
    """
    conflict = tx.session.get(SyncConflict, conflict_id, with_for_update=True, populate_existing=True)
    if conflict is None:
        raise NotFound(entity="sync_conflicts", key=str(conflict_id))
    settled = CONFLICT_STATES.check(conflict.status, ConflictStatus.DECIDED)
    if (conflict.kind is ConflictKind.FIELD) == (decision is Decision.DONE):
        raise NothingToChoose("decision", kind=conflict.kind.value)
    is_task = decision is Decision.DONE
    conflict.note = required_line(note or "", "note", limit=500) if is_task else optional_line(note, "note", limit=500)
    if decision is Decision.OTHER:
        take_other(tx, conflict)
    conflict.status, conflict.decision = settled, decision
    conflict.decided_by, conflict.decided_at = tx.actor.user_id, tx.now
    tx.session.flush()
    if decision is Decision.OTHER:
        open_tasks(tx, tasks=mend(tx, {conflict.entity_type: {conflict.entity_id}}))
    tx.emit(ConflictDecided(conflict.id, conflict.entity_type, conflict.entity_id))


@reacts(PatientErased)
def forget_values(tx: Tx, erased: PatientErased) -> None:
    """Of an erased patient no value stays in what sites once disagreed about."""
    theirs = SyncConflict.patient_id.in_(person_ids(tx.session, erased.patient_id))
    for conflict in tx.session.scalars(select(SyncConflict).where(theirs)):
        conflict.kept_value = conflict.other_value = conflict.note = None
