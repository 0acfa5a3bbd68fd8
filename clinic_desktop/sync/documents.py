"""The bytes of documents: found by their SHA-256, sent and fetched in parts that go on where they were cut, verified when whole.

Their records travel as rows do and wait for nothing: a document whose bytes are not here yet is fetched when somebody opens it,
and otherwise in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, func, select, update

from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.journal import INSERT
from clinic_desktop.kernel.store import LARGEST_DOCUMENT, DocumentDamaged, DocumentMissing, store_of
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncDocument, SyncDocumentPart
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.wire import AskDocument, DocumentPart, KeepDocument, KeptDocument, WireChange, WireRow, pack, unpack

if TYPE_CHECKING:
    from clinic_desktop.sync.channel import Channel

PART_BYTES = 512 << 10
MOST_TRIES = 5
"""Fruitless tries after which the background leaves a document until it is opened, or all are tried again."""


def offer_part(central: Database, asked: AskDocument) -> DocumentPart:
    """A part of a document that central has."""
    try:
        data = store_of(central).get(asked.sha256)
    except (DocumentMissing, DocumentDamaged) as error:
        raise Refused("document_missing", sha256=asked.sha256[:64]) from error
    offset = max(asked.offset, 0)
    return DocumentPart(len(data), data[offset : offset + PART_BYTES])


def keep_part(central: Database, asked: KeepDocument) -> KeptDocument:
    """Take a part of a document, and the whole once its hash is right; parts of a wrong one are forgotten."""
    if not 0 <= asked.total <= LARGEST_DOCUMENT or len(asked.data) > PART_BYTES:
        raise Refused("oversized", most=LARGEST_DOCUMENT)
    store = store_of(central)
    if store.keeps(asked.sha256):  # whose row may be on its way for days
        return KeptDocument(asked.total)
    with writing(central) as tx:
        has = _add_part(tx, asked.sha256, asked.offset, asked.data) if asked.data or not asked.total else _has(tx, asked.sha256)
        whole = _whole(tx, asked.sha256) if has >= asked.total else None
    if whole is None:
        return KeptDocument(has)
    is_right = sha256(whole).hexdigest() == asked.sha256
    if is_right:
        store.put(whole)
    with writing(central) as tx:
        _forget_parts(tx, asked.sha256)
    if not is_right:
        raise Refused("document_damaged", sha256=asked.sha256[:64])
    return KeptDocument(asked.total)


def is_whole(get: Callable[[str], bytes], name: str) -> bool:
    """Whether a store has a document as it was put."""
    try:
        get(name)
    except (DocumentMissing, DocumentDamaged):
        return False
    return True


def _has(tx: Tx, name: str) -> int:
    part = SyncDocumentPart
    return int(tx.session.scalar(select(func.coalesce(func.sum(func.length(part.data)), 0)).where(part.sha256 == name)) or 0)


def _add_part(tx: Tx, name: str, offset: int, data: bytes) -> int:
    """Take a part where the last one ended; any other is not taken. How many bytes are there then."""
    has = _has(tx, name)
    if offset != has:
        return has
    tx.session.add(SyncDocumentPart(sha256=name, offset=offset, data=data))
    tx.session.flush()
    return has + len(data)


def _whole(tx: Tx, name: str) -> bytes:
    part = SyncDocumentPart
    return b"".join(tx.session.scalars(select(part.data).where(part.sha256 == name).order_by(part.offset)))


def _forget_parts(tx: Tx, name: str) -> None:
    tx.session.connection().execute(delete(SyncDocumentPart).where(SyncDocumentPart.sha256 == name))


class Documents:
    """A site's side: what is to be sent, and what is to be fetched."""

    def __init__(self, database: Database, channel: Channel) -> None:
        self.database, self.channel, self.store = database, channel, store_of(database)

    def step(self, most: int = 20) -> int:
        """Send and fetch some of what waits; returns how many came through. A document that fails keeps none of the others."""
        done = 0
        with self.database.read() as session:
            wanted = select(SyncDocument.sha256, SyncDocument.is_fetched).where(SyncDocument.tries < MOST_TRIES)
            waiting = session.execute(wanted.order_by(SyncDocument.tries, SyncDocument.sha256).limit(most)).all()
        for name, is_fetched in waiting:
            try:
                self.fetch(name) if is_fetched else self.send(name)
                done += 1
            except (Refused, DocumentMissing, DocumentDamaged):
                self._count_try(name)
        return done

    def try_all_again(self) -> None:
        """What failed too often may be there by now: a site that was away for a week has sent it since."""
        with writing(self.database) as tx:
            tx.session.connection().execute(update(SyncDocument).values(tries=0))

    def fetch(self, name: str) -> bytes:
        """A document's bytes, from here or from central; raises Offline, Busy or Refused."""
        if not is_whole(self.store.get, name):
            self._fetch(name)
        self._settle(name)
        return self.store.get(name)

    def _fetch(self, name: str) -> None:
        with writing(self.database) as tx:
            has = _has(tx, name)
        while True:
            part = unpack(DocumentPart, self.channel.ask("document", pack(AskDocument(name, has))))
            with writing(self.database) as tx:
                has = _add_part(tx, name, has, part.data) if part.data else has
                whole = _whole(tx, name) if has >= part.total else None
            if whole is not None:
                break
            if not part.data:
                raise Refused("document_missing", sha256=name)
        is_right = sha256(whole).hexdigest() == name
        if is_right:
            self.store.put(whole)
        with writing(self.database) as tx:
            _forget_parts(tx, name)
        if not is_right:
            raise Refused("document_damaged", sha256=name)

    def send(self, name: str) -> None:
        """Give central a document's bytes, from where it has them; raises Offline, Busy or Refused."""
        data = self.store.get(name)
        has = self._kept(KeepDocument(name, len(data), 0)) if data else 0
        while has < len(data):
            taken = self._kept(KeepDocument(name, len(data), has, data[has : has + PART_BYTES]))
            if taken <= has:
                raise Refused("no_progress", seq=has)
            has = taken
        self._settle(name)

    def _kept(self, asked: KeepDocument) -> int:
        return unpack(KeptDocument, self.channel.ask("keep", pack(asked))).has

    def _settle(self, name: str) -> None:
        with writing(self.database) as tx:
            tx.session.connection().execute(delete(SyncDocument).where(SyncDocument.sha256 == name))

    def _count_try(self, name: str) -> None:
        with writing(self.database) as tx:
            waiting = tx.session.get(SyncDocument, name)
            if waiting is not None:
                waiting.tries += 1


def stored_names(changes: Iterable[WireChange]) -> list[str]:
    """The documents whose records are new in these change sets."""
    return names_in(row for change in changes for row in change.rows)


def names_in(rows: Iterable[WireRow]) -> list[str]:
    """The documents whose records are new among these rows."""
    made = (row for row in rows if (row.table, row.operation) == ("documents", INSERT))
    return [str(msgspec.json.decode(row.changes).get("sha256")) for row in made]


def expect(tx: Tx, names: Iterable[str], *, is_fetched: bool) -> None:
    """Note that the bytes of documents are to be sent or fetched."""
    for name in names:
        if tx.session.get(SyncDocument, name) is None:
            tx.session.add(SyncDocument(sha256=name, is_fetched=is_fetched, tries=0))
