"""A rekey while the service of a clinic's own server runs: it takes the new data key with its own passphrase, and ends what is left."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.rekey import reseal
from clinic_desktop.server.certifying import lay_out
from clinic_desktop.server.folder import TLS
from clinic_desktop.server.lan import read_service
from clinic_desktop.server.serving import Serving, tell

_SOONEST, _LATEST = 5.0, 600.0
"""Seconds until it is tried again to seal what is left; twice as long each time."""


class Renewing(Beside):
    """Looks now and then whether the data key is another one, and whether an earlier one is still needed."""

    name = "renewing"
    pause = Rest(timedelta(seconds=5))
    """For so long sites and copies are told that the keys do not fit, and come again."""

    def __init__(self, serving: Serving) -> None:
        super().__init__()
        self._serving = serving
        self._told = ""
        self._again, self._due = _SOONEST, 0.0

    def once(self) -> Rest:
        """One look."""
        try:
            self._look()
            self._told = ""
        except ClinicError as error:  # the database is away, or nobody kept the service's slot: the next look may find it well
            if error.code != self._told:
                tell("keys_wait", code=error.code)
            self._told = error.code
        return self.pause

    def _look(self) -> None:
        database, service = self._serving.database, read_service(self._serving.spec.folder)
        is_new = database.vault.is_renewed()
        if is_new:
            database.vault.unlock(Passphrase(service.passphrase))
            self._serving.take_keys()
            self._again, self._due = _SOONEST, 0.0
            tell("keys_renewed")
        is_left = len(database.vault.keys()) > 1 and monotonic() >= self._due
        if is_left:
            # Somebody may be at the same rows just now; and what may not be written now may be once the rights were given anew.
            self._due, self._again = monotonic() + self._again, min(2 * self._again, _LATEST)
            documents = reseal(database)
            tell("sealed_anew", documents=documents, left=len(database.vault.keys()) - 1)
        if is_new or is_left:
            lay_out(self._serving.spec.folder / TLS, service.hosts, database)
