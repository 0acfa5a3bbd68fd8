"""What archives took out of this database: told by their own journalled rows, so that nobody can take a row away in silence."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, CheckConstraint, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.tables import Record


class TakenOut(msgspec.Struct, frozen=True):
    """The rows of one table that one archive took: their keys, and what those that stay need to know of them."""

    rows: int
    digest: str
    """SHA-256 of the rows as the archive holds them, in the order of their keys."""
    ids: str
    """Base64 of the keys, 16 bytes each."""
    numbers: tuple[str, ...] = ()
    """Human numbers that went: their series is whole with them."""
    days: tuple[tuple[UUID, date], ...] = ()
    """Clinics and business dates that cannot be added up any more."""
    named: tuple[UUID, ...] = ()
    """Keys in other tables whose sums the rows were part of: a till, a visit, a dispensed line."""


class Contents(msgspec.Struct, frozen=True):
    """What one archive holds: tables for people to count, and until which day of each kind."""

    tables: dict[str, TakenOut]
    until: dict[str, date]
    documents: dict[str, int] = {}
    """Stored files by SHA-256, with their size."""


class Archive(Record):
    """One archive file: its rows are in it and no longer here. ``last_seq`` and ``last_hash`` are where the journal now begins."""

    __tablename__ = "archives"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("(last_seq IS NULL) = (last_hash IS NULL)", name="journal_part_has_hash"),
        CheckConstraint("last_seq IS NULL OR first_seq <= last_seq", name="journal_part_in_order"),
        Index("uq_archives_last_seq", "last_seq", unique=True, sqlite_where=text("last_seq IS NOT NULL"),
              postgresql_where=text("last_seq IS NOT NULL")),
    )  # fmt: skip

    file_name: Mapped[str] = mapped_column(unique=True)
    file_sha256: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[date]
    made_at: Mapped[datetime]
    row_count: Mapped[int] = mapped_column(BigInteger)
    contents: Mapped[str]
    """JSON of ``Contents``."""
    file_key: Mapped[bytes | None] = mapped_column(info={"secret": True})
    first_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_hash: Mapped[str | None]
    last_at: Mapped[datetime | None]
    verified_at: Mapped[datetime]
    chain: Mapped[str]
    """``link`` of this archive onto the one before: the newest, which the journal still tells of, vouches for all."""


def link(before: str, archive: Archive) -> str:
    """SHA-256 over the link before and what this archive says it took."""
    told = (before, archive.id, archive.file_name, archive.file_sha256, archive.row_count, archive.contents)
    return sha256(msgspec.json.encode((*told, archive.first_seq, archive.last_seq, archive.last_hash))).hexdigest()


def newest_link(session: Session) -> str:
    """The link that the next archive goes on from."""
    newest = select(Archive.chain).order_by(Archive.made_at.desc(), Archive.id.desc()).limit(1)
    return session.scalar(newest.with_for_update()) or ""


Needed = Callable[[Session], int | None]
_needed: list[Needed] = []


def keeps_journal(needed: Needed) -> Needed:
    """Register who still needs change sets: none after the sequence that it tells leaves into an archive; None: it needs none."""
    _needed.append(needed)
    return needed


def needed_after(session: Session) -> int | None:
    """The sequence after which change sets are still needed here; None where nobody needs them."""
    return min((seq for seq in (one(session) for one in _needed) if seq is not None), default=None)


@dataclass(frozen=True, slots=True)
class ArchivedHead:
    """The newest change set that an archive holds; the journal here begins after it."""

    archive_id: UUID
    seq: int
    hash: bytes
    at: datetime


def packed(ids: Iterable[UUID]) -> str:
    """Keys as a text of 22 characters each."""
    return b64encode(b"".join(sorted(one.bytes for one in ids))).decode()


def unpacked(text_: str) -> list[UUID]:
    """The keys of a packed text, in order."""
    raw = b64decode(text_)
    return [UUID(bytes=raw[at : at + 16]) for at in range(0, len(raw), 16)]


_NEWEST = (
    select(Archive.id, Archive.last_seq, Archive.last_hash, Archive.last_at)
    .where(Archive.last_seq.is_not(None))
    .order_by(Archive.last_seq.desc())
    .limit(1)
)


def archived_head(session: Session) -> ArchivedHead | None:
    """Where the journal of this database begins; None where it begins at the beginning."""
    found = session.execute(_NEWEST).one_or_none()
    if found is None:
        return None
    assert found.last_seq is not None
    assert found.last_at is not None
    return ArchivedHead(found.id, found.last_seq, bytes.fromhex(found.last_hash or ""), found.last_at)


def taken_out(session: Session) -> list[Contents]:
    """The contents of every archive, oldest first."""
    return remembered(session, Archive.__tablename__, "contents", lambda: _contents(session))


def _contents(session: Session) -> list[Contents]:
    return [msgspec.json.decode(text_, type=Contents) for text_ in session.scalars(select(Archive.contents).order_by(Archive.id))]


def removed_rows(session: Session, table: str) -> set[UUID]:
    """Keys of the rows of one table that archives took."""
    return {key for contents in taken_out(session) if table in contents.tables for key in unpacked(contents.tables[table].ids)}


def removed_numbers(session: Session) -> set[str]:
    """Every human number that went into an archive."""
    return {number for contents in taken_out(session) for taken in contents.tables.values() for number in taken.numbers}


def removed_days(session: Session, *tables: str) -> set[tuple[UUID, date]]:
    """Clinics and business dates of which rows of these tables went."""
    return {day for contents in taken_out(session) for name in tables if name in contents.tables for day in contents.tables[name].days}


def removed_from(session: Session, *tables: str) -> set[UUID]:
    """Keys of rows elsewhere whose sums lost rows of these tables."""
    return {key for contents in taken_out(session) for name in tables if name in contents.tables for key in contents.tables[name].named}
