"""What the audit screen reads, each in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access import queries as access
from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.queries import AuditFilter, AuditPage, ChangeSetRow, Position
from clinic_desktop.clinic.audit.verification import compare, verify_journal
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.journal_proof import Anchor, BrokenLink, Verification
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.late import late
from clinic_desktop.ui.progress import Progress

EXPORT_AUDIT = late("clinic_desktop.documents.compose.audit:export_audit")


@dataclass(frozen=True, slots=True)
class Offered:
    """The people and workstations of the pickers, with their names."""

    people: tuple[tuple[str, UUID], ...]
    workstations: tuple[tuple[str, UUID], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A change set, and the patient whom it is about."""

    row: ChangeSetRow
    patient_id: UUID | None


def offered(session: Any) -> Offered:
    """Everybody who ever had an account, and every workstation."""
    people = [(f"{one.full_name} ({one.username})", one.id) for one in access.users(session)]
    places = [(one.name, one.id) for one in organisation.workstations(session, with_inactive=True)]
    return Offered(tuple(people), tuple(places))


def page(session: Any, *, actor: Actor, wanted: AuditFilter, after: Position | None) -> AuditPage:
    """A page of the list."""
    return queries.audit_page(session, actor, wanted, after=after)


def told(session: Any, *, actor: Actor, seq: int) -> Told:
    """One change set with its patient."""
    row = queries.change_set(session, actor, seq)
    subject = row.entry.subject
    about = [subject, *(one.record for one in row.records)]
    found = (queries.patient_of(session, one.entity_type, one.entity_id) for one in about if one is not None)
    return Told(row, next((one for one in found if one is not None), None))


def patient_name(session: Any, *, patient_id: UUID) -> str:
    """What the list is called while it shows one patient."""
    row = patients.patient(session, patient_id)
    return f"{row.full_name} · {row.patient_number}"


def verified(*, progress: Progress, db: Database, actor: Actor) -> Verification:
    """Verify the whole journal, on the second thread."""
    return verify_journal(db, actor, advance=progress.report)


def compared(*, db: Database, actor: Actor, seq: int, digest: str) -> BrokenLink | None:
    """Hold the journal against a printed head."""
    return compare(db, actor, written=Anchor(seq, digest))


def exported(
    *, progress: Progress, db: Database, actor: Actor, wanted: AuditFilter, path: Path, clinic_id: UUID, asked: str, language: Language
) -> tuple[int, bool]:
    """Write what was found to a file, on the second thread."""
    report: Callable[[int, int], object] = progress.report
    written: tuple[int, bool] = EXPORT_AUDIT(
        db, actor, wanted, path=path, clinic_id=clinic_id, asked=asked, language=language, advance=report
    )
    return written
