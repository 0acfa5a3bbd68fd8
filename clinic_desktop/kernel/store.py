"""The document store: scans, letters and pictures as encrypted bytes, found by the SHA-256 of what they hold.

A folder beside a database file (``clinic.db.documents/ab/…``), a table on a server; a plain development database keeps
them plainly. What a document is called stays in the database: no name that anyone gave becomes a path.
"""

from __future__ import annotations

import errno
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.durable import sync_folder, write_durably
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.keys import key_id
from clinic_desktop.kernel.vault import OnServer, Vault, VaultLocked, VaultRenewed

LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Bytes; a document is held in memory whole while it is sealed."""

_MARK = b"CDS1"
_ID, _NONCE = 8, 12
_HEAD = len(_MARK) + _ID + _NONCE
_NAME = re.compile(r"[0-9a-f]{64}")
_NEXT_NAMES = text('SELECT sha256 FROM document_blobs WHERE sha256 COLLATE "C" > :after ORDER BY sha256 COLLATE "C" LIMIT 1000')


class DocumentMissing(ClinicError):
    """The store has no document of this name: param ``sha256``."""

    code = "document_missing"


class DocumentDamaged(ClinicError):
    """What the store has is not what was put: param ``sha256``."""

    code = "document_damaged"


class Place(ABC):
    """Where sealed documents are kept, by the hash of what is in them."""

    @abstractmethod
    def read(self, name: str) -> bytes | None:
        """The sealed bytes, or None."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """Whether there are sealed bytes."""

    @abstractmethod
    def write(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes, in place of what was there; on the disk when this returns."""

    def add(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes of a document that is not there; one that came meanwhile is the same."""
        self.write(name, sealed)

    @abstractmethod
    def remove(self, name: str) -> None:
        """Forget a document; nothing when there is none."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Hashes of all documents, in order."""


class Folder(Place):
    """Documents of a database file, in a folder beside it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes | None:
        """The sealed bytes, or None."""
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, name: str) -> bool:
        """Whether there are sealed bytes."""
        return self._file(name).is_file()

    def write(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes, in place of what was there; on the disk when this returns."""
        file = self._file(name)
        try:
            if not file.parent.is_dir():
                file.parent.mkdir(parents=True, exist_ok=True)
                sync_folder(self._root)
                sync_folder(self._root.parent)
            write_durably(file, sealed)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DatabaseUnavailable(reason="disk_full") from error
            raise

    def remove(self, name: str) -> None:
        """Forget a document; nothing when there is none."""
        file = self._file(name)
        file.unlink(missing_ok=True)
        if file.parent.is_dir():
            sync_folder(file.parent)

    def names(self) -> Iterator[str]:
        """Hashes of all documents, in order."""
        for folder in sorted(self._root.iterdir()) if self._root.is_dir() else ():
            yield from sorted(file.name for file in folder.iterdir() if _NAME.fullmatch(file.name))

    def _file(self, name: str) -> Path:
        return self._root / name[:2] / name


class Table(Place):
    """Documents of a server, in ``document_blobs``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, name: str) -> bytes | None:
        """The sealed bytes, or None."""
        with self._connected() as connection:
            found = connection.scalar(text("SELECT content FROM document_blobs WHERE sha256 = :name"), {"name": name})
        return None if found is None else bytes(found)

    def has(self, name: str) -> bool:
        """Whether there are sealed bytes."""
        with self._connected() as connection:
            return bool(connection.scalar(text("SELECT 1 FROM document_blobs WHERE sha256 = :name"), {"name": name}))

    def write(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes, in place of what was there; raises VaultRenewed when their key is the clinic's no more."""
        self._insert(name, sealed, "DO UPDATE SET content = :content")

    def add(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes of a document that is not there: a desk may add documents, and replace none."""
        self._insert(name, sealed, "DO NOTHING")

    def _insert(self, name: str, sealed: bytes, otherwise: str) -> None:
        statement = f"INSERT INTO document_blobs VALUES (:name, :content) ON CONFLICT (sha256) {otherwise}"
        with self._connected() as connection:
            # A rekey waits for this lock, or this for the rekey: no document is sealed with a key that is on its way out.
            vault = OnServer.read_in(connection, lock="FOR SHARE")
            if vault is None or vault.key_id != sealed_with(sealed):
                raise VaultRenewed
            connection.execute(text(statement), {"name": name, "content": sealed})

    def remove(self, name: str) -> None:
        """Forget a document; nothing when there is none."""
        with self._connected() as connection:
            connection.execute(text("DELETE FROM document_blobs WHERE sha256 = :name"), {"name": name})

    def names(self) -> Iterator[str]:
        """Hashes of all documents, in order."""
        after = ""
        while True:
            with self._connected() as connection:
                page = connection.scalars(_NEXT_NAMES, {"after": after}).all()
            if not page:
                return
            yield from page
            after = page[-1]

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise worded(error) from error


class Store:
    """Documents of one clinic. Safe between threads; a document is put before the row that names it is committed."""

    def __init__(self, place: Place, vault: Vault, *, is_plain: bool) -> None:
        self._place, self._vault, self._is_plain = place, vault, is_plain

    def put(self, data: bytes) -> str:
        """Keep a document and return its SHA-256 in hex; the same bytes twice are one document."""
        if len(data) > LARGEST_DOCUMENT:
            raise InvalidInput("document", "file_too_large", limit=LARGEST_DOCUMENT)
        name = sha256(data).hexdigest()
        try:
            self.get(name)
        except DocumentMissing:
            self._place.add(name, self._resting(name, data))
        except DocumentDamaged:
            self._place.write(name, self._resting(name, data))
        return name

    def get(self, name: str) -> bytes:
        """The document of a SHA-256; raises DocumentMissing, DocumentDamaged or VaultLocked."""
        sealed = self._place.read(_checked(name))
        if sealed is None:
            raise DocumentMissing(sha256=name)
        data = sealed if self._is_plain else self._unsealed(name, sealed)
        if sha256(data).hexdigest() != name:
            raise DocumentDamaged(sha256=name)
        return data

    def has(self, name: str) -> bool:
        """Whether there is a document of that SHA-256."""
        return self._place.has(_checked(name))

    def remove(self, name: str) -> None:
        """Forget a document; nothing when there is none."""
        self._place.remove(_checked(name))

    def every(self) -> Iterator[str]:
        """The SHA-256 of each document, in order."""
        return self._place.names()

    def reseal(self) -> int:
        """Seal with the present key what an earlier one sealed, and return how many; damaged documents stay as they are."""
        assert not self._is_plain
        resealed, present = 0, next(iter(self._vault.keys()))
        for name in self.every():
            sealed = self._place.read(name)
            if sealed is None or sealed_with(sealed) == present:
                continue
            try:
                self._place.write(name, self._resting(name, self.get(name)))
            except DocumentDamaged:
                continue
            resealed += 1
        return resealed

    def _resting(self, name: str, data: bytes) -> bytes:
        return data if self._is_plain else self._sealed(name, data)

    def _sealed(self, name: str, data: bytes) -> bytes:
        if self._vault.data_key is None:
            raise VaultLocked
        nonce = secrets.token_bytes(_NONCE)
        head = _MARK + bytes.fromhex(key_id(self._vault.data_key)) + nonce
        return head + _cipher(self._vault.data_key).encrypt(nonce, data, bytes.fromhex(name))

    def _unsealed(self, name: str, sealed: bytes) -> bytes:
        if self._vault.data_key is None:
            raise VaultLocked
        wanted, held = sealed_with(sealed), key_id(self._vault.data_key)
        key = self._vault.data_key if wanted == held else self._vault.keys().get(wanted)
        if key is None:
            raise VaultRenewed if self._vault.is_renewed() else DocumentDamaged(sha256=name)
        try:
            return _cipher(key).decrypt(sealed[_HEAD - _NONCE : _HEAD], sealed[_HEAD:], bytes.fromhex(name))
        except InvalidTag as error:
            raise DocumentDamaged(sha256=name) from error


def store_of(database: Database) -> Store:
    """The document store that belongs to an open database."""
    file = database.address.file
    place = Table(database.engine) if file is None else Folder(documents_folder(file))
    return Store(place, database.vault, is_plain=file is not None and database.data_key is None)


def documents_folder(database_file: Path) -> Path:
    """Where the documents of a database file stand."""
    return database_file.with_name(database_file.name + ".documents")


def sealed_with(sealed: bytes) -> str:
    """The id of the key that a document is sealed with; empty when it is no sealed document."""
    return sealed[len(_MARK) : len(_MARK) + _ID].hex() if sealed.startswith(_MARK) and len(sealed) > _HEAD else ""


def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(derived(data_key, "clinic documents"))


def _checked(name: str) -> str:
    """Refuse what is no SHA-256: a store is asked for nothing outside it."""
    if not _NAME.fullmatch(name):
        raise DocumentMissing(sha256=name)
    return name
