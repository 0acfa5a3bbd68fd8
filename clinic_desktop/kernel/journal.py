"""The journal: every committed transaction writes one change set, in that transaction, and nothing escapes it.

A change set is one ``journal`` row (who, when, where, why, hash) and its ``audit_logs`` rows (what, field by field).
It is the audit trail, the outbox of sync, the refresh signal and the replay log at once (SYNC.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic_desktop.kernel.journal_rows import Lines, hint_of, write_rows
from clinic_desktop.kernel.journal_secrets import NOT_ITSELF, secret_rows
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.tables import Base

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


class Told(NamedTuple):
    """A change set as it is written: its rows spelled, and by their ordinals the secrets that they do not show."""

    header: Header
    rows: Sequence[Line]
    secrets: Sequence[tuple[int, dict[str, Any]]] = ()
    heard: int = 0
    """The clock of the database where it was made; 0: here."""


Line = tuple[str, UUID | str, str, str]
"""Table, key (a text stands for the same as its UUID), operation and canonical changes of one touched row."""


def canonical(changes: dict[str, Any]) -> str:
    """The same text for the same values on both engines: sorted keys, ISO times, integer money."""
    return msgspec.json.encode(changes, order="deterministic").decode()


def change_set_hash(previous: bytes, seq: int, hlc: int, header: Header, rows: Sequence[Line]) -> bytes:
    """BLAKE2b-256 over the previous hash and the canonical bytes of one change set."""
    body = msgspec.json.encode(
        (seq, hlc, header.at, header.actor_id, header.actor_name, header.workstation_id, header.command, header.reason, rows)
    )
    return blake2b(previous + body, digest_size=32).digest()


def take_head(session: Session, sets: int = 1) -> tuple[int, bytes, int]:
    """Advance and lock the head: (new seq, previous hash, previous hlc). Held until commit, so sequence order is commit order."""
    connection = session.connection()
    is_server = connection.dialect.name == "postgresql"
    # The driver's own text, as every transaction runs it.
    taken = connection.exec_driver_sql(_TAKE_FROM_SERVER, {"sets": sets}) if is_server else connection.exec_driver_sql(_TAKE, (sets,))
    seq, digest, hlc = taken.one()[:3]
    return int(seq), bytes(digest), int(hlc)


_ALONE = 5_000
"""Milliseconds after which a server takes the head back from a computer that holds it and says nothing: everybody waits for it."""
_TAKE = "UPDATE journal_head SET seq = seq + ? WHERE id = 1 RETURNING seq, hash, hlc"
# What a server does besides costs no round trip of its own.
_TAKE_FROM_SERVER = f"{_TAKE.replace('?', '%(sets)s')}, set_config('idle_in_transaction_session_timeout', '{_ALONE}', true)"


def append(session: Session, header: Header, entries: Sequence[Entry]) -> tuple[int, bytes]:
    """Write one change set as the last act of a transaction; returns its sequence number and hash."""
    return append_all(session, [(header, entries, 0)])[0]


def append_all(session: Session, sets: Sequence[tuple[Header, Sequence[Entry], int]]) -> list[tuple[int, bytes]]:
    """Write several change sets in order as the last act of a transaction; returns the sequence number and hash of each.

    The third of each is the clock of the database where it was made (0: here): what is written here later has a later one. The time of
    day that such a one tells is its author's: a computer whose clock is a year ahead takes nobody's along.
    """
    return append_told(session, [_told(*one) for one in sets])


def _told(header: Header, entries: Sequence[Entry], heard: int) -> Told:
    touched = [(entry.entity_type, entry.entity_id, entry.operation, canonical(entry.changes)) for entry in entries]
    return Told(header, touched, [(n, entry.secrets) for n, entry in enumerate(entries) if entry.secrets], heard)


def append_told(session: Session, sets: Sequence[Told]) -> list[tuple[int, bytes]]:
    """Write change sets that are spelled already."""
    if not sets:
        return []
    last, digest, hlc = take_head(session, len(sets))
    appended, heads, logs = [], [], []
    secrets: list[tuple[int, int, dict[str, Any]]] = []
    for seq, (header, touched, hidden, heard) in enumerate(sets, last - len(sets) + 1):
        hlc = max(heard or int(header.at.timestamp() * 1000) << 16, hlc + 1)
        digest = change_set_hash(digest, seq, hlc, header, touched)
        who = (header.actor_id, header.actor_name, header.workstation_id, header.command, header.reason)
        heads.append((seq, header.at, hlc, *who, digest))
        logs += [(seq, n, kind, key, operation, changes) for n, (kind, key, operation, changes) in enumerate(touched)]
        secrets += [(seq, n, values) for n, values in hidden]
        appended.append((seq, digest))
    hidden_rows = [(row["seq"], row["ordinal"], row["field"], row["value"]) for row in secret_rows(secrets)]
    lines = [Lines(*_HEADS, heads), Lines(*_LOGS, logs), Lines(*_HIDDEN, hidden_rows)]
    # A page that came from elsewhere touches too much to be said in a few words: who hears of it reads it in the journal.
    hint = hint_of(last, digest, (log[2] for log in logs)) if len(sets) == 1 else str(last)
    write_rows(session.connection(), {"hash": digest, "hlc": hlc}, lines, hint)
    return appended


_HEADS = (
    "journal",
    ("seq", "at", "hlc", "actor_id", "actor_name", "workstation_id", "command", "reason", "hash"),
    ("", "instant", "", "uuid", "", "uuid", "", "", "bytes"),
)
_LOGS = ("audit_logs", ("seq", "ordinal", "entity_type", "entity_id", "operation", "changes"), ("", "", "", "uuid", "", ""))
_HIDDEN = ("journal_secrets", ("seq", "ordinal", "field", "value"), ("", "", "", ""))


def times_noted(session: Session, entity_type: str, entity_id: UUID, *, event: str, kind: str) -> int:
    """How often a note of that event and kind was written about one record."""
    of_record = (AuditLog.entity_type == entity_type, AuditLog.entity_id == entity_id, AuditLog.operation == NOTE)
    notes = (msgspec.json.decode(changes) for changes in session.scalars(select(AuditLog.changes).where(*of_record)))
    return sum(1 for note in notes if note.get("event") == event and note.get("kind") == kind)
