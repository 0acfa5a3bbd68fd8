"""A copy is fed in the background while its computer works on the clinic's server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.sync import joining
from clinic_desktop.sync.copies import service_of
from clinic_desktop.sync.replica_files import Kept
from clinic_desktop.sync.replica_standing import Connect, CopyNotComplete, note, open_copy, standing
from clinic_desktop.sync.runner import Phase, Runner
from clinic_desktop.sync.scope import link_of, writing

log = logging.getLogger(__name__)
NOTED_EVERY = timedelta(seconds=30)


class Feeder:
    """The open copy and the runner that feeds it; raises CopyNotComplete where the first load was cut: ``keep`` goes on with it."""

    def __init__(
        self,
        kept: Kept,
        told: Callable[[Phase], None] = lambda _phase: None,
        *,
        lan: Database | None = None,
        connect: Connect = joining.channel_of,
        clock: Clock = system_clock,
    ) -> None:
        self.database = open_copy(kept.file, clock)
        try:
            if not standing(self.database).is_complete:
                raise CopyNotComplete
            if lan is not None:
                follow_lan(self.database, lan)
            channel = connect(self.database)
            if channel is None:
                raise joining.NotLinked
        except BaseException:
            self.database.close()
            raise
        self.channel = channel
        self._told, self._noted = told, kept.fed_until
        self.runner = Runner(self.database, self.channel, self._tell)

    def start(self) -> None:
        """Begin; the first round is at once."""
        self.runner.start()

    def wake(self) -> None:
        """Go now."""
        self.runner.wake()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the page under way, cut what still waits for the network, and close the copy."""
        self.runner.end()
        self.channel.cut()
        self.runner.stop(timeout)
        self.channel.close()
        try:
            self.runner.site.let_go()  # whoever comes next need not wait for the lease to run out
            note(self.database)
        except (ClinicError, OSError):
            log.info("the note beside the copy stays as it was")
        self.database.close()

    def _tell(self, phase: Phase) -> None:
        fed = phase.last_synced_at
        if fed is not None and not phase.is_working and (self._noted is None or fed - self._noted >= NOTED_EVERY):
            note(self.database)
            self._noted = fed
        self._told(phase)


def follow_lan(replica: Database, lan: Database) -> None:
    """What a copy goes by besides rows: where the service is, and which site the server is by now."""
    service = service_of(lan)
    with lan.read() as session:
        there = session.execute(select(DatabaseIdentity.site_id, DatabaseIdentity.site_code)).one()
    with writing(replica, "sync.keep_copy") as tx:
        link, identity = link_of(tx), tx.session.scalars(select(DatabaseIdentity)).one()
        if (identity.site_id, identity.site_code) != (there.site_id, there.site_code):
            identity.site_id, identity.site_code = there.site_id, there.site_code
        if service is not None:
            link.address, link.pin = service.address_for(lan), service.pin
