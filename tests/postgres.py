"""A throw-away Postgres for tests and benchmarks: own folder, own port, own user, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""A memory file system, where the machine has one."""


def binaries() -> Path:
    """The newest installed Postgres, 15 or later."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("Postgres is not installed: run make setup")
    return found[-1].parent if found else Path(on_path or "").parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> dict[str, int]:
    """Postgres refuses to run as root: use its own account, or nobody's."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid}


@contextmanager
def running_postgres(*settings: str, in_memory: bool = True) -> Iterator[str]:
    """Start a cluster and yield the address of its maintenance database; stop it by its own process afterwards.

    In memory (where the system has a memory file system) copying a template for each test costs no disk.
    """
    account = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="clinic-postgres-", dir=MEMORY if in_memory else None))
    if account:
        os.chown(folder, account["user"], account["group"])
    port, tools = _free_port(), binaries()
    initdb = [tools / "initdb", "-D", folder / "data", "-U", "clinic", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/", **account)  # type: ignore[call-overload]
    options = ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *settings]
    arguments = [argument for option in options for argument in ("-c", option)]
    with (folder / "log").open("wb") as output:
        server = subprocess.Popen(
            [tools / "postgres", "-D", folder / "data", "-p", str(port), *arguments], stdout=output, stderr=output, cwd="/", **account
        )
        try:
            address = f"postgresql://clinic@127.0.0.1:{port}/postgres"
            _wait_until_ready(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)
            shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(address, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
