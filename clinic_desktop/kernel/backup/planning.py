"""What a restore would do: from which backup, through which change sets, up to where, and what would be lost by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.kernel.backup.changes import Change, changes_of
from clinic_desktop.kernel.backup.container import Sealed
from clinic_desktop.kernel.backup.copying import row_counts
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.folders import Shelf, shelf
from clinic_desktop.kernel.backup.routine import identity_of
from clinic_desktop.kernel.backup.segments import changes_in
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.verifying import key_of
from clinic_desktop.kernel.backup.workfiles import in_transaction, reading
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import for_reading
from clinic_desktop.kernel.journal import DELETE, INSERT, ChangeSet
from clinic_desktop.kernel.key_secrets import Secret

_TOLD_EVERY = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """A backup, the keys that a secret opened, and until when the journal is to be replayed on it."""

    shelf: Shelf
    backup: Sealed
    keys: Mapping[str, bytes] = field(repr=False)
    at: datetime | None
    is_file: bool
    """One file was chosen and no time: exactly that backup, without what followed it."""

    @property
    def data_key(self) -> bytes:
        """The key of the backup's payload."""
        return key_of(self.backup, self.keys)

    def changes(self, present: Database | None = None) -> Iterator[Change]:
        """What follows the backup, from the segments and from the present database where that reaches further."""
        if self.is_file:
            return
        for change in self._all(present):
            if self.at is not None and change.at > self.at:
                return
            yield change

    def _all(self, present: Database | None) -> Iterator[Change]:
        seq, digest = self.backup.manifest.seq, bytes.fromhex(self.backup.manifest.hash)
        for change in changes_in(self.shelf.folder, self.shelf.database_id, self.keys, seq):
            yield change
            seq, digest = change.seq, change.hash
        if present is not None and identity_of(present).database_id == self.shelf.database_id and hash_at(present, seq) == digest:
            with for_reading(present.engine).connect() as connection, connection.begin():
                yield from changes_of(connection, seq)


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest change set of a state: which, when, by whom, and what was done."""

    seq: int
    at: datetime
    actor_name: str
    command: str


@dataclass(frozen=True, slots=True)
class Lost:
    """What the present database has that a restored one would not have."""

    is_other: bool
    """The present database is another one, or its journal went another way: all of it."""
    change_sets: int
    since: datetime | None
    rows: Mapping[str, int]
    """By table: rows there are now, less those there would be."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would bring."""

    plan: Plan
    change_sets: int
    """Replayed on the backup."""
    last: LastChange | None
    tables: Mapping[str, int]
    """Rows of each table afterwards."""
    clock_set_back: bool
    """The clock ran backwards on the way, so that the time asked for may have been twice."""
    lost: Lost | None


def plan_restore(place: Path, secret: Secret, now: datetime, *, at: datetime | None = None, database_id: UUID | None = None) -> Plan:
    """The newest backup of a folder (or that file) from before an instant; raises BadBackup, WrongPassphrase or RestoreRefused."""
    if place.is_file() and at is not None:
        named = shelf(place)
        found = shelf(place.parent, named.database_id)
    else:
        found = shelf(place, database_id)
    usable = [one for one in found.backups if at is None or (one.manifest.last_at or at) <= at]
    if not usable:
        raise RestoreRefused(reason="too_early", earliest=found.backups[0].manifest.last_at)
    return Plan(found, usable[-1], found.keys(secret, now), at, place.is_file() and at is None)


def preview(plan: Plan, present: Database | None = None, steps: Steps = UNWATCHED) -> Preview:
    """Look at what a restore would bring, without restoring."""
    manifest = plan.backup.manifest
    with reading(plan.backup.path, plan.data_key) as copy:
        rows = Counter(row_counts(SqliteSide(copy)))
        with in_transaction(copy) as connection:
            newest = connection.execute(select(*ChangeSet.__table__.c).order_by(ChangeSet.seq.desc()).limit(1)).one_or_none()
    last = None if newest is None else LastChange(newest.seq, newest.at, newest.actor_name, newest.command)
    replayed, latest, set_back, digest = 0, manifest.last_at, False, bytes.fromhex(manifest.hash)
    for change in plan.changes(present):
        for row in change.rows:
            rows[row.entity_type] += (row.operation == INSERT) - (row.operation == DELETE)
        rows.update(journal=1, audit_logs=len(change.rows), journal_secrets=len(change.secrets))
        set_back |= latest is not None and change.at < latest
        latest = change.at if latest is None else max(latest, change.at)
        last, digest, replayed = LastChange(change.seq, change.at, change.actor_name, change.command), change.hash, replayed + 1
        if replayed % _TOLD_EVERY == 0:
            steps.at(replayed, replayed, "replay")
    lost = None if present is None else _lost(plan, present, manifest.seq + replayed, digest, rows)
    return Preview(plan, replayed, last, dict(rows), set_back, lost)


def hash_at(database: Database, seq: int) -> bytes | None:
    """The hash of a change set of a database."""
    with database.engine.connect() as connection:
        found = connection.scalar(select(ChangeSet.hash).where(ChangeSet.seq == seq))
    return None if found is None else bytes(found)


def _lost(plan: Plan, present: Database, seq: int, digest: bytes, rows: Mapping[str, int]) -> Lost:
    from_here = identity_of(present).database_id == plan.shelf.database_id and hash_at(present, seq) == digest
    with present.engine.connect() as connection:
        later = select(func.count(), func.min(ChangeSet.at)).where(ChangeSet.seq > (seq if from_here else 0))
        count, since = connection.execute(later).one()
    with side_of(present) as side:
        there = row_counts(side)
    differences = {name: count - rows.get(name, 0) for name, count in there.items() if count != rows.get(name, 0)}
    return Lost(not from_here, count, since, differences)
