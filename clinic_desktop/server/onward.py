"""A clinic's own server in a chain: its service runs its sync towards central, for no person there may write what sync remembers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.server.serving import log, tell
from clinic_desktop.sync.joining import channel_of, is_joining
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.runner import Phase, Runner

_PATIENCE = 20.0
"""Seconds for the page under way."""


class Onward(Beside):
    """Looks now and then whether there is a way to central, and keeps a runner on it while there is."""

    name = "onward"
    pause = Rest(timedelta(seconds=5))
    """Until it is seen that the clinic joined a chain, or left it."""
    patience = timedelta(seconds=2 * _PATIENCE)
    """For a look and for the runner, which ends on the same thread."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._way: tuple[str, bytes] | None = None
        self._runner: Runner | None = None
        self._channel: Any = None

    def once(self) -> Rest:
        """One look."""
        try:
            self._look()
        except ClinicError as error:  # the database is away, or its keys were renewed: the next look may find it well
            log.info("no way to central: %s", error.code)
        return self.pause

    def _look(self) -> None:
        with self._database.read() as session:
            link = session.get(SyncLink, THE_ONE)
            way = None if link is None or link.address is None else (link.address, link.sealed_key or b"")
        if way == self._way or (way is not None and is_joining(self._database)):
            return
        self.leave()
        if way is not None:
            self._channel = channel_of(self._database)
            self._runner = Runner(self._database, self._channel, self._told)
            self._runner.start()
            tell("onward", address=way[0])
        self._way = way

    def leave(self) -> None:
        """End the runner after the page under way."""
        runner, self._runner, self._way = self._runner, None, None
        if runner is not None:
            runner.end()
            self._channel.cut()
            runner.stop(_PATIENCE)
            self._channel.close()

    def _told(self, phase: Phase) -> None:
        if phase.error is not None and not phase.is_working:
            tell("onward_waits", code=phase.error.code)
