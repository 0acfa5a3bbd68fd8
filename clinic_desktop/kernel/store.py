"""The document store: scans, letters and pictures as encrypted bytes, found by the SHA-256 of what they hold.

A folder beside a database file (``clinic.db.documents/ab/…``), a table on a server; a plain development database keeps
them plainly. What a document is called stays in the database: no name that anyone gave becomes a path.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.keys import key_id
from clinic_desktop.kernel.store_places import HEAD, MARK, NAME, NONCE, Place, Table
from clinic_desktop.kernel.store_places import Folder as Folder
from clinic_desktop.kernel.store_places import sealed_with as sealed_with
from clinic_desktop.kernel.vault import Vault, VaultRenewed

LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Bytes; a document is held in memory whole while it is sealed."""


class DocumentMissing(ClinicError):
    """The store has no document of this name: param ``sha256``."""

    code = "document_missing"


class DocumentDamaged(ClinicError):
    """What the store has is not what was put: param ``sha256``."""

    code = "document_damaged"


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
        else:
            if not self._place.touch(name):  # it was let go in this moment
                self._place.add(name, self._resting(name, data))
        return name

    def keeps(self, name: str) -> bool:
        """Whether there is a document as it was put; whoever asks is about to name it, and it is let go as little as a new one."""
        try:
            self.get(name)
        except (DocumentMissing, DocumentDamaged):
            return False
        return self._place.touch(name)

    def aged(self, age: timedelta) -> Iterator[str]:
        """Hashes of documents that nobody has put for so long: some of these may be named by no row."""
        return self._place.aged(age)

    def let_go(self, name: str, age: timedelta, connection: Connection) -> bool:
        """Forget a document that no row names, as seen in the transaction of ``connection``; False when somebody has put it since."""
        return self._place.let_go(_checked(name), age, connection)

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
        key, nonce = self._vault.held(), secrets.token_bytes(NONCE)
        head = MARK + bytes.fromhex(key_id(key)) + nonce
        return head + _cipher(key).encrypt(nonce, data, bytes.fromhex(name))

    def _unsealed(self, name: str, sealed: bytes) -> bytes:
        present, wanted = self._vault.held(), sealed_with(sealed)
        key = present if wanted == key_id(present) else self._vault.keys().get(wanted)
        if key is None:
            raise VaultRenewed if self._vault.is_renewed() else DocumentDamaged(sha256=name)
        try:
            return _cipher(key).decrypt(sealed[HEAD - NONCE : HEAD], sealed[HEAD:], bytes.fromhex(name))
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


def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(derived(data_key, "clinic documents"))


def _checked(name: str) -> str:
    """Refuse what is no SHA-256: a store is asked for nothing outside it."""
    if not NAME.fullmatch(name):
        raise DocumentMissing(sha256=name)
    return name
