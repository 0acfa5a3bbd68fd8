"""What must be true of the backups that are on record."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.journal import JournalHead


@check("B1 backups")
def recorded_backups(session: Session) -> Finding:
    """A good backup ended after it began, and holds no more of the journal than there is."""
    head = select(JournalHead.seq).scalar_subquery()
    wrong = select(Backup.file.label("file")).where(
        Backup.verified_at.is_not(None),
        or_(Backup.seq > head, Backup.verified_at < Backup.started_at, Backup.finished_at.is_(None), Backup.error.is_not(None)),
    )
    return finding(looked_at(session, Backup), lies(session, wrong, "backup {file} is not what its record says"))
