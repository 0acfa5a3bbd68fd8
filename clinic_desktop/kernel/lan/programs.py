"""The installed Postgres: where its programs lie, and as whom they run."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

from clinic_desktop.kernel.errors import ClinicError

OLDEST = 15
_PLACES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/Library/PostgreSQL", "*/bin"),
    ("C:/Program Files/PostgreSQL", "*/bin"),
)


class ServerNotRun(ClinicError):
    """No server was started: param ``reason`` is no_programs, no_account, not_ours, occupied or failed, with ``said`` or ``path``."""

    code = "server_not_run"


def programs() -> Path:
    """The folder of the newest installed Postgres; raises ServerNotRun."""
    suffix = ".exe" if os.name == "nt" else ""
    found = [place for root, pattern in _PLACES for place in Path(root).glob(pattern) if (place / f"initdb{suffix}").is_file()]
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    fit = [place for place in found if _version(place) >= OLDEST]
    if not fit:
        raise ServerNotRun(reason="no_programs", said="")
    return max(fit, key=_version)


def _version(place: Path) -> int:
    try:
        told = _asked([place / "postgres", "--version"], {}, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    figures = "".join(one if one.isdigit() else " " for one in told).split()
    return int(figures[0]) if figures else 0


def account() -> dict[str, Any]:
    """As whom the server runs: as this user, or as its own account where this user is root, which it refuses to serve."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    try:
        entry: Any = import_module("pwd").getpwnam("postgres")  # there is none on Windows
    except KeyError as error:
        raise ServerNotRun(reason="no_account", said="postgres") from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def run(command: list[str | Path], *, timeout: int = 120) -> str:
    """Run one of the programs under the server's account; returns what it said. Raises ServerNotRun with that when it fails."""
    try:
        done = _asked(command, account(), timeout=timeout)
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerNotRun(reason="failed", said=str(error)) from error
    if done.returncode != 0:
        raise ServerNotRun(reason="failed", said=" ".join((done.stderr or done.stdout).split())[:400])
    return done.stdout


def _asked(command: list[str | Path], whose: dict[str, Any], *, timeout: int) -> subprocess.CompletedProcess[str]:
    words, anywhere = [str(one) for one in command], None if os.name == "nt" else "/"
    # What is run is one of Postgres's own programs, whatever is asked of it.
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=timeout, cwd=anywhere, **whose)  # noqa: S603
