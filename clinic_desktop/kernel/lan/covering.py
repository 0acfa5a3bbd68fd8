"""Encryption on a server that has none yet: a certificate of the clinic's own, put beside its data and switched on."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import psycopg

from clinic_desktop.kernel.lan.certificates import AUTHORITY, AUTHORITY_KEY, CERTIFICATE, Certificates, make_certificates, seen_certificate
from clinic_desktop.kernel.lan.hba import DoorNotWritten, reload
from clinic_desktop.kernel.reach import PATIENCE, ServerRefused


def is_covered(admin: psycopg.Connection[Any]) -> bool:
    """Whether the server offers TLS."""
    row = admin.execute("SELECT current_setting('ssl')").fetchone()
    return row is not None and row[0] == "on"


def own_authority(admin: psycopg.Connection[Any]) -> str:
    """The authority that this program once made for the server, where its file is on this computer; else empty."""
    row = admin.execute("SELECT current_setting('data_directory', true), current_setting('ssl_cert_file')").fetchone()
    if row is None or row[1] != CERTIFICATE:
        return ""
    place = Path(str(row[0] or "")) / AUTHORITY
    return place.read_text(encoding="ascii") if place.is_file() and os.access(place, os.R_OK) else ""


def cover(admin: psycopg.Connection[Any], hosts: list[str]) -> Certificates:
    """Make certificates in the server's data folder and switch TLS on; needs a superuser on the server's own computer."""
    row = admin.execute("SELECT current_setting('data_directory', true), current_setting('is_superuser')").fetchone()
    folder = Path(str(row[0] if row and row[0] else ""))
    if row is None or row[1] != "on":
        raise DoorNotWritten(reason="not_superuser", path=str(folder))
    if not folder.is_dir():
        raise DoorNotWritten(reason="elsewhere", path=str(folder))
    if not os.access(folder, os.W_OK):
        raise DoorNotWritten(reason="not_writable", path=str(folder))
    made = make_certificates(folder, hosts)
    belong_to(folder, (made.certificate, made.key, made.authority, folder / AUTHORITY_KEY))
    for setting, value in (("ssl_cert_file", made.certificate.name), ("ssl_key_file", made.key.name), ("ssl", "on")):
        admin.execute(f"ALTER SYSTEM SET {setting} = '{value}'".encode())
    reload(admin)
    _wait_until_covered(admin)
    return made


def _wait_until_covered(admin: psycopg.Connection[Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            seen_certificate(admin.info.host, admin.info.port)
            return
        except ServerRefused:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def belong_to(folder: Path, files: tuple[Path, ...]) -> None:
    """Give files to whoever owns the folder: the server reads its key only when it is its own."""
    owner = folder.stat()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        for one in files:
            shutil.chown(one, owner.st_uid, owner.st_gid)
