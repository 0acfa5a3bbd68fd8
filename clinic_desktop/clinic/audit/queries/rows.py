"""What is asked of the audit trail, and the rows that answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_desktop.clinic.audit.rules import Named, Only, Value


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; what is None does not matter. Days are the clinic's, both included."""

    timezone: str = "UTC"
    person_id: UUID | None = None
    """What this person did, and what was done to the account: failed logins are nobody's acts."""
    command: str | None = None
    entity_type: str | None = None
    entity_id: UUID | None = None
    workstation_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    only: Only | None = None
    number: str | None = None
    """A number on paper, such as RCT-2026-00001; a patient's stands for all that belongs to the patient."""
    patient_id: UUID | None = None
    """Everything of this patient, under whatever record it was written before a merge."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: change sets before ``before``, down to ``lowest``."""

    before: int
    lowest: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change set as a line: who did what, and to which record first of all."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    workstation: str | None
    command: str
    reason: str | None
    note: Mapping[str, Value]
    """The details of the first note, with its ``event``; empty when there is none."""
    subject: Named | None
    records: int
    """How many entries the change set has."""

    @property
    def event(self) -> str | None:
        """The code of the note."""
        event = self.note.get("event")
        return event if isinstance(event, str) else None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first; ``after`` begins the next page, None when this is the last."""

    entries: tuple[AuditEntry, ...]
    after: Position | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after; of a note, ``new`` is a detail."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What one change set did to one record: I inserted, U changed, D deleted, N only noted something."""

    record: Named
    operation: str
    event: str | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ChangeSetRow:
    """One change set in full; ``left_out`` counts records beyond those that are shown."""

    entry: AuditEntry
    records: tuple[RecordChange, ...]
    left_out: int
    hash: str
