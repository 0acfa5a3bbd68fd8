"""Joining the clinic on a server: found, entered, recognised. Imported on the database thread."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, can_keep_keys, keep_text
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.lan.joining import join as join_server
from clinic_desktop.kernel.lan.joining import read_address, with_secret
from clinic_desktop.kernel.lan.kept import keep_secret, kept_secret
from clinic_desktop.kernel.reach import check_server
from clinic_desktop.kernel.schema import newest_revision, revision
from clinic_desktop.ui.address import has_password, with_password
from clinic_desktop.ui.opening import Opened, open_database


def look(url: str, *, password: str) -> str:
    """Go to the server and say what is there: ``clinic``, ``older`` (of an earlier version) or ``empty``; raises ServerRefused."""
    address = with_password(url, password) if password else url
    check_server(address)
    db = Database.open(address)
    try:
        found = revision(db)
    finally:
        db.close()
    if found is None:
        return "empty"
    if found > newest_revision():
        raise DatabaseUnavailable(reason="newer_version")
    return "older" if found < newest_revision() else "clinic"


def join(url: str, *, password: str) -> Opened:
    """Open the clinic on a server, and have this computer keep the password where that is safe."""
    opened = _open(with_password(url, password) if password else url)
    if password and can_keep_keys():
        with suppress(DeviceKeyUnavailable):  # the keyring is locked: the password is asked for at the next start
            keep_text(url, password)
    return opened


@dataclass(frozen=True, slots=True)
class Joined:
    """A clinic that this computer has just joined: its address from here, and the open database."""

    url: str
    opened: Opened


def join_with_code(address: str, code: str) -> Joined:
    """Join with what an administrator gave, and keep this computer's own login; raises InvalidInput, JoinRefused or ServerRefused."""
    made = join_server(read_address(address), code)
    keep_secret(made.url, made.secret)
    return Joined(made.url, _open(with_secret(made.url, made.secret)))


def open_joined(url: str) -> Opened:
    """Open the server's clinic with the password that this computer keeps; raises ServerRefused ``password`` when it must be asked for."""
    kept = None if has_password(url) else kept_secret(url)
    return _open(with_password(url, kept) if kept else url)


def _open(address: str) -> Opened:
    try:
        return open_database(address)
    except DatabaseUnavailable as error:
        if error.params["reason"] == "unreachable":
            check_server(address)  # which says what stands in the way
        raise
