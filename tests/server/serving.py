"""Central servers as they run in earnest: a process of their own, TLS, a port of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete

from clinic_desktop.kernel.certificates import new_authority, new_certificate
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.server.folder import Central, opened
from clinic_desktop.server.founding import Founded, Wanted, found
from clinic_desktop.sync import enrolment, http_channel
from clinic_desktop.sync.credentials import Enrolled, EnrolmentCode
from clinic_desktop.sync.http_channel import HttpChannel, Site
from clinic_desktop.sync.peers import SyncTry
from tests.databases import PASSPHRASE, fresh

PASSWORD = "blue-Elephant-42"
_CLI = [sys.executable, "-c", "from clinic_desktop.cli.main import main; main()"]
_numbers = count(1)


AUTHORITY = "authority.pem"
"""In the folder of a server that was given its certificate: who vouches for it."""


def founded(engine: str, folder: Path, *, given: bool = False) -> Founded:
    """A central server that was set up and never started, in ``folder / "central"``; with a certificate that it was given, or its own."""
    folder.mkdir(exist_ok=True)
    made, _ = fresh("sqlcipher" if engine == "sqlite" else engine, folder, system_clock)
    url = made.address.url.set(drivername="postgresql") if made.address.file is None else None
    text = url.render_as_string(hide_password=False) if url is not None else f"sqlcipher:///{made.address.file}"
    made.close()
    wanted = Wanted(folder / "central", Passphrase(PASSPHRASE), PASSWORD, 8443, url=text, hosts=("127.0.0.1", "localhost"))
    return found(_given(wanted, folder) if given else wanted)


def _given(wanted: Wanted, folder: Path) -> Wanted:
    """The same with files from somebody else's authority."""
    now = system_clock()
    authority = new_authority("Somebody's authority", now=now)
    made = new_certificate(authority, wanted.hosts, now=now)
    for name, content in ((AUTHORITY, authority.certificate), ("given.pem", made.certificate), ("given.key", made.key)):
        (folder / name).write_bytes(content)
    return replace(wanted, hosts=(), certificate=folder / "given.pem", key=folder / "given.key")


class Served:
    """A running central server, and what tests may know of it besides: its database, opened here, too."""

    def __init__(self, central: Central, founded: Founded, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.central, self.founded, self.process, self.port, self.log = central, founded, process, port, log
        self.pin = founded.pin
        self.address = f"127.0.0.1:{port}"
        self.url = f"https://{self.address}"
        self._channels: list[HttpChannel] = []

    @property
    def database(self) -> Database:
        """Its database."""
        return self.central.database

    def told(self, event: str) -> list[dict[str, object]]:
        """The lines of its log of that event so far."""
        whole, _end, _begun = self.log.read_bytes().rpartition(b"\n")  # it may be writing
        lines = (msgspec.json.decode(line) for line in whole.splitlines())
        return [line for line in lines if line["event"] == event]

    def channel(self, site: Site, pin: bytes | None) -> HttpChannel:
        """A way here, closed when the test is over."""
        self._channels.append(HttpChannel(self.address, site, pin=pin))
        return self._channels[-1]

    def rest(self) -> None:
        """After a test: nobody is connected, and nobody's wrong tries count in the next."""
        while self._channels:
            self._channels.pop().close()
        with self.database.engine.execution_options(clinic_write=True).begin() as connection:
            connection.execute(delete(SyncTry))

    def wait(self, holds: Callable[[], object]) -> None:
        """Wait until something holds that the server does by itself."""
        end = monotonic() + 60
        while not holds():
            assert monotonic() < end, "it did not come to hold"
            sleep(0.02)

    def memory(self) -> int:
        """The most memory that its process has had, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))

    def code(
        self, *, code: str | None = None, name: str | None = None, again: str | None = None, keeps_shared_data: bool = False
    ) -> EnrolmentCode:
        """A code for a new site, or for one that is enrolled again."""
        code = code or again or f"T{next(_numbers):03}"
        make = enrolment.make_code
        wanted = {"code": code, "name": name or f"Site {code}", "pin": self.pin, "keeps_shared_data": keeps_shared_data}
        return self.database.run(enrolment.operator(), make, self.central.codes_key, again=again is not None, **wanted)  # type: ignore[arg-type]

    @cached_property
    def first(self) -> Member:
        """The site that founds, with a clinic of the code MAIN."""
        key, database_id = Ed25519PrivateKey.generate(), uuid4()
        return Member(self, key, database_id, self.enrol(self.code(), key, database_id, ["MAIN"]))

    def joined(
        self, *, code: str | None = None, name: str | None = None, keeps_shared_data: bool = False, by: EnrolmentCode | None = None
    ) -> Member:
        """A site that has just enrolled."""
        assert self.first
        key, database_id = Ed25519PrivateKey.generate(), uuid4()
        made = by or self.code(code=code, name=name, keeps_shared_data=keeps_shared_data)
        return Member(self, key, database_id, self.enrol(made, key, database_id))

    def enrol(self, code: EnrolmentCode, key: Ed25519PrivateKey, database_id: UUID, clinics: list[str] | None = None) -> Enrolled:
        """Enrol over the wire."""
        revision = newest_revision()
        joined = http_channel.enrol(self.address, code, key, database_id, program="test", revision=revision, clinics=clinics or [])
        assert joined.pin == self.pin
        return joined.enrolled


@dataclass
class Member:
    """An enrolled site as a program of its own sees itself."""

    served: Served
    key: Ed25519PrivateKey
    database_id: UUID
    enrolled: Enrolled

    @property
    def site(self) -> Site:
        """Who it is."""
        return Site(self.enrolled.site_id, self.database_id, self.key)

    def runner(self) -> HttpChannel:
        """A program of this site, with its way to central."""
        return self.served.channel(self.site, self.served.pin)


@contextmanager
def serving(engine: str, folder: Path, *options: str, given: bool = False) -> Iterator[Served]:
    """A started server in a process of its own; its passphrase comes through a pipe."""
    with started(folder, founded(engine, folder, given=given), *options) as served:
        yield served


@contextmanager
def started(folder: Path, made: Founded, *options: str) -> Iterator[Served]:
    """The server that was set up in ``folder / "central"``, started."""
    log = folder / "central.log"
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    asked = ["central", "serve", "--dir", str(folder / "central"), "--host", "127.0.0.1", "--port", "0", "--json", *options]
    with log.open("wb") as output:
        command = [*_CLI, *asked, "--passphrase-fd", str(reading)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=output, text=True, pass_fds=[reading])
    os.close(reading)
    try:
        with opened(folder / "central", Passphrase(PASSPHRASE)) as central:
            yield Served(central, made, process, port_of(process, log), log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def port_of(process: subprocess.Popen[str], log: Path) -> int:
    """Which port a server says that it answers at."""
    told = ""
    assert process.stdout is not None
    while line := process.stdout.readline():
        told += line
        if line.rstrip() == "}":
            return int(msgspec.json.decode(told)["port"])
    raise AssertionError(log.read_text())
