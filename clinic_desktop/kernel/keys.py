"""The data key of an encrypted database: 32 random bytes, wrapped for each way to open it.

A key file stands beside the database (``clinic.db.keys``). It holds slots; each slot wraps the same data key
(RFC 3394) with a key that Argon2id derives from a secret. Losing the file loses the data; it is no secret by itself.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from clinic_desktop.kernel.errors import ClinicError, InvalidInput

PASSPHRASE = "passphrase"  # noqa: S105 - the kind of a slot, not a secret
SHORTEST_PASSPHRASE = 8
_TIME, _MEMORY_KIB, _LANES = 3, 65_536, 4


class WrongPassphrase(ClinicError):
    """No slot of the key file opens with this secret; the files are unchanged."""

    code = "wrong_passphrase"


class KeyFileMissing(ClinicError):
    """An encrypted database without its key file: param ``path``."""

    code = "key_file_missing"


class Slot(msgspec.Struct, frozen=True):
    """One way to open the database: what kind of secret, how it is stretched, and the wrapped data key."""

    kind: str
    salt: bytes
    time_cost: int
    memory_kib: int
    lanes: int
    wrapped_key: bytes


class KeyFile(msgspec.Struct, frozen=True):
    """All slots of one database."""

    version: int
    slots: tuple[Slot, ...]


def key_file_path(database_file: Path) -> Path:
    """Where the slots of a database file stand."""
    return database_file.with_name(database_file.name + ".keys")


def create_key(database_file: Path, passphrase: str) -> bytes:
    """Make a data key, write its key file with one passphrase slot, and return the key."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput("passphrase", "too_short", limit=SHORTEST_PASSPHRASE)
    data_key = secrets.token_bytes(32)
    salt = secrets.token_bytes(16)
    wrapping_key = _stretch(passphrase, salt, _TIME, _MEMORY_KIB, _LANES)
    slot = Slot(PASSPHRASE, salt, _TIME, _MEMORY_KIB, _LANES, aes_key_wrap(wrapping_key, data_key))
    _write(key_file_path(database_file), KeyFile(version=1, slots=(slot,)))
    return data_key


def unlock_key(database_file: Path, passphrase: str) -> bytes:
    """Return the data key that a passphrase slot opens, or raise WrongPassphrase."""
    path = key_file_path(database_file)
    if not path.exists():
        raise KeyFileMissing(path=str(path))
    stored = msgspec.json.decode(path.read_bytes(), type=KeyFile)
    for slot in stored.slots:
        if slot.kind == PASSPHRASE:
            wrapping_key = _stretch(passphrase, slot.salt, slot.time_cost, slot.memory_kib, slot.lanes)
            try:
                return aes_key_unwrap(wrapping_key, slot.wrapped_key)
            except InvalidUnwrap:
                continue
    raise WrongPassphrase("passphrase")


def _stretch(secret: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    return hash_secret_raw(secret.encode(), salt, time_cost, memory_kib, lanes, 32, Type.ID)


def _write(path: Path, content: KeyFile) -> None:
    """Replace the key file so that a crash leaves either the old or the new one."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(content))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
