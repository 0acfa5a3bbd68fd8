"""What a computer keeps of the server that it has joined: its own login's secret, and the authority that vouches for the server.

The secret goes to the keyring of the operating system; a computer without one keeps it in a file that only this user reads. It is a
login of the computer's own, worth what the group of the computers may do, and an administrator takes it away with one command.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, can_keep_keys, keep_text, kept_text
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.identity import state_folder


def keep_authority(pem: str) -> Path:
    """Keep the certificate of a clinic's authority, under its own hash; returns where."""
    path = _folder() / f"{sha256(pem.encode()).hexdigest()[:16]}.crt"
    write_durably(path, pem.encode())
    return path


def keep_secret(url: str, secret: str) -> bool:
    """Keep the secret of this computer's login; whether the keyring has it, and not a file."""
    if can_keep_keys():
        with suppress(DeviceKeyUnavailable):
            keep_text(url, secret)
            return True
    write_durably(_file(url), secret.encode())
    return False


def kept_secret(url: str) -> str | None:
    """The secret of this computer's login on a server; None where it was never kept."""
    found = kept_text(url)
    if found is not None:
        return found
    path = _file(url)
    return path.read_text(encoding="ascii") if path.is_file() else None


def keep_backup_way(database_id: str, url: str) -> None:
    """Keep the way in of the backups of a server that runs here."""
    write_durably(_folder() / f"{database_id}.backups", url.encode())


def kept_backup_way(database_id: str) -> str | None:
    """The way in of the backups; None where another computer runs the server."""
    path = _folder() / f"{database_id}.backups"
    return path.read_text(encoding="ascii") if path.is_file() else None


def _file(url: str) -> Path:
    return _folder() / f"{sha256(url.encode()).hexdigest()[:16]}.login"


def _folder() -> Path:
    folder = state_folder() / "servers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
