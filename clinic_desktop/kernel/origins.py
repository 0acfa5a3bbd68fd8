"""Whose a change set is: one that came from another site says so beside the journal; without a row here it is this database's own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.journal_secrets import NOT_ITSELF
from clinic_desktop.kernel.tables import Base


class JournalOrigin(Base):
    """The site and database in which a change set was made, and its sequence, clock and hash there."""

    __tablename__ = "journal_origins"
    __table_args__ = (
        Index("uq_journal_origins_origin", "database_id", "origin_seq", unique=True),
        {"info": {"append_only": True, **NOT_ITSELF}},
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    site_id: Mapped[UUID]
    database_id: Mapped[UUID]
    origin_seq: Mapped[int] = mapped_column(BigInteger)
    origin_hlc: Mapped[int] = mapped_column(BigInteger)
    origin_hash: Mapped[bytes]
