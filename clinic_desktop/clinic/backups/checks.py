"""What must be true of the backups that are on record."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.backups.leftovers import LEFT_FOR, aged_in
from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.sealed_tables import DocumentBlob

TOLD_AFTER = LEFT_FOR + timedelta(days=14)
"""Two weeks in which no backup was made, or no sweep went through."""


@check("B2 stored files")
def stored_files(session: Session) -> Finding:
    """Nothing lies in the store for weeks that no row names: sweeps have removed it (``leftovers``)."""
    named = exists().where(Document.sha256 == DocumentBlob.sha256)
    aged = DocumentBlob.put_at < system_clock() - TOLD_AFTER  # by the clock of the store's place, not the clinic's
    loose = set(session.scalars(select(DocumentBlob.sha256).where(aged, ~named)))
    loose |= aged_in(session, TOLD_AFTER) - set(session.scalars(select(Document.sha256)))
    rows = looked_at(session, Document) + looked_at(session, DocumentBlob)
    return Finding(rows, tuple(f"document {name} is named by nothing" for name in sorted(loose)))


@check("B1 backups")
def recorded_backups(session: Session) -> Finding:
    """A good backup ended after it began, and holds no more of the journal than there is."""
    head = select(JournalHead.seq).scalar_subquery()
    wrong = select(Backup.file.label("file")).where(
        Backup.verified_at.is_not(None),
        or_(Backup.seq > head, Backup.verified_at < Backup.started_at, Backup.finished_at.is_(None), Backup.error.is_not(None)),
    )
    return finding(looked_at(session, Backup), lies(session, wrong, "backup {file} is not what its record says"))
