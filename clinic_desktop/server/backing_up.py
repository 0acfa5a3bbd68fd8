"""The scheduled backups of a clinic's own server, made by its service: nobody has to be logged in anywhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from clinic_desktop.clinic.backups.rules import BackupRunning
from clinic_desktop.clinic.backups.serving import let_go, run_as_service
from clinic_desktop.kernel.backup.errors import Cancelled
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.server.lan import BACKUPS
from clinic_desktop.server.serving import log, tell


class Backups(Beside):
    """A turn now and then, from the start of the service to its end: what was missed is due at once.

    When it is to end, a backup that is being made is given up, and nothing is left of it.
    """

    name = "backups"
    pause = Rest(timedelta(minutes=5))
    """Between two turns: so much of the journal a lost disk would cost."""
    patience = timedelta(minutes=1)

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__()
        self._database, self._folder = database, folder / BACKUPS

    def once(self) -> Rest:
        """One turn."""
        steps = Steps(lambda _done, _total, _stage: None, self._ended.is_set)
        try:
            for outcome in run_as_service(self._database, self._folder, steps=steps):
                if outcome.taken is not None:
                    tell("backed_up", folder=str(outcome.folder), file=outcome.taken.path.name, seq=outcome.taken.manifest.seq)
                elif not isinstance(outcome.error, (BackupRunning, Cancelled)) and outcome.error is not None:
                    tell("no_backup", folder=str(outcome.folder), code=outcome.error.code, reason=outcome.error.params.get("reason"))
        except ClinicError as error:  # the database is away, or its keys were renewed: the next turn may find it well
            tell("backups_wait", code=error.code)
        return self.pause

    def leave(self) -> None:
        """Give the backups back to the program."""
        try:
            let_go(self._database)
        except ClinicError as error:
            log.info("backups ended without a word: %s", error.code)
