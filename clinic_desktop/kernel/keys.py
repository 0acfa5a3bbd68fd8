"""The data key of a clinic: 32 random bytes, wrapped once for each way to open it.

A key file (``clinic.db.keys`` beside a database file, one row on a server) holds slots; each wraps the same data key
(RFC 3394) with a key from one secret. Passwords are stretched by Argon2id; printed and device keys are random already.
Losing the file loses the data; by itself it tells nothing, not even who works here. Pure functions: ``vault`` keeps it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.key_file import (
    NEWEST_VERSION,
    EarlierKey,
    KeyFile,
    KeyFileDamaged,
    KeyFileMissing,
    Slot,
    identity,
    key_file_path,
    read_key_file,
    ways_to_open,
)
from clinic_desktop.kernel.key_secrets import (
    CODE,
    DEVICE,
    PASSPHRASE,
    RECOVERY,
    SHORTEST_PASSPHRASE,
    USER,
    DataKey,
    DeviceKey,
    OneTimeCode,
    Passphrase,
    RecoveryKey,
    Secret,
    SlotSecret,
    Trial,
    UserPassword,
    WrongPassphrase,
    person,
    trial_of,
)
from clinic_desktop.kernel.recovery_key import new_one_time_code, new_recovery_key
from clinic_desktop.kernel.stretching import Stretching, chosen

__all__ = [
    "CODE",
    "DEVICE",
    "PASSPHRASE",
    "RECOVERY",
    "SHORTEST_PASSPHRASE",
    "USER",
    "DataKey",
    "DeviceKey",
    "KeyFile",
    "KeyFileDamaged",
    "KeyFileMissing",
    "OneTimeCode",
    "Passphrase",
    "RecoveryKey",
    "Secret",
    "SlotSecret",
    "UserPassword",
    "WrongPassphrase",
    "key_file_path",
    "new_one_time_code",
    "new_recovery_key",
    "opens",
    "read_key_file",
    "ways_to_open",
]

_NAMES = "clinic slot names"


class LastKeySlot(ClinicError):
    """Nothing that a person can type would open the data any more."""

    code = "last_key_slot"


def new_data_key() -> bytes:
    """A new data key."""
    return secrets.token_bytes(32)


def new_key_file(data_key: bytes) -> KeyFile:
    """A key file without any slot yet."""
    return KeyFile(version=NEWEST_VERSION, slots=(), key_id=key_id(data_key), **identity())


def key_id(data_key: bytes) -> str:
    """A name for a data key that tells nothing about it."""
    return derived(data_key, "clinic key id", length=8).hex()


def unlock(file: KeyFile, secret: SlotSecret, now: datetime) -> tuple[bytes, ...]:
    """The data keys that a secret opens; two while a rekey is unfinished. Raises WrongPassphrase.

    One Argon2 a try: the label names the slot, and an unknown name costs as much as a known one.
    """
    trial = trial_of(secret)
    for one in (file, file.successor):
        found = _tried(one, trial, now) if one is not None else None
        if found is not None:
            return sisters(file, found)
    raise trial.refusal()


def sisters(file: KeyFile, data_key: bytes) -> tuple[bytes, ...]:
    """A data key and, while a rekey is unfinished, the other one that the database may have."""
    held, successor = key_id(data_key), file.successor
    if held == file.key_id or not file.key_id:
        return (data_key,) if successor is None else (data_key, aes_key_unwrap(data_key, file.succession))
    if successor is None or held != successor.key_id:
        raise WrongPassphrase(reason="data_key")
    return data_key, earlier_keys(successor, data_key)[file.key_id]


def with_slot(
    file: KeyFile, data_key: bytes, secret: SlotSecret, *, now: datetime, expires_at: datetime | None = None, name: str = ""
) -> KeyFile:
    """The file with this secret's slot, in place of an older one of the same person. A new password uses up a code."""
    trial = trial_of(secret)
    trial.check(expires_at)
    label = _label(file, trial.kind, trial.name)
    salt = secrets.token_bytes(16)
    costs = chosen() if trial.is_stretched else Stretching(0, 0, 0)
    sealed = _seal_name(data_key, name or trial.name, label)
    slot = Slot(trial.kind, salt, costs.passes, costs.memory_kib, costs.lanes, b"", 2, label, sealed, now, expires_at)
    slot = msgspec.structs.replace(slot, wrapped_key=aes_key_wrap(_wrapping_key(slot, trial.material), data_key))
    replaced = {(trial.kind, label)} | ({(CODE, _label(file, CODE, trial.name))} if trial.kind == USER else set())
    kept = (one for one in file.slots if (one.kind, one.label) not in replaced and not _is_over(one, now))
    return msgspec.structs.replace(file, slots=(*kept, slot), key_id=key_id(data_key))


def without_slot(file: KeyFile, kind: str, name: str | None = None) -> KeyFile:
    """The file without a person's slot; raises LastKeySlot when nothing that can be typed would be left."""
    label = _label(file, kind, person(name) if kind in (USER, CODE) else name or "")
    kept = tuple(slot for slot in file.slots if (slot.kind, slot.label) != (kind, label))
    if len(kept) < len(file.slots) and not any(slot.kind in (PASSPHRASE, USER, RECOVERY) for slot in kept):
        raise LastKeySlot
    return msgspec.structs.replace(file, slots=kept)


def has_slot(file: KeyFile, kind: str, name: str | None = None) -> bool:
    """Whether there is a slot of that kind (and person)."""
    label = _label(file, kind, person(name)) if name else None
    return any(slot.kind == kind and label in (None, slot.label) for slot in file.slots)


def with_successor(file: KeyFile, data_key: bytes, successor: KeyFile, new_key: bytes) -> KeyFile:
    """The file while a rekey swaps the database: either data key leads to the other."""
    held = key_id(data_key)
    chain = {held: data_key, **earlier_keys(file, data_key)}
    earlier = tuple(EarlierKey(one, aes_key_wrap(new_key, key)) for one, key in chain.items())
    successor = msgspec.structs.replace(successor, earlier=earlier)
    return msgspec.structs.replace(file, key_id=held, successor=successor, succession=aes_key_wrap(data_key, new_key))


def ended(file: KeyFile, data_key: bytes) -> KeyFile:
    """The one of two generations that a data key belongs to, the other gone."""
    if file.successor is not None and file.successor.key_id == key_id(data_key):
        return file.successor
    return msgspec.structs.replace(file, successor=None, succession=b"")


def opens(file: KeyFile, secret: SlotSecret, now: datetime) -> bool:
    """Whether this generation has a slot that the secret opens."""
    return _tried(file, trial_of(secret), now) is not None


def earlier_keys(file: KeyFile, data_key: bytes) -> Mapping[str, bytes]:
    """Data keys from before, by their ids."""
    return {one.key_id: aes_key_unwrap(data_key, one.wrapped_key) for one in file.earlier}


def name_of(slot: Slot, data_key: bytes) -> str:
    """Whose slot it is; empty when nobody's or not to be told."""
    try:
        plain = AESGCM(derived(data_key, _NAMES)).decrypt(slot.sealed_name[:12], slot.sealed_name[12:], slot.label.encode())
    except (InvalidTag, ValueError):
        return ""
    return plain.decode()


def _label(file: KeyFile, kind: str, name: str) -> str:
    """What finds a person's slot and names nobody: a hash keyed with the file's own salt."""
    return hmac.digest(file.salt, f"{kind}\0{name}".encode(), "sha256")[:16].hex() if name else ""


def _tried(file: KeyFile, trial: Trial, now: datetime) -> bytes | None:
    label = _label(file, trial.kind, trial.name)
    slot = next((one for one in file.slots if (one.kind, one.label) == (trial.kind, label)), None)
    if slot is None:
        if trial.is_stretched:
            _stretched(trial.material, bytes(16), chosen())
        return None
    try:
        data_key = aes_key_unwrap(_wrapping_key(slot, trial.material), slot.wrapped_key)
    except InvalidUnwrap:
        return None
    if _is_over(slot, now):
        raise WrongPassphrase("code", reason="code_expired")
    return data_key


def _wrapping_key(slot: Slot, material: bytes) -> bytes:
    if slot.time_cost:
        material = _stretched(material, slot.salt, Stretching(slot.time_cost, slot.memory_kib, slot.lanes))
    if slot.scheme == 1:
        return material
    # What the slot says of itself goes into the key: another expiry written into the file opens nothing.
    expiry = slot.expires_at.isoformat() if slot.expires_at else ""
    return derived(material, "\0".join(("clinic slot", slot.kind, slot.label, expiry)), salt=slot.salt)


def _stretched(material: bytes, salt: bytes, costs: Stretching) -> bytes:
    return hash_secret_raw(material, salt, costs.passes, costs.memory_kib, costs.lanes, 32, Type.ID)


def _is_over(slot: Slot, now: datetime) -> bool:
    return slot.expires_at is not None and slot.expires_at <= now


def _seal_name(data_key: bytes, name: str, label: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(derived(data_key, _NAMES)).encrypt(nonce, name.encode(), label.encode()) if name else b""
