"""Where sync stands, for whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncParked
from clinic_desktop.sync.outbox import own_changes, size_of
from clinic_desktop.sync.peers import is_own
from clinic_desktop.sync.wire import PAGE_BYTES


@dataclass(frozen=True, slots=True)
class Standing:
    """Where sync stands, as the status bar shows it."""

    is_linked: bool
    last_contact_at: datetime | None
    last_synced_at: datetime | None
    unsent: int
    parked: int
    error: str | None


def standing(database: Database) -> Standing:
    """Where sync stands."""
    with database.read() as session:
        link, connection = session.get(SyncLink, THE_ONE), session.connection()
        parked = session.scalar(select(func.count()).select_from(SyncParked).where(SyncParked.resolved_at.is_(None))) or 0
        if link is None:
            return Standing(False, None, None, 0, parked, None)
        unsent = _unsent(connection, link.pushed_seq)
        return Standing(True, link.last_contact_at, link.last_synced_at, unsent, parked, link.last_error)


def _unsent(connection: Connection, after: int) -> int:
    """How many change sets are to be sent: exactly where it is a page of them, else counting those, too, of which nothing travels."""
    page = own_changes(connection, after, PAGE_BYTES)
    if sum(size_of(one) for one in page) < PAGE_BYTES:
        return len(page)
    seq, o = ChangeSet.__table__.c.seq, JournalOrigin.__table__.c
    later = select(func.count()).select_from(ChangeSet).outerjoin(JournalOrigin.__table__, o.seq == seq)
    return len(page) + int(connection.scalar(later.where(seq > page[-1].seq, is_own(o.seq, o.site_id))) or 0)
