"""The file format of an archive: records, compressed and sealed in chunks, so that a cut, a swap or a flipped bit is noticed.

``CLINARC1``, the length of a JSON head, the head, then frames: length, ciphertext. AES-256-GCM with a random key a file; the nonce
numbers the frames and marks the last. The database keeps the key in its row of the archive, and the file has it wrapped with the
data key (AES key wrap, RFC 3394), so that file and recovery key are enough when the database is lost. Changing the data key leaves
archives readable: through the database, and through the earlier keys that the key file keeps.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.durable import sync_file, sync_folder
from clinic_desktop.kernel.errors import ClinicError

MAGIC = b"CLINARC1"
SUFFIX = ".clinicarchive"
_CHUNK = 1 << 20
_LENGTH = struct.Struct(">I")
_PURPOSE = "clinic archive file keys"


class ArchiveUnreadable(ClinicError):
    """A file is no archive, not whole, or of another key: ``reason`` is not_an_archive, damaged, wrong_key or newer."""

    code = "archive_unreadable"


class Head(msgspec.Struct, frozen=True):
    """What anybody may read of an archive."""

    format: int
    archive_id: UUID
    database_id: UUID
    made_at: datetime
    wrapped_key: bytes
    """Empty where the database had no data key: then only its own row of the archive opens the file."""


def seal_key(file_key: bytes, data_key: bytes) -> bytes:
    """A file's key, bound to the database's."""
    return aes_key_wrap(derived(data_key, _PURPOSE), file_key)


def new_file_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(32)


class ArchiveWriter:
    """Writes records into a file that appears under its name when it is whole and on the disk."""

    def __init__(self, path: Path, head: Head, file_key: bytes) -> None:
        self.path = path
        self._draft = path.with_name(path.name + ".new")
        self._cipher = AESGCM(file_key)
        self._squeeze, self._waiting, self._frames = zlib.compressobj(6), bytearray(), 0
        raw = msgspec.json.encode(head)
        self._bound = sha256(raw).digest()
        self._file: BinaryIO = self._draft.open("wb")
        self._file.write(MAGIC + _LENGTH.pack(len(raw)) + raw)

    def add(self, kind: str, *values: Any) -> None:
        """One record."""
        body = msgspec.msgpack.encode((kind, *values))
        self._waiting += self._squeeze.compress(_LENGTH.pack(len(body)) + body)
        while len(self._waiting) > _CHUNK:
            self._frame(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]

    def _frame(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._frames, last), plain, self._bound)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._frames += 1

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._frame(bytes(self._waiting) + self._squeeze.flush(), last=True)
        finally:
            self._file.close()
        if kind is not None:
            self._draft.unlink(missing_ok=True)
            return
        sync_file(self._draft)
        self._draft.replace(self.path)
        sync_folder(self.path.parent)


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">QHH", number, 0, int(last))


def read_head(path: Path) -> Head:
    """The head of an archive; raises ArchiveUnreadable."""
    with path.open("rb") as file:
        return _head(file)[0]


def _head(file: BinaryIO) -> tuple[Head, bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise ArchiveUnreadable(reason="not_an_archive")
    raw = _exactly(file, _length(file))
    try:
        head = msgspec.json.decode(raw, type=Head)
    except msgspec.MsgspecError as error:
        raise ArchiveUnreadable(reason="damaged") from error
    if head.format != 1:
        raise ArchiveUnreadable(reason="newer")
    return head, sha256(raw).digest()


def _length(file: BinaryIO) -> int:
    return int(_LENGTH.unpack(_exactly(file, _LENGTH.size))[0])


def _exactly(file: BinaryIO, size: int) -> bytes:
    if size > 4 * _CHUNK:
        raise ArchiveUnreadable(reason="damaged")
    found = file.read(size)
    if len(found) != size:
        raise ArchiveUnreadable(reason="damaged")
    return found


def opened_key(head: Head, *, file_key: bytes | None, data_keys: Iterable[bytes]) -> bytes:
    """The key of a file: the one that the database kept, or unwrapped with a data key, old or new; raises ArchiveUnreadable."""
    if file_key is not None:
        return file_key
    for data_key in data_keys:
        try:
            return aes_key_unwrap(derived(data_key, _PURPOSE), head.wrapped_key)
        except (InvalidUnwrap, ValueError):
            continue
    raise ArchiveUnreadable(reason="wrong_key")


def records(path: Path, *, file_key: bytes | None, data_keys: Iterable[bytes] = ()) -> Iterator[tuple[Any, ...]]:
    """Every record of an archive in order; raises ArchiveUnreadable as soon as something is not as it was written."""
    with path.open("rb") as file:
        head, bound = _head(file)
        key = opened_key(head, file_key=file_key, data_keys=data_keys)
        yield from _split(_plain(file, bound, AESGCM(key)))


def _plain(file: BinaryIO, bound: bytes, cipher: AESGCM) -> Iterator[bytes]:
    """The decompressed content, piece by piece; a missing last frame is noticed."""
    loose, number, last = zlib.decompressobj(), 0, False
    while not last:
        frame = _exactly(file, _length(file))
        for last in (False, True):
            plain = _opened(frame, _nonce(number, last), bound, cipher)
            if plain is not None:
                break
        else:
            raise ArchiveUnreadable(reason="damaged")
        number += 1
        try:
            yield loose.decompress(plain) + (loose.flush() if last else b"")
        except zlib.error as error:
            raise ArchiveUnreadable(reason="damaged") from error
    if file.read(1) or not loose.eof:
        raise ArchiveUnreadable(reason="damaged")


def _opened(frame: bytes, nonce: bytes, bound: bytes, cipher: AESGCM) -> bytes | None:
    try:
        return cipher.decrypt(nonce, frame, bound)
    except InvalidTag:
        return None


def _split(pieces: Iterator[bytes]) -> Iterator[tuple[Any, ...]]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        at = 0
        while len(waiting) - at >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(waiting, at)
            if len(waiting) - at - _LENGTH.size < size:
                break
            start = at + _LENGTH.size
            yield tuple(msgspec.msgpack.decode(bytes(waiting[start : start + size])))
            at = start + size
        del waiting[:at]
    if waiting:
        raise ArchiveUnreadable(reason="damaged")
