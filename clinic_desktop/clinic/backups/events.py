"""What happened to backups."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("backups")
@dataclass(frozen=True, slots=True)
class BackupBegun:
    """A backup is being made."""

    backup_id: UUID


@tells_of("backups")
@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup was made, opened again and counted."""

    backup_id: UUID


@tells_of("backups")
@dataclass(frozen=True, slots=True)
class BackupFailedToFinish:
    """A backup was not made; nothing of it is left."""

    backup_id: UUID
    error: str
