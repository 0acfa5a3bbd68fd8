"""The journal between two backups: change sets as they are committed, appended to the backup folder, encrypted.

A lost disk then costs minutes. One file a day and computer; each record in it names its first and last sequence, and what is
in it is chained by the journal's own hashes, so a reader notices whatever is missing, repeated or altered.
"""

from __future__ import annotations

import os
import platform
import secrets
import struct
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic_desktop.kernel.backup.changes import Change
from clinic_desktop.kernel.backup.container import short_id
from clinic_desktop.kernel.derived_keys import derived

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ENDING = ".journal"
_HEADER = struct.Struct(">4sI8sQQ12s")
"""Magic, bytes of the ciphertext, key id, first and last sequence, nonce."""
_MAGIC = b"CLJ1"
_AT_ONCE = 500
"""Change sets of one record."""
_PURPOSE = "clinic journal segments"
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Record:
    """Where one record lies, and which change sets it holds."""

    path: Path
    offset: int
    length: int
    key_id: str
    first: int
    last: int


def files_of(folder: Path, database_id: UUID) -> list[Path]:
    """The segment files of a database, oldest day first."""
    return sorted(folder.glob(f"clinic-{short_id(database_id)}-*{ENDING}"))


def records_of(folder: Path, database_id: UUID) -> list[Record]:
    """Every whole record, in order of sequence; what a crash left half-written at the end of a file does not count."""
    found = [record for path in files_of(folder, database_id) for record in _records(path)]
    return sorted(found, key=lambda record: (record.first, -record.last))


def _records(path: Path) -> Iterator[Record]:
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = 0
        while offset + _HEADER.size <= size:
            magic, length, key_id, first, last, _ = _HEADER.unpack(file.read(_HEADER.size))
            end = offset + _HEADER.size + length
            if magic != _MAGIC or end > size:
                return
            yield Record(path, offset, length, key_id.hex(), first, last)
            offset = file.seek(end)


def reaches(folder: Path, database_id: UUID, after: int) -> int:
    """The last sequence that can be read without a gap when one is at ``after``."""
    for record in records_of(folder, database_id):
        if record.first <= after + 1:
            after = max(after, record.last)
    return after


def append(folder: Path, database_id: UUID, data_key: bytes, key_id: str, changes: Iterator[Change], now: datetime) -> int:
    """Append change sets, each record synced before the next; returns how many. Nothing when another process is at it."""
    path = folder / f"clinic-{short_id(database_id)}-{now:%Y%m%d}-{_computer()}{ENDING}"
    cipher, written = AESGCM(derived(data_key, _PURPOSE)), 0
    with _held(path) as file:
        if file is None:
            return 0
        _cut_torn_end(path, file)
        while some := list(islice(changes, _AT_ONCE)):
            plain, nonce = zlib.compress(_encode(some), 6), secrets.token_bytes(12)
            header = _HEADER.pack(_MAGIC, len(plain) + 16, bytes.fromhex(key_id), some[0].seq, some[-1].seq, nonce)
            file.write(header + cipher.encrypt(nonce, plain, header + database_id.bytes))
            file.flush()
            os.fsync(file.fileno())
            written += len(some)
    return written


def _computer() -> str:
    return blake2b(platform.node().encode(), digest_size=2).hexdigest()


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO | None]:
    """The file, opened for appending by this process alone; None while another one has it."""
    with path.open("ab") as file:
        try:
            if sys.platform == "win32":
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        yield file


def _cut_torn_end(path: Path, file: BinaryIO) -> None:
    whole = max((record.offset + _HEADER.size + record.length for record in _records(path)), default=0)
    if whole < path.stat().st_size:
        file.truncate(whole)
        file.seek(0, os.SEEK_END)


def changes_in(folder: Path, database_id: UUID, keys: Mapping[str, bytes], after: int) -> Iterator[Change]:
    """Change sets after a sequence, in order and without a gap, as far as the records and the keys reach."""
    for record in records_of(folder, database_id):
        if record.last <= after:
            continue
        if record.first > after + 1 or record.key_id not in keys:
            return
        for change in _opened(record, keys[record.key_id], database_id):
            if change.seq == after + 1:
                yield change
                after = change.seq


def _opened(record: Record, data_key: bytes, database_id: UUID) -> list[Change]:
    """The change sets of one record; none when it was altered."""
    with record.path.open("rb") as file:
        file.seek(record.offset)
        header, sealed = file.read(_HEADER.size), file.read(record.length)
    nonce = header[-12:]
    try:
        plain = AESGCM(derived(data_key, _PURPOSE)).decrypt(nonce, sealed, header + database_id.bytes)
    except InvalidTag:
        return []
    return msgspec.msgpack.decode(zlib.decompress(plain), type=list[Change])


def drop_before(folder: Path, database_id: UUID, seq: int) -> list[Path]:
    """Remove the files of which no change set is later than ``seq``; returns them."""
    gone = [path for path in files_of(folder, database_id) if all(record.last <= seq for record in _records(path))]
    for path in gone:
        path.unlink()
    return gone
