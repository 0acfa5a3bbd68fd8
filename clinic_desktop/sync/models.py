"""What sync remembers of itself, in each database for itself: no journal holds these tables, and none of them travels."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.journal_secrets import NOT_ITSELF
from clinic_desktop.kernel.tables import Base

THE_ONE = 1
"""The id of the one row of a table that holds one."""


class SyncLink(Base):
    """A site's side of the way to its central server: what was taken, how far was read, and how it went last."""

    __tablename__ = "sync_link"
    __table_args__ = ({"info": NOT_ITSELF},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[str | None]
    """Of the central server; none: this database stands alone."""
    pin: Mapped[bytes | None]
    """By which the server is known again; none where an authority vouches for it."""
    sealed_key: Mapped[bytes | None] = mapped_column(info={"secret": True})
    """The site's Ed25519 key, sealed under a key that the clinic's data key derives."""
    central_id: Mapped[UUID | None]
    """The database id of central, which is its epoch; none before the first contact."""
    pushed_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    pushed_hash: Mapped[bytes] = mapped_column(default=b"")
    echoed_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest own change set on which central's word was read: edits after it are still ours alone."""
    pulled_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    pulled_hash: Mapped[bytes] = mapped_column(default=b"")
    loads_from: Mapped[int | None] = mapped_column(BigInteger)
    """Central's place at which a load of whole rows began; it is under way until this is empty again."""
    last_contact_at: Mapped[datetime | None]
    last_synced_at: Mapped[datetime | None]
    """When everything had been sent and read."""
    proved_at: Mapped[datetime | None]
    """When both ends were last held against one another; none: that is due."""
    proving_since: Mapped[datetime | None]
    """When the pass began that holds them against one another, slice by slice; none: it begins with the first."""
    proving_table: Mapped[str | None]
    proving_after: Mapped[UUID | None]
    """How far it is: in which table, and behind which key."""
    proving_differs: Mapped[bool] = mapped_column(default=False)
    """It found something that was not as central has it."""
    last_error: Mapped[str | None]
    """JSON of the code and parameters of the last refusal; empty when the last round went well."""
    runner_id: Mapped[UUID | None]
    runner_until: Mapped[datetime | None]
    """Which program runs sync for this database, and until when nobody else may."""
    peer_id: Mapped[UUID | None]
    """Of a computer's copy of a LAN database: as whom the LAN knows it. None: a site asks in its own name."""
    series: Mapped[str | None]
    """Of such a copy: the code in the numbers that it gives."""
    detached_at: Mapped[datetime | None]
    """Since when people work on such a copy, away from the clinic's server; none: it is only fed."""

    def doubt(self) -> None:
        """Both ends are to be held against one another, from the beginning."""
        self.proved_at = self.proving_since = None


class SyncParked(Base):
    """A change set that could not be applied, or one that depends on such a one: whole, for a person to look at."""

    __tablename__ = "sync_parked"
    __table_args__ = (
        Index("uq_sync_parked_origin", "database_id", "origin_seq", unique=True),
        Index("ix_sync_parked_open", "resolved_at", "parked_at"),
        {"info": NOT_ITSELF},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    database_id: Mapped[UUID]
    origin_seq: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    detail: Mapped[str]
    body: Mapped[bytes]
    """The packed change set."""
    parked_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    """``applied`` or ``discarded``."""


class SyncParkedRow(Base):
    """A row that a parked change set touches: whatever touches it later waits, too."""

    __tablename__ = "sync_parked_rows"
    __table_args__ = ({"info": NOT_ITSELF},)

    parked_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity_type: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class SyncLoadPage(Base):
    """Rows of one table, up to a key, that a load brought as they were at one place of central's journal."""

    __tablename__ = "sync_load_pages"
    __table_args__ = ({"info": NOT_ITSELF},)
    SECOND_PASS: ClassVar[str] = "*"  # noqa: S105 - no password
    """Behind the name of a table that is gone through again."""

    table_name: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    through_key: Mapped[UUID | None]
    """None: to the end of the table."""
    head_seq: Mapped[int] = mapped_column(BigInteger)


class SyncDocument(Base):
    """A document whose bytes are still to be sent or fetched."""

    __tablename__ = "sync_documents"
    __table_args__ = ({"info": NOT_ITSELF},)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    is_fetched: Mapped[bool]
    """Comes from central; otherwise it goes there."""
    tries: Mapped[int] = mapped_column(default=0)


class SyncDocumentPart(Base):
    """Bytes of a document that has not come whole yet."""

    __tablename__ = "sync_document_parts"
    __table_args__ = ({"info": NOT_ITSELF},)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    data: Mapped[bytes]


class SyncTombstone(Base):
    """A row that was deleted: whoever has it still does not bring it back."""

    __tablename__ = "sync_tombstones"
    __table_args__ = ({"info": NOT_ITSELF},)

    entity_type: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hlc: Mapped[int] = mapped_column(BigInteger)
    site_id: Mapped[UUID]
    """When and where it was deleted: what was made later under the same key is another row."""


class SyncService(Base):
    """A LAN database's side: where its service answers the copies on its computers, on the server's own host."""

    __tablename__ = "sync_service"
    __table_args__ = ({"info": NOT_ITSELF},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    port: Mapped[int]
    pin: Mapped[bytes]
    seen_at: Mapped[datetime]
    """When it last said that it runs."""


class SyncTaken(Base):
    """Central's side: what it has of one database of one site, and its last answer for whoever asks again."""

    __tablename__ = "sync_taken"
    __table_args__ = ({"info": NOT_ITSELF},)

    database_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(index=True)
    taken_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_hash: Mapped[bytes] = mapped_column(default=b"")
    conflicts: Mapped[int] = mapped_column(BigInteger, default=0)
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """How far it has read central's journal, as it last asked."""
    head_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """Its own newest change set, as it last said; once it reads, it has sent all of them."""
    revision: Mapped[str | None]
    last_contact_at: Mapped[datetime | None]
    last_pushed_at: Mapped[datetime | None]
    is_former: Mapped[bool] = mapped_column(default=False)
    """The site goes on as another database since: nothing more is taken from this one."""
