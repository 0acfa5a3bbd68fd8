"""The journal: every committed transaction writes one change set, in that transaction, and nothing escapes it.

A change set is one ``journal`` row (who, when, where, why, hash) and its ``audit_logs`` rows (what, field by field).
It is the audit trail, the outbox of sync, the refresh signal and the replay log at once (SYNC.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Index, Table, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic_desktop.kernel.archived import Archive, ArchivedHead, archived_head
from clinic_desktop.kernel.journal_rows import write_rows
from clinic_desktop.kernel.journal_secrets import NOT_ITSELF, JournalSecret, secret_rows
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.tables import Base

GENESIS = bytes(32)
"""The hash before the first change set."""

INSERT, UPDATE, DELETE, NOTE = "I", "U", "D", "N"
IS_NOTE = text("operation = 'N'")


class JournalHead(Base):
    """The one row whose lock orders commits: sequence, hash and hybrid clock of the newest change set."""

    __tablename__ = "journal_head"
    __table_args__ = ({"info": NOT_ITSELF},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    hlc: Mapped[int] = mapped_column(BigInteger)


class ChangeSet(Base):
    """One committed transaction."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_at", "at", "seq"),
        Index("ix_journal_actor", "actor_id", "seq"),
        Index("ix_journal_command", "command", "seq"),
        Index("ix_journal_workstation", "workstation_id", "seq"),
        {"info": {"append_only": True, **NOT_ITSELF}},
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    hlc: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    workstation_id: Mapped[UUID | None]
    command: Mapped[str]
    reason: Mapped[str | None]
    hash: Mapped[bytes]


class AuditLog(Base):
    """One touched row (or one note) of a change set; ``changes`` is canonical JSON.

    Insert and delete: ``{field: value}``; update: ``{field: [old, new]}``; note: the details of what happened.
    """

    __tablename__ = "audit_logs"
    __table_args__ = (
        Index("ix_audit_logs_entity", "entity_type", "entity_id", "seq"),
        Index("ix_audit_logs_kind", "entity_type", "seq"),
        Index("ix_audit_logs_notes", "seq", sqlite_where=IS_NOTE, postgresql_where=IS_NOTE),
        {"info": {"append_only": True, **NOT_ITSELF}},
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity_type: Mapped[str]
    entity_id: Mapped[UUID]
    operation: Mapped[str]
    changes: Mapped[str]


class DatabaseIdentity(Base):
    """Which database and site this is, which one it was restored from, and the one currency it keeps."""

    __tablename__ = "database_identity"
    __merge__ = stays_here()

    database_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    site_code: Mapped[str | None]
    currency: Mapped[str | None]
    restored_from: Mapped[UUID | None]


@dataclass(slots=True)
class Entry:
    """What one transaction did to one row, merged over its flushes; ``secrets``: the new values that ``changes`` does not show."""

    entity_type: str
    entity_id: UUID
    operation: str
    changes: dict[str, Any]
    secrets: dict[str, Any] = field(default_factory=dict)
    clinic_id: UUID | None = None
    """The clinic that the row names itself, where it is known: whoever asks whose row it is need not read it again."""


@dataclass(frozen=True, slots=True)
class Header:
    """Who, when, where and why of one change set."""

    at: datetime
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None


def canonical(changes: dict[str, Any]) -> str:
    """The same text for the same values on both engines: sorted keys, ISO times, integer money."""
    return msgspec.json.encode(changes, order="deterministic").decode()


def change_set_hash(previous: bytes, seq: int, hlc: int, header: Header, rows: Sequence[tuple[str, UUID, str, str]]) -> bytes:
    """BLAKE2b-256 over the previous hash and the canonical bytes of one change set."""
    body = msgspec.json.encode(
        (seq, hlc, header.at, header.actor_id, header.actor_name, header.workstation_id, header.command, header.reason, rows)
    )
    return blake2b(previous + body, digest_size=32).digest()


def take_head(session: Session, sets: int = 1) -> tuple[int, bytes, int]:
    """Advance and lock the head: (new seq, previous hash, previous hlc). Held until commit, so sequence order is commit order."""
    connection = session.connection()
    seq, digest, hlc = connection.execute(_TAKE_HEAD[connection.dialect.name], {"sets": sets}).one()[:3]
    return int(seq), bytes(digest), int(hlc)


_ALONE = 5_000
"""Milliseconds after which a server takes the head back from a computer that holds it and says nothing: everybody waits for it."""
_TAKE = "UPDATE journal_head SET seq = seq + :sets WHERE id = 1 RETURNING seq, hash, hlc"
# What a server does besides costs no round trip of its own.
_TAKE_HEAD = {
    "sqlite": text(_TAKE),
    "postgresql": text(f"{_TAKE}, set_config('idle_in_transaction_session_timeout', '{_ALONE}', true)"),
}


def append(session: Session, header: Header, entries: Sequence[Entry]) -> tuple[int, bytes]:
    """Write one change set as the last act of a transaction; returns its sequence number and hash."""
    return append_all(session, [(header, entries, 0)])[0]


def append_all(session: Session, sets: Sequence[tuple[Header, Sequence[Entry], int]]) -> list[tuple[int, bytes]]:
    """Write several change sets in order as the last act of a transaction; returns the sequence number and hash of each.

    The third of each is the clock of the database where it was made (0: here): what is written here later has a later one. The time of
    day that such a one tells is its author's: a computer whose clock is a year ahead takes nobody's along.
    """
    if not sets:
        return []
    last, digest, hlc = take_head(session, len(sets))
    appended = []
    heads: list[dict[str, Any]] = []
    logs: list[dict[str, Any]] = []
    secrets: list[tuple[int, int, dict[str, Any]]] = []
    for seq, (header, entries, heard) in enumerate(sets, last - len(sets) + 1):
        touched = [(entry.entity_type, entry.entity_id, entry.operation, canonical(entry.changes)) for entry in entries]
        hlc = max(heard or int(header.at.timestamp() * 1000) << 16, hlc + 1)
        digest = change_set_hash(digest, seq, hlc, header, touched)
        heads.append(_head_row(seq, hlc, digest, header))
        logs += [
            {"seq": seq, "ordinal": n, "entity_type": kind, "entity_id": key, "operation": operation, "changes": changes}
            for n, (kind, key, operation, changes) in enumerate(touched)
        ]
        secrets += [(seq, n, entry.secrets) for n, entry in enumerate(entries) if entry.secrets]
        appended.append((seq, digest))
    rows = {_table(ChangeSet): heads, _table(AuditLog): logs, _table(JournalSecret): secret_rows(secrets)}
    write_rows(session.connection(), {"hash": digest, "hlc": hlc}, rows)
    return appended


def _table(kind: type[Base]) -> Table:
    return cast("Table", kind.__table__)


def _head_row(seq: int, hlc: int, digest: bytes, header: Header) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": header.at,
        "hlc": hlc,
        "actor_id": header.actor_id,
        "actor_name": header.actor_name,
        "workstation_id": header.workstation_id,
        "command": header.command,
        "reason": header.reason,
        "hash": digest,
    }


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One audit entry as screens and the command line show it."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None
    entity_type: str
    entity_id: UUID
    operation: str
    changes: dict[str, Any]


def entity_history(session: Session, entity_type: str, entity_id: UUID) -> list[AuditRow]:
    """Everything that happened to one row, oldest first."""
    statement = (
        select(ChangeSet, AuditLog)
        .join(AuditLog, AuditLog.seq == ChangeSet.seq)
        .where(AuditLog.entity_type == entity_type, AuditLog.entity_id == entity_id)
        .order_by(AuditLog.seq, AuditLog.ordinal)
    )
    return [_audit_row(change_set, log) for change_set, log in session.execute(statement)]


def _audit_row(change_set: ChangeSet, log: AuditLog) -> AuditRow:
    return AuditRow(
        seq=change_set.seq,
        at=change_set.at,
        actor_id=change_set.actor_id,
        actor_name=change_set.actor_name,
        workstation_id=change_set.workstation_id,
        command=change_set.command,
        reason=change_set.reason,
        entity_type=log.entity_type,
        entity_id=log.entity_id,
        operation=log.operation,
        changes=msgspec.json.decode(log.changes),
    )


def times_noted(session: Session, entity_type: str, entity_id: UUID, *, event: str, kind: str) -> int:
    """How often a note of that event and kind was written about one record."""
    of_record = (AuditLog.entity_type == entity_type, AuditLog.entity_id == entity_id, AuditLog.operation == NOTE)
    notes = (msgspec.json.decode(changes) for changes in session.scalars(select(AuditLog.changes).where(*of_record)))
    return sum(1 for note in notes if note.get("event") == event and note.get("kind") == kind)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The journal's head as it can be printed and compared later."""

    seq: int
    hash: str


def head(session: Session) -> Anchor:
    """The newest change set."""
    found = session.execute(select(JournalHead.seq, JournalHead.hash)).one()
    return Anchor(found.seq, bytes(found.hash).hex())


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first change set that is not what was committed; ``problem`` is missing, altered, truncated or replaced."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of walking the chain: how many change sets, and the first broken link if any."""

    change_sets: int
    head_seq: int
    head_hash: str
    broken: BrokenLink | None


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a walk along the chain has come; it goes on from here, in another read scope if need be."""

    seq: int = 0
    hash: bytes = GENESIS
    is_end: bool = False
    broken: BrokenLink | None = None


def verify(session: Session, *, page: int = 500) -> Verification:
    """Walk the whole chain from the rows and name the first broken link."""
    walked = Walked()
    while not walked.is_end:
        walked = walk(session, walked, page=page)
    newest = head(session)
    return Verification(walked.seq, newest.seq, newest.hash, walked.broken)


def walk(session: Session, so_far: Walked, *, page: int = 500) -> Walked:
    """Go one page further; the end of the chain is held against the head, its beginning against the newest archive of the journal."""
    seen, previous, archived = so_far.seq, so_far.hash, archived_head(session)
    begins = 0 if archived is None else archived.seq
    is_start = seen <= begins
    if archived is not None and is_start:
        seen, previous = archived.seq, archived.hash
        if not _is_vouched(session, archived):
            return Walked(seen, previous, True, BrokenLink(seen, "replaced"))
    found = _change_sets(session, 0 if is_start else seen, page)
    for seq, hlc, digest, header, rows in found:
        if seq != seen + 1:
            return Walked(seen, previous, True, BrokenLink(seen + 1, "missing"))
        if change_set_hash(previous, seq, hlc, header, rows) != digest:
            return Walked(seen, previous, True, BrokenLink(seq, "altered"))
        seen, previous = seq, digest
    if len(found) == page:
        return Walked(seen, previous)
    newest = head(session)
    if seen != newest.seq or previous.hex() != newest.hash:
        return Walked(seen, previous, True, BrokenLink(seen + 1 if seen < newest.seq else seen, "truncated"))
    return Walked(seen, previous, True, _stray_rows(session, begins, seen))


def _is_vouched(session: Session, archived: ArchivedHead) -> bool:
    """Whether the journal itself says that an archive took its beginning, up to this change set."""
    entry = (AuditLog.entity_type == Archive.__tablename__, AuditLog.entity_id == archived.archive_id, AuditLog.operation == INSERT)
    told = [msgspec.json.decode(changes) for changes in session.scalars(select(AuditLog.changes).where(*entry))]
    return [(one.get("last_seq"), one.get("last_hash")) for one in told] == [(archived.seq, archived.hash.hex())]


def against(session: Session, anchor: Anchor) -> BrokenLink | None:
    """Hold the chain against a head that was written down elsewhere; the first sixteen figures of its hash are enough.

    What has left into an archive cannot be held against anything but that.
    """
    archived = archived_head(session)
    if archived is not None and anchor.seq <= archived.seq:
        is_other = anchor.seq == archived.seq and not archived.hash.hex().startswith(anchor.hash)
        return BrokenLink(anchor.seq, "replaced") if is_other else None
    found = session.scalar(select(ChangeSet.hash).where(ChangeSet.seq == anchor.seq))
    if found is None:
        return BrokenLink(anchor.seq, "truncated")
    return None if bytes(found).hex().startswith(anchor.hash) else BrokenLink(anchor.seq, "replaced")


def _stray_rows(session: Session, begins: int, last: int) -> BrokenLink | None:
    stray = session.scalar(select(AuditLog.seq).where((AuditLog.seq > last) | (AuditLog.seq <= begins)).order_by(AuditLog.seq).limit(1))
    return None if stray is None else BrokenLink(stray, "altered")


_Links = list[tuple[int, int, bytes, Header, list[tuple[str, UUID, str, str]]]]


def _change_sets(session: Session, after: int, page: int) -> _Links:
    """Sequence, clock, hash, header and rows of the change sets that follow."""
    c, r = ChangeSet, AuditLog
    headers = select(c.seq, c.hlc, c.hash, c.at, c.actor_id, c.actor_name, c.workstation_id, c.command, c.reason)
    # From the very first on, what stands before it must be seen too.
    found = session.execute((headers.where(c.seq > after) if after else headers).order_by(c.seq).limit(page)).all()
    rows: dict[int, list[tuple[str, UUID, str, str]]] = {one.seq: [] for one in found}
    if found:
        between = select(r.seq, r.entity_type, r.entity_id, r.operation, r.changes).where(r.seq >= found[0].seq, r.seq <= found[-1].seq)
        for seq, kind, key, operation, changes in session.execute(between.order_by(r.seq, r.ordinal)):
            if seq in rows:
                rows[seq].append((kind, key, operation, changes))
    return [(one.seq, one.hlc, bytes(one.hash), Header(*one[3:]), rows[one.seq]) for one in found]
