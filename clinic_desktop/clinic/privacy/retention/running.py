"""A retention run: archive, read the archive again, and only then let the rows go. A crash at any point loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.commands.permissions import RETAIN
from clinic_desktop.clinic.privacy.commands.retention import ArchiveFile, archive_journal, archive_rows
from clinic_desktop.clinic.privacy.retention.container import SUFFIX, Head, new_file_key, seal_key
from clinic_desktop.clinic.privacy.retention.filing import Progress, verify_journal, verify_rows, write_journal, write_rows
from clinic_desktop.clinic.privacy.retention.planning import Leaving, cutoffs, due_months, leaving
from clinic_desktop.clinic.privacy.rules import REPLAY_DAYS, Kind
from clinic_desktop.kernel.archived import needed_after
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import ChangeSet, DatabaseIdentity
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import Store, store_of

ROWS_AT_ONCE = 20_000
"""More rows than this leave month by month, so that no transaction keeps the clinic waiting."""


def _nobody(_done: int, _total: int, _label: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class JournalPart:
    """The change sets that may leave: up to ``last_seq``."""

    change_sets: int
    last_seq: int
    before: date


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What a run would archive today."""

    rows: Leaving
    journal: JournalPart

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to archive."""
        return self.rows.total == 0 and self.journal.change_sets == 0


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """What a run did."""

    archives: tuple[UUID, ...]
    files: tuple[str, ...]
    rows: int
    change_sets: int


def plan_retention(session: Session, today: date) -> RetentionPlan:
    """What may leave today, and what is old and stays, with the reasons."""
    return RetentionPlan(leaving(session, today), journal_part(session, today))


def journal_part(session: Session, today: date) -> JournalPart:
    """Change sets older than the years of the audit trail; never of the days that a point-in-time restore replays, nor unsent ones."""
    before = min(cutoffs(session, today)[Kind.AUDIT], today - timedelta(days=REPLAY_DAYS))
    instant = datetime.combine(before, time.min, UTC)
    first_kept = session.scalar(select(func.min(ChangeSet.seq)).where(ChangeSet.at >= instant))
    newest = session.scalar(select(func.max(ChangeSet.seq))) or 0
    last = newest if first_kept is None else first_kept - 1
    needed = needed_after(session)
    last = last if needed is None else min(last, needed)
    count = session.scalar(select(func.count()).select_from(ChangeSet).where(ChangeSet.seq <= last)) or 0
    return JournalPart(count, last, before)


def run_retention(
    db: Database,
    actor: Actor,
    folder: Path,
    *,
    today: date,
    progress: Progress = _nobody,
) -> RetentionRun:
    """Archive everything that may leave today into ``folder``; raises what ``progress`` raises, between two archives or before one."""
    actor.require(RETAIN, "privacy.run_retention")
    folder.mkdir(parents=True, exist_ok=True)
    done: list[ArchiveFile] = []
    change_sets = 0
    for as_of in _days(db, today, progress):
        made = _archive_rows(db, actor, folder, as_of, progress)
        done += [made] if made else []
    journal = _archive_journal(db, actor, folder, today, progress)
    if journal is not None:
        done.append(journal[0])
        change_sets = journal[1]
    rows = sum(one.row_count for one in done) - change_sets
    return RetentionRun(tuple(one.archive_id for one in done), tuple(one.file_name for one in done), rows, change_sets)


def _days(db: Database, today: date, progress: Progress) -> Iterator[date]:
    """The days as of which to archive: today, or month after month where much has gathered."""
    progress(0, 0, "plan")
    with db.read() as session:
        wanted = leaving(session, today)
        months = due_months(session, wanted) if wanted.total > ROWS_AT_ONCE else []
    yield from (month for month in months if month < today)
    yield today


def _head(db: Database, session: Session) -> tuple[Head, bytes]:
    file_key = new_file_key()
    wrapped = b"" if db.data_key is None else seal_key(file_key, db.data_key)
    database_id = session.scalars(select(DatabaseIdentity.database_id)).one()
    return Head(1, new_id(), database_id, db.clock(), wrapped), file_key


def _archive_rows(db: Database, actor: Actor, folder: Path, as_of: date, progress: Progress) -> ArchiveFile | None:
    store = store_of(db)
    with db.read() as session:
        wanted = leaving(session, as_of)
        if wanted.total == 0:
            return None
        head, file_key = _head(db, session)
        path = folder / f"{as_of.isoformat()}-records-{head.archive_id.hex[-8:]}{SUFFIX}"
        contents = write_rows(session, path, head, file_key, wanted, progress, partial(_stored, store))
    progress(0, wanted.total, "check")
    verify_rows(path, file_key=file_key, against=contents)
    made = _file(path, head, file_key, as_of, wanted.total)
    progress(0, wanted.total, "remove")
    db.run(actor, archive_rows, file=made, contents=contents)
    for digest in contents.documents:  # the rows that named them are gone: a crash before this leaves files that nobody can find
        store.remove(digest)
    return made


def _stored(store: Store, digest: str) -> bytes | None:
    return store.get(digest) if store.has(digest) else None


def _file(path: Path, head: Head, file_key: bytes, as_of: date, rows: int) -> ArchiveFile:
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return ArchiveFile(head.archive_id, path.name, digest, path.stat().st_size, as_of, rows, file_key)


def _archive_journal(db: Database, actor: Actor, folder: Path, today: date, progress: Progress) -> tuple[ArchiveFile, int] | None:
    with db.read() as session:
        part = journal_part(session, today)
        if part.change_sets == 0:
            return None
        head, file_key = _head(db, session)
        path = folder / f"{today.isoformat()}-audit-{head.archive_id.hex[-8:]}{SUFFIX}"
        rows, digest = write_journal(session, path, head, file_key, part.last_seq, progress)
    progress(0, part.change_sets, "check")
    verify_journal(path, file_key=file_key, rows=rows, digest=digest)
    made = _file(path, head, file_key, today, rows)
    progress(0, part.change_sets, "remove")
    db.run(actor, archive_journal, file=made, last_seq=part.last_seq, digest=digest)
    return made, part.change_sets
