"""Tables of backups."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.kernel.journal_secrets import NOT_ITSELF
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.tables import Base, Record

_running = text("finished_at IS NULL")


class Backup(Record):
    """One backup that was begun: where it is, what it holds, and whether it was opened again and counted."""

    __tablename__ = "backups"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("verified_at IS NULL OR (file IS NOT NULL AND seq IS NOT NULL)", name="verified_file"),
        Index("ix_backups_started", "started_at"),
        Index("uq_backups_running", "folder", unique=True, sqlite_where=_running, postgresql_where=_running),
    )

    folder: Mapped[str]
    file: Mapped[str | None]
    """Name of the file in the folder."""
    reason: Mapped[BackupReason]
    workstation_id: Mapped[UUID | None] = mapped_column(ForeignKey("workstations.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    row_count: Mapped[int | None] = mapped_column(BigInteger)
    byte_count: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]
    """Code of the refusal that ended it."""
    removed_at: Mapped[datetime | None]
    """When the age rules removed the file."""


class BackupService(Base):
    """The service beside a clinic's own server, while it makes the scheduled backups: until when nobody else does."""

    __tablename__ = "backup_service"
    __table_args__ = ({"info": NOT_ITSELF},)
    THE_ONE: ClassVar[int] = 1

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
    folders: Mapped[str]
    """JSON: where it makes them."""
    workstation_id: Mapped[UUID | None]
    """Whose folders these are: the workstation on the server's own computer, as that one says."""
