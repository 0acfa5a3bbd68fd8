"""The front desk's clock at a clinic's own server: who never came is recorded though nobody is logged in at any desk."""

from __future__ import annotations

from datetime import timedelta

from clinic_desktop.clinic.frontdesk.sweeping import Swept, sweep_clinics
from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.server.serving import tell


class Sweeps(Beside):
    """A turn now and then; desks do the same, and each thing happens once."""

    name = "sweeps"
    pause = Rest(timedelta(minutes=2))
    """So long an offer that nobody answered may stand beyond its time."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    def once(self) -> Rest:
        """One turn."""
        try:
            for clinic_id, swept in sweep_clinics(self._database).items():
                if swept != Swept(0, 0):
                    tell("swept", clinic=clinic_id, missed=swept.missed, waiting=swept.waiting)
        except ClinicError as error:  # the database is away, or its keys were renewed: the next turn may find it well
            tell("sweeps_wait", code=error.code, reason=error.params.get("reason"))
        return self.pause
