"""Where a computer keeps its copy of a clinic's server database: an encrypted file, and a note beside it that tells what it is.

The note is what is left to go by when the server is gone and nothing is open yet. It holds no secret and no patient.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, can_keep_keys, forget_device_key
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.engines import Address, parse_address
from clinic_desktop.kernel.identity import state_folder
from clinic_desktop.kernel.key_secrets import DeviceKey, Passphrase, SlotSecret
from clinic_desktop.kernel.keys import DEVICE, key_file_path, read_key_file

FOLDER = "replicas"
_PORT = 5432


class _Note(msgspec.Struct, frozen=True):
    lan: str
    code: str
    since: datetime
    is_complete: bool = False
    fed_until: datetime | None = None
    detached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of a clinic's server database on this computer, as the note beside it says; nothing is opened or asked."""

    lan: str
    """Where the server is: ``host:port/database``, without a login."""
    url: str
    """What ``Database.open`` takes."""
    file: Path
    code: str
    """What its numbers carry: ``D1``; empty before the server has let it in."""
    since: datetime
    is_complete: bool
    """The first load is whole and proved: before that nobody can work on it."""
    fed_until: datetime | None
    """When everything had been read last."""
    detached_at: datetime | None
    """Since when people work on it."""

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(one.stat().st_size for one in self.file.parent.glob(f"{self.file.name}*") if one.is_file())


def place_of(address: Address) -> str:
    """A database's place, whoever logs in there."""
    url = address.url
    return str(address.file.resolve()) if address.file is not None else f"{url.host}:{url.port or _PORT}/{url.database}"


def replica_for(lan_url: str) -> Kept | None:
    """The copy of a server's database on this computer, by any address of it; known from the file system alone."""
    return read_note(file_for(place_of(parse_address(lan_url))))


def file_for(lan: str) -> Path:
    """Where the copy of a database lies."""
    return state_folder() / FOLDER / f"{blake2b(lan.encode(), digest_size=12).hexdigest()}.db"


def read_note(file: Path) -> Kept | None:
    """What stands beside a file; None where there is no copy."""
    try:
        note = msgspec.json.decode(_note(file).read_bytes(), type=_Note)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    if not file.exists():
        return None
    return Kept(note.lan, url_of(file), file, note.code, note.since, note.is_complete, note.fed_until, note.detached_at)


def write_note(
    file: Path,
    *,
    lan: str,
    code: str,
    since: datetime,
    is_complete: bool,
    fed_until: datetime | None = None,
    detached_at: datetime | None = None,
) -> None:
    """Write it down; its folder is this user's alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(_note(file), msgspec.json.encode(_Note(lan, code, since, is_complete, fed_until, detached_at)))


def secret_of(file: Path) -> SlotSecret:
    """What opens the copy on this computer: the keyring's key, or a random one in a file that only this user reads."""
    key_file = key_file_path(file)
    if key_file.exists():
        is_device = DEVICE in {slot.kind for slot in read_key_file(key_file).slots} and not _secret(file).exists()
    else:
        is_device = can_keep_keys()
    if is_device:
        return DeviceKey()
    if not _secret(file).exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(_secret(file), secrets.token_urlsafe(32).encode())
    return Passphrase(_secret(file).read_text(encoding="ascii"))


def kept_secret(file: Path) -> SlotSecret | None:
    """The same for whoever opens any file; None where it is no copy."""
    return None if read_note(file) is None else secret_of(file)


def remove(file: Path) -> None:
    """Take a copy away with its key; the note goes last, so that what is left half is taken away the next time."""
    key_file = key_file_path(file)
    if key_file.exists():
        with suppress(DeviceKeyUnavailable):
            forget_device_key(read_key_file(key_file).id)
    for one in (*file.parent.glob(f"{file.name}*"), key_file, _secret(file), _note(file)):
        one.unlink(missing_ok=True)


def url_of(file: Path) -> str:
    """The address of a copy."""
    return f"sqlcipher:///{file}"


def _note(file: Path) -> Path:
    return file.with_suffix(".json")


def _secret(file: Path) -> Path:
    return file.with_suffix(".secret")
