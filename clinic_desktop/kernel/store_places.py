"""Where sealed documents lie: a folder beside a database file, a table on a server."""

from __future__ import annotations

import errno
import os
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.durable import sync_folder, write_durably
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.vault import OnServer, VaultRenewed

MARK = b"CDS1"
ID, NONCE = 8, 12
HEAD = len(MARK) + ID + NONCE
NAME = re.compile(r"[0-9a-f]{64}")
_NEXT_NAMES = text('SELECT sha256 FROM document_blobs WHERE sha256 COLLATE "C" > :after ORDER BY sha256 COLLATE "C" LIMIT 1000')
_AGED = text(
    "SELECT sha256 FROM document_blobs b WHERE put_at < now() - make_interval(secs => :seconds)"
    " AND NOT EXISTS (SELECT FROM documents d WHERE d.sha256 = b.sha256)"
)
_LET_GO = text(
    "DELETE FROM document_blobs b WHERE sha256 = :name AND put_at < now() - make_interval(secs => :seconds)"
    " AND NOT EXISTS (SELECT FROM documents d WHERE d.sha256 = b.sha256)"
)
_ASIDE = ".going"


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

    @abstractmethod
    def touch(self, name: str) -> bool:
        """Note that a document was put once more; False when it is not there."""

    @abstractmethod
    def aged(self, age: timedelta) -> Iterator[str]:
        """Hashes of documents that nobody has put for so long: some of these may be named by no row."""

    @abstractmethod
    def let_go(self, name: str, age: timedelta, connection: Connection) -> bool:
        """Forget a document that nobody has put for so long; False when somebody has, even in this moment.

        ``connection`` has the transaction in which it was seen that no row names it.
        """


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
            yield from sorted(file.name for file in folder.iterdir() if NAME.fullmatch(file.name))

    def touch(self, name: str) -> bool:
        """Note that a document was put once more; False when it is not there."""
        try:
            os.utime(self._file(name))
        except FileNotFoundError:
            return False
        return True

    def aged(self, age: timedelta) -> Iterator[str]:
        """Hashes of documents that nobody has put for so long."""
        return (name for name in self.names() if _is_aged(self._file(name), age))

    def let_go(self, name: str, age: timedelta, connection: Connection) -> bool:
        """Forget a document that nobody has put for so long; False when somebody has."""
        file = self._file(name)
        aside = file.with_name(name + _ASIDE)
        try:
            file.rename(aside)  # whoever puts it from now on finds none, and writes it anew
        except FileNotFoundError:
            return False
        if not _is_aged(aside, age):
            aside.replace(file)  # it was put before: the same bytes, whoever wrote them
            return False
        aside.unlink()
        sync_folder(file.parent)
        return True

    def _file(self, name: str) -> Path:
        return self._root / name[:2] / name


def _is_aged(file: Path, age: timedelta) -> bool:
    try:
        return time.time() - file.stat().st_mtime > age.total_seconds()
    except FileNotFoundError:
        return False


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
        self._insert(name, sealed, "DO UPDATE SET content = :content, put_at = now()")

    def add(self, name: str, sealed: bytes) -> None:
        """Keep sealed bytes of a document that is not there: a desk may add documents, and replace none."""
        self._insert(name, sealed, "DO NOTHING")

    def _insert(self, name: str, sealed: bytes, otherwise: str) -> None:
        statement = f"INSERT INTO document_blobs (sha256, content, put_at) VALUES (:name, :content, now()) ON CONFLICT (sha256) {otherwise}"
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

    def touch(self, name: str) -> bool:
        """Note that a document was put once more; False when it is not there."""
        with self._connected() as connection:
            return bool(connection.execute(text("UPDATE document_blobs SET put_at = now() WHERE sha256 = :name"), {"name": name}).rowcount)

    def aged(self, age: timedelta) -> Iterator[str]:
        """Hashes of documents that nobody has put for so long, and that no row names."""
        with self._connected() as connection:
            return iter(connection.scalars(_AGED, {"seconds": age.total_seconds()}).all())

    def let_go(self, name: str, age: timedelta, connection: Connection) -> bool:
        """Forget a document that nobody has put for so long; False when somebody has."""
        return bool(connection.execute(_LET_GO, {"name": name, "seconds": age.total_seconds()}).rowcount)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise worded(error) from error


def sealed_with(sealed: bytes) -> str:
    """The id of the key that a document is sealed with; empty when it is no sealed document."""
    return sealed[len(MARK) : len(MARK) + ID].hex() if sealed.startswith(MARK) and len(sealed) > HEAD else ""
