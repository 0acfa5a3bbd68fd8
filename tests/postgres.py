"""A throw-away Postgres for tests and benchmarks: own folder, own port, own user, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom

import psycopg

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""A memory file system, where the machine has one."""
CHOSEN = "CLINIC_POSTGRES_BIN"
"""The environment variable that names the programs of another Postgres than the newest one installed."""


def binaries() -> Path:
    """The chosen Postgres, or the newest installed one, 15 or later."""
    if os.environ.get(CHOSEN):
        return Path(os.environ[CHOSEN])
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("Postgres is not installed: run make setup")
    return found[-1].parent if found else Path(on_path or "").parent


def free_port() -> int:
    """A port that nobody has, and that nobody gets meanwhile: it is below those which the system gives to whoever connects."""
    while True:
        port = SystemRandom().randrange(20_000, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def unprivileged() -> dict[str, int]:
    """Postgres refuses to run as root: use its own account, or nobody's."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid}


class Cluster:
    """A Postgres of one's own, which can be stopped and started again."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self._folder, self._account, self._tools = folder, unprivileged(), binaries()
        if self._account:
            os.chown(folder, self._account["user"], self._account["group"])
        self._port = free_port()
        initdb = ["initdb", "-D", folder / "data", "-U", "clinic", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([self._tools / initdb[0], *initdb[1:]], check=True, capture_output=True, cwd="/", **self._account)  # type: ignore[call-overload]
        options = ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *settings]
        self._arguments = [argument for option in options for argument in ("-c", option)]
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The address of its maintenance database."""
        return f"postgresql://clinic@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [self._tools / "postgres", "-D", self._folder / "data", "-p", str(self._port), *self._arguments]
        with (self._folder / "log").open("ab") as output:
            self._server = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", **self._account)
        _wait_until_ready(self.address, self._server)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the server: SIGTERM when all have left, SIGINT throws them out, SIGQUIT as if the power had failed."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=120)
            self._server = None


@contextmanager
def cluster(*settings: str, in_memory: bool = True) -> Iterator[Cluster]:
    """A started cluster in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-postgres-", dir=MEMORY if in_memory else None))
    try:
        made = Cluster(folder, settings)
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgres(*settings: str, in_memory: bool = True) -> Iterator[str]:
    """Start a cluster and yield the address of its maintenance database; stop it by its own process afterwards.

    In memory (where the system has a memory file system) copying a template for each test costs no disk.
    """
    with cluster(*settings, in_memory=in_memory) as made:
        yield made.address


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
