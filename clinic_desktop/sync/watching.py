"""On a clinic's own server its service runs sync: the programs of its people only look how it stands."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncParked
from clinic_desktop.sync.peers import is_own
from clinic_desktop.sync.runner import REST, Phase

log = logging.getLogger(__name__)
FRESH = timedelta(minutes=2)
"""How long ago the service may have been through for all to count as sent: it goes round every twenty seconds."""


class Watching(Beside):
    """Stands where a runner would; tells a ``Phase`` now and then, on a thread of its own, and writes nothing."""

    name = "sync-watch"

    def __init__(self, database: Database, told: Callable[[Phase], None] = lambda _phase: None) -> None:
        super().__init__()
        self.database, self._told = database, told
        self.phase = Phase()

    def once(self) -> Rest:
        """One look."""
        try:
            phase = _phase(self.database)
        except ClinicError as error:  # the server does not answer: the window says so by itself
            log.debug("sync is not seen: %s", error.code)
            return Rest(REST)
        if not self._ended.is_set():
            self.phase = phase
            self._told(phase)
        return Rest(REST)


def _phase(database: Database) -> Phase:
    with database.read() as session:
        link = session.get(SyncLink, THE_ONE)
        if link is None:
            return Phase(is_elsewhere=True)
        parked = session.scalar(select(func.count()).select_from(SyncParked).where(SyncParked.resolved_at.is_(None))) or 0
        now = database.clock()
        is_through = link.last_error is None and link.last_synced_at is not None and now - link.last_synced_at < FRESH
        is_online = link.last_contact_at is not None and now - link.last_contact_at < FRESH
        unsent = 0
        if not is_through:
            o = JournalOrigin.__table__.c
            later = select(func.count()).select_from(ChangeSet).outerjoin(JournalOrigin.__table__, o.seq == ChangeSet.seq)
            unsent = session.scalar(later.where(ChangeSet.seq > link.pushed_seq, is_own(o.seq, o.site_id))) or 0
        return Phase(is_online, is_elsewhere=True, last_synced_at=link.last_synced_at, unsent=unsent, parked=parked)
