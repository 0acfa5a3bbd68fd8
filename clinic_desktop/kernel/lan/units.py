"""The server as a unit of systemd, where the computer is run by it: there again after a restart."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from clinic_desktop.kernel.lan.programs import ServerNotRun

SERVICE = "clinic-server.service"
_SERVICE = """[Unit]
Description=Clinic Desktop: the clinic's database
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
{user}ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
KillSignal=SIGINT
TimeoutStopSec=120
Restart=on-failure
RestartSec=5
OOMScoreAdjust=-500

[Install]
WantedBy={target}
"""


COPIES = "clinic-copies.service"
_COPIES = """[Unit]
Description=Clinic Desktop: answers the copies on the clinic's computers
After=network-online.target {server}
Wants=network-online.target
Requires={server}

[Service]
Type=exec
{user}ExecStart={command}
KillSignal=SIGTERM
TimeoutStopSec=180
Restart=always
RestartSec=5

[Install]
WantedBy={target}
"""


_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+", re.ASCII)


def _worded(*words: str | Path) -> str:
    """A command line as systemd reads it: folders of people have spaces in their names, and % and $ would stand for something else."""
    escaped = (str(one).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$") for one in words)
    return " ".join(one if _PLAIN.fullmatch(one) else f'"{one}"' for one in escaped)


def has_systemd() -> bool:
    """Whether systemd runs this computer."""
    return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None


def service_text(data: Path, tools: Path, *, as_root: bool) -> str:
    """The unit of a server."""
    user = "User=postgres\nGroup=postgres\n" if as_root else ""
    command = _worded(tools / "postgres", "-D", data)
    return _SERVICE.format(user=user, command=command, target="multi-user.target" if as_root else "default.target")


def copies_text(program: Sequence[str], folder: Path, *, as_root: bool) -> str:
    """The unit of the service that answers copies; it begins again by itself, as while the clinic is brought up to date."""
    user = "User=postgres\nGroup=postgres\n" if as_root else ""
    target = "multi-user.target" if as_root else "default.target"
    command = _worded(*program, "lan", "serve", "--dir", folder)
    return _COPIES.format(user=user, command=command, server=SERVICE, target=target)


def write_copies(program: Sequence[str], folder: Path) -> Path:
    """Write the unit of the service that answers copies, and have systemd read it."""
    return _written(COPIES, copies_text(program, folder, as_root=os.geteuid() == 0))


def write_service(data: Path, tools: Path) -> Path:
    """Write the unit and have systemd read it."""
    return _written(SERVICE, service_text(data, tools, as_root=os.geteuid() == 0))


def _written(name: str, said: str) -> Path:
    as_root = os.geteuid() == 0
    folder = Path("/etc/systemd/system") if as_root else Path.home() / ".config" / "systemd" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(said, encoding="utf-8")
    if not as_root:
        # Without it the server would end when this user logs out.
        _asked(["loginctl", "enable-linger", getpass.getuser()])
    systemctl("daemon-reload")
    return path


def systemctl(*words: str) -> None:
    """Ask systemd; raises ServerNotRun with what it says."""
    scope = [] if os.geteuid() == 0 else ["--user"]
    done = _asked(["systemctl", *scope, *words])
    if done.returncode != 0:
        raise ServerNotRun(reason="failed", said=" ".join(done.stderr.split())[:400])


def _asked(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed words, none of them typed
