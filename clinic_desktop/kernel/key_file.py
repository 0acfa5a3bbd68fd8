"""The key file as it is written: its slots, and how a damaged, a newer and an older one are told apart."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import msgspec

from clinic_desktop.kernel.errors import ClinicError

NEWEST_VERSION = 2


class KeyFileMissing(ClinicError):
    """An encrypted database without its key file: param ``path``."""

    code = "key_file_missing"


class KeyFileDamaged(ClinicError):
    """The key file is not what was written: params ``path`` and, when a newer program wrote it, ``reason`` newer."""

    code = "key_file_damaged"


class Slot(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to open the data. ``label`` finds it without telling the name, which only the data key unseals."""

    kind: str
    salt: bytes
    time_cost: int
    memory_kib: int
    lanes: int
    wrapped_key: bytes
    scheme: int = 1
    label: str = ""
    sealed_name: bytes = b""
    created_at: datetime | None = None
    expires_at: datetime | None = None


class EarlierKey(msgspec.Struct, frozen=True):
    """A data key from before a rekey, wrapped under the present one, until no document needs it."""

    key_id: str
    wrapped_key: bytes


class KeyFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """All slots of one clinic. While a rekey swaps the database, ``successor`` is the file that follows."""

    version: int
    slots: tuple[Slot, ...]
    id: str = ""
    salt: bytes = b""
    key_id: str = ""
    database_salt: str = ""
    """The first 16 bytes of the database file, which tell another clinic's key file from a damaged database."""
    earlier: tuple[EarlierKey, ...] = ()
    successor: KeyFile | None = None
    succession: bytes = b""
    """The successor's data key, wrapped under this one's."""
    checksum: str = ""

    def export(self) -> bytes:
        """The file's bytes."""
        return msgspec.json.encode(msgspec.structs.replace(self, checksum=self._digest()))

    @classmethod
    def parse(cls, content: bytes, *, path: str = "") -> Self:
        """The file of those bytes, a version 1 file as its version 2; raises KeyFileDamaged."""
        try:
            found = msgspec.json.decode(content, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise KeyFileDamaged(path=path) from error
        if found.version > NEWEST_VERSION:
            raise KeyFileDamaged(path=path, reason="newer")
        if found.version == 1:
            return msgspec.structs.replace(found, version=NEWEST_VERSION, **identity())
        if not hmac.compare_digest(found.checksum, found._digest()):
            raise KeyFileDamaged(path=path)
        return found

    def _digest(self) -> str:
        return sha256(msgspec.json.encode(msgspec.structs.replace(self, checksum=""))).hexdigest()


def key_file_path(database_file: Path) -> Path:
    """Where the slots of a database file stand."""
    return database_file.with_name(database_file.name + ".keys")


def ways_to_open(database_file: Path) -> frozenset[str]:
    """Kinds of the slots of a database file, told without opening it; empty without a key file."""
    path = key_file_path(database_file)
    return frozenset(slot.kind for slot in read_key_file(path).slots) if path.exists() else frozenset()


def read_key_file(path: Path) -> KeyFile:
    """The key file at a path; raises KeyFileMissing or KeyFileDamaged."""
    if not path.exists():
        raise KeyFileMissing(path=str(path))
    return KeyFile.parse(path.read_bytes(), path=str(path))


def identity() -> dict[str, Any]:
    """What tells a new key file from every other."""
    return {"id": secrets.token_hex(16), "salt": secrets.token_bytes(16)}
