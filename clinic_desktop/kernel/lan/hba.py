"""Who may knock at a server's door: the lines of ``pg_hba.conf`` for a clinic's database, shown or written."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import psycopg

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.reach import PATIENCE

NEAR = "samenet"
"""Every network that the server itself stands in."""


class DoorNotWritten(ClinicError):
    """``pg_hba.conf`` was left as it was: param ``reason`` is not_superuser, elsewhere, not_writable or refused, with ``path``."""

    code = "door_not_written"


def lines(database: str, networks: tuple[str, ...] = (NEAR,)) -> list[str]:
    """Only the clinic's own roles, only encrypted, only with SCRAM; without encryption they are refused whatever stands below."""
    kinds = (names.staff, names.devices, names.joining, names.backup, names.service)
    groups = tuple(kind(database) for kind in kinds)
    may = ",".join(f"+{group}" for group in groups)
    wide = max(len(may), 8)
    allowed = [f"hostssl   {database}  {may:<{wide}}  {network:<10}  scram-sha-256" for network in networks]
    return [*allowed, f"host      {database}  {may:<{wide}}  {'all':<10}  reject"]


def apply(admin: psycopg.Connection[Any], database: str, networks: tuple[str, ...] = (NEAR,)) -> Path:
    """Write the lines at the top of the server's file, have them read, and take them back should the server not understand them."""
    path = _file(admin)
    before = path.read_text(encoding="utf-8")
    begins, ends = f"# clinic {database}: begin", f"# clinic {database}: end"
    rest = _without(before, begins, ends)
    _replace(path, "\n".join([begins, *lines(database, networks), ends, rest]))
    reload(admin)
    wrong = admin.execute("SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL").fetchall()
    if wrong:
        _replace(path, before)
        reload(admin)
        raise DoorNotWritten(reason="refused", path=str(path), said=str(wrong[0][1]))
    return path


def reload(admin: psycopg.Connection[Any]) -> None:
    """Have the server read its files again, and wait until it has."""
    loaded = b"SELECT pg_conf_load_time()"
    before = admin.execute(loaded).fetchone()
    admin.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + PATIENCE
    while admin.execute(loaded).fetchone() == before and time.monotonic() < deadline:
        time.sleep(0.02)


def _file(admin: psycopg.Connection[Any]) -> Path:
    row = admin.execute("SELECT rolsuper, current_setting('is_superuser') FROM pg_roles WHERE rolname = session_user").fetchone()
    if row is None or not row[0]:
        raise DoorNotWritten(reason="not_superuser", path="")
    shown = admin.execute("SELECT current_setting('hba_file')").fetchone()
    path = Path(str(shown[0] if shown else ""))
    if not path.is_file():
        raise DoorNotWritten(reason="elsewhere", path=str(path))
    if not os.access(path, os.W_OK):
        raise DoorNotWritten(reason="not_writable", path=str(path))
    return path


def _without(text: str, begins: str, ends: str) -> str:
    if begins not in text or ends not in text:
        return text
    head, _begin, tail = text.partition(begins + "\n")
    return head + tail.partition(ends + "\n")[2]


def _replace(path: Path, text: str) -> None:
    # Into the same file: it stays its owner's, with its owner's rights.
    with path.open("r+", encoding="utf-8") as file:
        file.write(text)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
