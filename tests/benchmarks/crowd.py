"""Sites that come back to central all at once: each has a database, a key and a runner of its own, many of them in one process."""

from __future__ import annotations

import faulthandler
import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Thread
from time import monotonic, process_time, sleep
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.key_secrets import DataKey
from clinic_desktop.kernel.keys import key_file_path
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.errors import Busy, Offline
from clinic_desktop.sync.http_channel import HttpChannel
from clinic_desktop.sync.http_channel import Site as Asking
from clinic_desktop.sync.runner import Runner
from clinic_desktop.sync.site import Site

OWN = 1
"""Patients whom each site registered while it was away."""
_POLITE = 10
"""In a clinic each site has a computer of its own: here they leave the processors to central."""


@dataclass(frozen=True, slots=True)
class Chair:
    """One site, as it is handed to the process that plays it."""

    site_id: UUID
    database_id: UUID
    code: str
    key: bytes = field(repr=False)
    clinic_id: UUID | None = None

    @property
    def asking(self) -> Asking:
        """Who it is for central."""
        return Asking(self.site_id, self.database_id, Ed25519PrivateKey.from_private_bytes(self.key))


@dataclass(frozen=True, slots=True)
class Way:
    """What all of them know: where central is, and the database of which theirs are copies."""

    address: str
    pin: bytes | None
    template: Path
    data_key: bytes = field(repr=False)
    folder: Path = Path()


@dataclass(slots=True)
class Back:
    """How it went for one site: seconds until it had sent and read all that there was, and until it had been proved to agree."""

    code: str
    sent: float = 0.0
    agreed: float = 0.0
    asked: int = 0
    busy: int = 0
    broke: str | None = None


class _Counted(HttpChannel):
    """The way to central, counting questions and how often it was told to come again."""

    asked = busy = 0

    def ask(self, verb: str, body: bytes) -> bytes:
        self.asked += 1
        try:
            return super().ask(verb, body)
        except Busy:
            self.busy += 1
            raise


class Signals:
    """How the parts of a crowd wait for one another."""

    def __init__(self, context: Any, parts: int, sites: int) -> None:
        self.patience = 60.0 + 3.0 * sites
        """Seconds after which something is wrong."""
        self.ready, self.go = context.Barrier(parts + 1), context.Barrier(parts + 1)
        self.all_sent, self.is_broken = context.Event(), context.Event()
        self._sent, self._sites = context.Value("i", 0), sites

    def note_sent(self) -> None:
        """One more has nothing left to send."""
        with self._sent.get_lock():
            self._sent.value += 1
            if self._sent.value == self._sites:
                self.all_sent.set()

    def note_broken(self) -> None:
        """One does not come through: nobody is to wait for it."""
        self.is_broken.set()
        self.all_sent.set()


def play(way: Way, chairs: Sequence[Chair], signals: Signals, results: Any) -> None:
    """Be these sites: work alone for a while, then come back with all others when the signal is given."""
    os.nice(_POLITE)
    faulthandler.dump_traceback_later(2 * signals.patience, exit=True)  # who hangs says where
    with ExitStack() as kept:
        sites = [_Coming(way, chair, kept) for chair in chairs]
        signals.ready.wait(signals.patience)
        threads = [Thread(target=one.come_back, args=(signals,), name=one.back.code) for one in sites]
        signals.go.wait(signals.patience)
        used = process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        results.put(([one.back for one in sites], process_time() - used))
    faulthandler.cancel_dump_traceback_later()


class _Coming:
    """One site of the crowd."""

    def __init__(self, way: Way, chair: Chair, kept: ExitStack) -> None:
        self.back = Back(chair.code)
        self._database = site_database(way, chair)
        kept.callback(self._database.close)
        self._channel = _Counted(way.address, chair.asking, pin=way.pin)
        kept.callback(self._channel.close)
        self._runner = Runner(self._database, self._channel)
        if chair.clinic_id is not None:
            registered(self._database, chair.clinic_id, OWN)

    def come_back(self, signals: Signals) -> None:
        """As the desktop's runner does, and once more when all the others' work is at central; then both ends are compared."""
        began = monotonic()
        until = began + signals.patience
        try:
            while wait := self._round():
                if monotonic() + wait > until:
                    raise TimeoutError(f"not sent: {self._runner.phase.error}")
                sleep(wait)
            self.back.sent = monotonic() - began
            signals.note_sent()
            if not signals.all_sent.wait(until - monotonic()):
                raise TimeoutError("others have not sent")
            if not signals.is_broken.is_set():
                self._agree(until)
                self.back.agreed = monotonic() - began
        except Exception as error:  # told to whoever measures: a figure of a crowd that broke is none
            self.back.broke = f"{type(error).__name__}: {error}"
            signals.note_broken()
        self.back.asked, self.back.busy = self._channel.asked, self._channel.busy

    def _round(self) -> float:
        """Seconds to wait before it may try again; 0: it is through."""
        rest = self._runner.once()
        error = self._runner.phase.error
        if error is not None and not isinstance(error, (Busy, Offline)):
            raise error
        return 0.0 if error is None else rest.wait.total_seconds()

    def _agree(self, until: float) -> None:
        site = Site(self._database, self._channel)
        while monotonic() < until:
            try:
                site.round()
                compared = compare(site)
            except (Busy, Offline) as away:
                sleep(float(away.params.get("retry_after", 1)))
                continue
            if compared.repairs:
                raise RuntimeError(f"not as central has it: {compared.repairs[:3]}")
            if compared.is_proof:
                return
        raise TimeoutError("both ends do not agree")


def site_database(way: Way, chair: Chair) -> Database:
    """A copy of the template that is this site's own."""
    file = way.folder / f"{chair.code}.db"
    shutil.copyfile(way.template, file)
    shutil.copyfile(key_file_path(way.template), key_file_path(file))
    database = Database.open(f"sqlcipher:///{file}", secret=DataKey(way.data_key), clock=system_clock)
    be(database, chair)
    return database


def be(database: Database, chair: Chair) -> None:
    """Give a database the identity of a site, without a change set: as if it had enrolled before all that is in it."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        values = (chair.database_id.hex, chair.site_id.hex, chair.code)
        connection.exec_driver_sql("UPDATE database_identity SET database_id = ?, site_id = ?, site_code = ?", values)


def registered(database: Database, clinic_id: UUID, count: int) -> None:
    """So many patients at one clinic, each a change set."""
    details: dict[str, Any] = {"last_name": "Rao", "gender": Gender.FEMALE, "date_of_birth": date(1990, 5, 17), "city": "Pune"}
    for number in range(count):
        named = {"first_name": f"Asha {number}", "phone": f"9{new_id().int % 10**9:09}", **details}
        database.run(Actor.system(clinic_id=clinic_id), register_patient, key=new_id(), clinic_id=clinic_id, **named)
