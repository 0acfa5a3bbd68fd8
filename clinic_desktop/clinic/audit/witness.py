"""Recording in a person's name whatever that person's rights are: nobody reads or exports unrecorded."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from clinic_desktop.clinic.audit.commands import record_export, record_read
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


def _in_the_name_of(actor: Actor) -> Actor:
    """The program itself, so that no role can be made without a trace; nor does a session that has just ended matter."""
    return replace(actor, is_system=True, session_id=None)


def read(db: Database, *, actor: Actor, entity_type: str, entity_id: UUID, what: str) -> None:
    """Leave the trace of a record that was opened."""
    db.run(_in_the_name_of(actor), record_read, entity_type=entity_type, entity_id=entity_id, what=what)


def export(
    db: Database, *, actor: Actor, what: str, rows: int, way: str, entity_type: str | None = None, entity_id: UUID | None = None
) -> None:
    """Leave the trace of an export, before it is written."""
    db.run(_in_the_name_of(actor), record_export, what=what, rows=rows, way=way, entity_type=entity_type, entity_id=entity_id)
