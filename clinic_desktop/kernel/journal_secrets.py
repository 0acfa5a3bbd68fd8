"""What the journal words as "(secret)": kept beside it for as long as a replay may need it, and read by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, column, delete, func, select, table
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.tables import Base, UtcDateTime

NOT_ITSELF = {"journalled": False}
"""The mark of the journal's own tables."""


class JournalSecret(Base):
    """The new value of one secret field of one journal entry."""

    __tablename__ = "journal_secrets"
    __table_args__ = ({"info": NOT_ITSELF},)

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(info={"secret": True})
    """JSON, as the journal spells values; null when the field was emptied."""


_JOURNAL = table("journal", column("seq", BigInteger), column("at", UtcDateTime()))


def secret_rows(secrets: Iterable[tuple[int, int, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The rows for the secret values of journal entries, each given with its sequence number and ordinal."""
    return [
        {"seq": seq, "ordinal": ordinal, "field": field, "value": msgspec.json.encode(value).decode()}
        for seq, ordinal, values in secrets
        for field, value in values.items()
    ]


def prune_secrets(connection: Connection, *, before: datetime, through: int) -> int:
    """Forget the secrets of change sets older than ``before``, up to sequence ``through`` (what backups hold); returns how many."""
    last = connection.scalar(select(func.max(_JOURNAL.c.seq)).where(_JOURNAL.c.at < before))
    return connection.execute(delete(JournalSecret).where(JournalSecret.seq <= min(last or 0, through))).rowcount
