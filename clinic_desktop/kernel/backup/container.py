"""One backup, one file: an encrypted database as SQLCipher keeps it, followed by a manifest, the key slots and a footer.

The database stands first, so that the file is opened, checked and counted where it lies, without unpacking a copy. Manifest
and slots are readable without any secret and tell nothing of a patient.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from clinic_desktop.kernel.backup.errors import BadBackup
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps

ENDING = ".clinicbackup"
PARTIAL = ".partial"
FORMAT = 1
_MAGIC = b"CLNCBKP1"
_FOOTER = struct.Struct(">QII32s8s")
"""Bytes of the payload, of the manifest, of the slots; SHA-256 of manifest and slots; magic."""
_LARGEST_MANIFEST = 16 << 20
_BLOCK = 1 << 20


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    app_version: str
    database_id: UUID
    site_id: UUID
    site_code: str | None
    revision: str
    engine: str
    """Where it comes from: sqlite, sqlcipher or postgresql."""
    reason: str
    taken_at: datetime
    last_at: datetime | None
    """Time of the last change set that is in it."""
    seq: int
    hash: str
    hlc: int
    key_id: str
    tables: dict[str, int]
    """Rows by table."""
    payload_sha256: str

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Sealed:
    """A backup file and what stands behind its payload."""

    path: Path
    manifest: Manifest
    key_slots: bytes
    payload_bytes: int


def file_name(manifest: Manifest) -> str:
    """``clinic-<database>-<UTC time>-<sequence>.clinicbackup``: names sort by time."""
    return f"clinic-{short_id(manifest.database_id)}-{manifest.taken_at:%Y%m%dT%H%M%SZ}-{manifest.seq}{ENDING}"


def short_id(database_id: UUID) -> str:
    """Eight random digits of a database's id (the first ones of a UUIDv7 are its time)."""
    return database_id.hex[-8:]


def append_manifest(path: Path, manifest: Manifest, key_slots: bytes) -> None:
    """Close a payload: write what follows it, and wait until all of it is on the disk."""
    body = msgspec.json.encode(manifest)
    payload = path.stat().st_size
    with path.open("ab") as file:
        file.write(body + key_slots)
        file.write(_FOOTER.pack(payload, len(body), len(key_slots), hashlib.sha256(body + key_slots).digest(), _MAGIC))
        file.flush()
        os.fsync(file.fileno())


def read_sealed(path: Path) -> Sealed:
    """Manifest and slots of a backup file; raises BadBackup."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _FOOTER.size))
            footer = file.read(_FOOTER.size)
            if len(footer) != _FOOTER.size or not footer.endswith(_MAGIC):
                raise BadBackup(path=str(path), reason="not_a_backup")
            payload, manifest_bytes, slot_bytes, digest, _ = _FOOTER.unpack(footer)
            if payload + manifest_bytes + slot_bytes + _FOOTER.size != size or manifest_bytes + slot_bytes > _LARGEST_MANIFEST:
                raise BadBackup(path=str(path), reason="damaged")
            file.seek(payload)
            body = file.read(manifest_bytes + slot_bytes)
    except OSError as error:
        raise BadBackup(path=str(path), reason="unreadable") from error
    if hashlib.sha256(body).digest() != digest:
        raise BadBackup(path=str(path), reason="damaged")
    return Sealed(path, _manifest(path, body[:manifest_bytes]), body[manifest_bytes:], payload)


def _manifest(path: Path, body: bytes) -> Manifest:
    try:
        if msgspec.json.decode(body, type=_AnyFormat).format > FORMAT:
            raise BadBackup(path=str(path), reason="newer_version")
        return msgspec.json.decode(body, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BadBackup(path=str(path), reason="damaged") from error


class _AnyFormat(msgspec.Struct):
    format: int


def payload_digest(path: Path, payload_bytes: int, steps: Steps = UNWATCHED) -> str:
    """SHA-256 of the payload, read from the disk."""
    digest, left = hashlib.sha256(), payload_bytes
    with path.open("rb") as file:
        while left > 0:
            block = file.read(min(_BLOCK, left))
            if not block:
                break
            digest.update(block)
            left -= len(block)
            steps.at(payload_bytes - left, payload_bytes, "check")
    return digest.hexdigest()


def unpack(sealed: Sealed, target: Path, steps: Steps = UNWATCHED) -> None:
    """Copy the payload into a file of its own; it stays encrypted."""
    left = sealed.payload_bytes
    with sealed.path.open("rb") as source, target.open("xb") as file:
        while left > 0:
            block = source.read(min(_BLOCK, left))
            if not block:
                raise BadBackup(path=str(sealed.path), reason="damaged")
            file.write(block)
            left -= len(block)
            steps.at(sealed.payload_bytes - left, sealed.payload_bytes, "unpack")
