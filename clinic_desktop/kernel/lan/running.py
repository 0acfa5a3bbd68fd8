"""A clinic's own Postgres on this computer: its folder, its settings, and how it runs."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.identity import state_folder
from clinic_desktop.kernel.lan.certificates import make_certificates, own_names
from clinic_desktop.kernel.lan.covering import belong_to
from clinic_desktop.kernel.lan.programs import ServerNotRun, account, programs, run
from clinic_desktop.kernel.lan.units import SERVICE, has_systemd, systemctl, write_service

ADMINISTRATOR = "clinic_administrator"
_SECRET, _SETTINGS, _DATA, _LOG = "administrator", "clinic.conf", "data", "log"
EVERYWHERE = "*"
FOLDER_VARIABLE = "CLINIC_SERVER_FOLDER"
_MAIN = """# Clinic Desktop. What is written here is kept as it is: change it in postgresql.conf, which is read after it.
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{sockets}'
password_encryption = 'scram-sha-256'
ssl = on
ssl_cert_file = 'clinic-server.crt'
ssl_key_file = 'clinic-server.key'
ssl_min_protocol_version = 'TLSv1.2'
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
max_connections = 200
shared_buffers = '256MB'
timezone = 'UTC'
log_connections = on
log_timezone = 'UTC'
{delay}"""
_TRIES = 5
_DELAY = "shared_preload_libraries = 'auth_delay'\nauth_delay.milliseconds = 1000\n"
"""Each wrong password costs a second: of joining codes too."""


@dataclass(frozen=True, slots=True)
class Running:
    """Whether the server runs, and how: as a service, or as a process of its own that a restart of the computer ends."""

    folder: Path
    port: int
    is_running: bool
    by: str
    """service, process or nothing."""


def default_folder() -> Path:
    """Where the server's folder is unless somebody says otherwise."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    is_root = os.name != "nt" and os.geteuid() == 0
    return Path("/var/lib/clinic-desktop/server") if is_root else state_folder() / "server"


def start(folder: Path, *, port: int | None = 5432, listen: str = EVERYWHERE) -> Running:
    """Run the server in a folder, made when it is new; it goes on after this program.

    Without a ``port`` a new one takes the first that is free. Raises ServerNotRun.
    """
    tools = programs()
    if not (folder / _DATA / "PG_VERSION").exists():
        chosen = free_port() if port is None else port
        _refuse_occupied(chosen)
        _make(folder, tools, chosen, listen)
    if status(folder).is_running:
        return status(folder)
    if port is None and not _has_run(folder):
        _run_where_free(folder, tools)
    else:
        _run(folder, tools)
    return status(folder)


def _run_where_free(folder: Path, tools: Path) -> None:
    for _ in range(_TRIES):
        _set_port(folder, free_port())
        try:
            _run(folder, tools)
        except ServerNotRun:
            if not _is_occupied(_port(folder)):
                raise  # otherwise somebody took it in between
        else:
            return
    raise ServerNotRun(reason="occupied", said=str(_port(folder)))


def _run(folder: Path, tools: Path) -> None:
    if has_systemd():
        write_service(folder / _DATA, tools)
        systemctl("enable", "--now", SERVICE)
    else:
        run([tools / "pg_ctl", "start", "-w", "-t", "60", "-D", folder / _DATA, "-l", folder / _LOG])


def _has_run(folder: Path) -> bool:
    """Whether it had its port once: then others may know it by that."""
    return (folder / _DATA / "postmaster.opts").exists()


def stop(folder: Path) -> Running:
    """End the server; whoever is connected is told."""
    if not status(folder).is_running:
        return status(folder)
    if has_systemd():
        systemctl("disable", "--now", SERVICE)
    else:
        run([programs() / "pg_ctl", "stop", "-w", "-m", "fast", "-D", folder / _DATA])
    return status(folder)


def status(folder: Path) -> Running:
    """How it stands with the server of a folder; raises ServerNotRun where there is none."""
    data = folder / _DATA
    if not (data / "PG_VERSION").exists():
        raise ServerNotRun(reason="not_ours", path=str(folder), said="")
    try:
        run([programs() / "pg_ctl", "status", "-D", data])
        is_running = True
    except ServerNotRun:
        is_running = False
    by = "nothing" if not is_running else "service" if has_systemd() else "process"
    return Running(folder, _port(folder), is_running, by)


def administrator_url(folder: Path, database: str = "postgres") -> str:
    """The way in for whoever may read the server's folder; raises ServerNotRun."""
    if not (folder / _SECRET).is_file():
        raise ServerNotRun(reason="not_ours", path=str(folder), said="")
    secret = (folder / _SECRET).read_text(encoding="ascii").strip()
    made = URL.create("postgresql", ADMINISTRATOR, secret, "127.0.0.1", _port(folder), database)
    return made.update_query_dict({"sslmode": "require"}).render_as_string(hide_password=False)


def _make(folder: Path, tools: Path, port: int, listen: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_durably(folder / _SECRET, secrets.token_urlsafe(32).encode())
    _give(folder, folder / _SECRET)
    as_whom = ["--auth=scram-sha-256", f"--pwfile={folder / _SECRET}", "-U", ADMINISTRATOR]
    kinds = ["-E", "UTF8", "--locale=C" if os.name == "nt" else "--locale=C.UTF-8", "--data-checksums"]
    run([tools / "initdb", "-D", folder / _DATA, *as_whom, *kinds])
    make_certificates(folder / _DATA, own_names())
    delay = _DELAY if _has_delay(tools) else ""
    settings = _MAIN.format(listen=listen, port=port, sockets=folder, delay=delay)
    write_durably(folder / _DATA / _SETTINGS, settings.encode())
    with (folder / _DATA / "postgresql.conf").open("r+", encoding="utf-8") as file:
        before = file.read()
        file.seek(0)
        file.write(f"include '{_SETTINGS}'\n{before}")
    belong_to(folder / _DATA, tuple((folder / _DATA).glob("clinic*")))


def _give(folder: Path, *files: Path) -> None:
    """To root's server: the account it runs as owns the folder."""
    whose = account()
    for one in (folder, *files) if whose else ():
        shutil.chown(one, whose["user"], whose["group"])


def _has_delay(tools: Path) -> bool:
    libraries = Path(run([tools / "pg_config", "--pkglibdir"]).strip()) if (tools / "pg_config").exists() else tools.parent / "lib"
    return any((libraries / f"auth_delay{ending}").exists() for ending in (".so", ".dylib", ".dll"))


def free_port(first: int = 5432) -> int:
    """The first port from the usual one on at which nobody answers here."""
    for port in range(first, first + 20):
        if not _is_occupied(port):
            return port
    raise ServerNotRun(reason="occupied", said=str(first))


def _refuse_occupied(port: int) -> None:
    if _is_occupied(port):
        raise ServerNotRun(reason="occupied", said=str(port))


def _is_occupied(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _set_port(folder: Path, port: int) -> None:
    file = folder / _DATA / _SETTINGS
    lines = [f"port = {port}" if line.startswith("port") else line for line in file.read_text(encoding="utf-8").splitlines()]
    write_durably(file, "\n".join([*lines, ""]).encode())
    belong_to(folder / _DATA, (file,))


def _port(folder: Path) -> int:
    lines = (folder / _DATA / _SETTINGS).read_text(encoding="utf-8").splitlines()
    return next(int(line.partition("=")[2]) for line in lines if line.startswith("port"))
