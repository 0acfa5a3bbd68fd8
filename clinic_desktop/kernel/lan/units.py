"""The server as a unit of systemd, where the computer is run by it: there again after a restart."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from pathlib import Path

from clinic_desktop.kernel.lan.programs import ServerNotRun

SERVICE = "clinic-server.service"
_SERVICE = """[Unit]
Description=Clinic Desktop: the clinic's database
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
{user}ExecStart={postgres} -D {data}
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


def has_systemd() -> bool:
    """Whether systemd runs this computer."""
    return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None


def service_text(data: Path, tools: Path, *, as_root: bool) -> str:
    """The unit of a server."""
    user = "User=postgres\nGroup=postgres\n" if as_root else ""
    return _SERVICE.format(user=user, postgres=tools / "postgres", data=data, target="multi-user.target" if as_root else "default.target")


def write_service(data: Path, tools: Path) -> Path:
    """Write the unit and have systemd read it."""
    as_root = os.geteuid() == 0
    folder = Path("/etc/systemd/system") if as_root else Path.home() / ".config" / "systemd" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SERVICE
    path.write_text(service_text(data, tools, as_root=as_root), encoding="utf-8")
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
