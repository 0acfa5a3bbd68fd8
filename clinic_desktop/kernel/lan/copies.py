"""The service that answers copies, beside the server that runs on this computer: a unit of systemd, or a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.lan.programs import ServerNotRun, account
from clinic_desktop.kernel.lan.units import COPIES, has_systemd, systemctl, write_copies

FOLDER = "service"
"""Within the server's folder."""
_PID, _LOG = "pid", "log"
_PATIENCE = 180.0
"""Seconds in which it ends what it has begun to answer, its sync and its backup; what its unit gives it, too."""
_begun: dict[Path, subprocess.Popen[bytes]] = {}
"""What this very program has started, by the server's folder."""


def set_up_copies(server: Path, *, database: str, username: str, password: str) -> None:
    """Set the service up in a server's folder by what only the command line knows; a person's password opens the clinic's data.

    Raises ServerNotRun with what it says, as where this program was installed without what a service needs.
    """
    command = [*_program(), "lan", "serve", "--set-up", "--only", "--folder", str(server), "--database", database, "--user", username]
    secrets = {**os.environ, "CLINIC_PASSPHRASE": password}  # no secret is ever an argument, which others on this computer see
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=secrets, timeout=_PATIENCE)  # noqa: S603 - this very program
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerNotRun(reason="failed", said=str(error)) from error
    if done.returncode != 0:
        raise ServerNotRun(reason="failed", said=" ".join(done.stderr.split())[:400])


def start_copies(server: Path) -> None:
    """Have the service run that was set up in a server's folder; it goes on after this program. Raises ServerNotRun."""
    folder = server / FOLDER
    _give(folder)
    if has_systemd():
        write_copies(_program(), folder)
        systemctl("enable", "--now", COPIES)
        systemctl("restart", COPIES)
        return
    stop_copies(server)
    with (folder / _LOG).open("ab") as log:
        _give(folder)
        command = [*_program(), "lan", "serve", "--dir", str(folder)]
        detached: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True, "cwd": "/"}
        try:
            made = subprocess.Popen(command, **detached, **account())  # noqa: S603 - this very program
        except OSError as error:  # the server's account may not run this program where it is installed
            raise ServerNotRun(reason="failed", said=str(error)) from error
    _begun[server] = made
    write_durably(folder / _PID, str(made.pid).encode())


def stop_copies(server: Path) -> None:
    """End it, where it runs."""
    if has_systemd():
        if is_running(server):
            systemctl("disable", "--now", COPIES)
        return
    pid = _pid(server)
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _PATIENCE
    while is_running(server) and time.monotonic() < end:
        time.sleep(0.05)
    begun = _begun.pop(server, None)
    if begun is not None:
        begun.wait(_PATIENCE)
    (server / FOLDER / _PID).unlink(missing_ok=True)


def is_running(server: Path) -> bool:
    """Whether the service runs."""
    if has_systemd():
        try:
            systemctl("is-active", "--quiet", COPIES)
        except ServerNotRun:
            return False
        return True
    pid = _pid(server)
    if pid is None:
        return False
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # one that this very program started stays in the list of processes until it is asked for
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _pid(server: Path) -> int | None:
    """The process that was started, where that number is still this program's."""
    try:
        pid = int((server / FOLDER / _PID).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    words = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists() and (not words.exists() or b"serve" not in words.read_bytes()):
        return None  # another's by now: the computer was restarted
    return pid


def _program() -> list[str]:
    beside = Path(sys.executable).with_name("clinic")
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [str(beside)] if beside.exists() else [sys.executable, "-c", "from clinic_desktop.cli.main import main; main()"]


def _give(folder: Path) -> None:
    """To root's server: the account it runs as owns the folder."""
    whose = account()
    for one in (folder, *folder.rglob("*")) if whose else ():
        shutil.chown(one, whose["user"], whose["group"])
