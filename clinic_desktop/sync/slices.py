"""Central's digests, slice by slice. What nobody changed since it was last read is at hand for the next site that asks.

A change past the journal, such as a failing disk makes, is seen by the next reading: nothing is at hand for longer than some hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.archived import Archive
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import AuditLog, JournalHead
from clinic_desktop.sync.digests import next_digest, travelling_tables
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.lineage import hash_at
from clinic_desktop.sync.wire import SLICE_ROWS, AskDigests, Digests, Part

MOST_SECONDS = 2.0
"""How long one slice is read."""
KEPT_FOR = timedelta(hours=6)
MOST_PARTS = 30_000
"""Of about 6 kB each."""
MOST_TOUCHED = 20_000
"""So many journal entries are looked through for what they touched; after more than that everything is read anew."""


class _Place(NamedTuple):
    """A position in the order of tables and keys."""

    table: str
    after: UUID | None


class _Kept(NamedTuple):
    """Which keys a part holds, itself as it travels, and when it was read."""

    after: UUID | None
    through: UUID | None
    told: bytes
    read_at: datetime


class AtHand:
    """Parts of the tables as they were when they were read, without those that the journal has touched since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seq, self._hash = 0, b""
        self._parts: OrderedDict[_Place, _Kept] = OrderedDict()

    def come_to(self, connection: Connection, seq: int, digest: bytes) -> None:
        """Let go of what was touched up to this place of the journal."""
        with self._lock:
            if seq > self._seq:
                self._drop(self._touched(connection, seq) if self._parts else None)
                self._seq, self._hash = seq, digest

    def get(self, place: _Place, seq: int, now: datetime) -> Part | None:
        """What follows a place, if it is known as it is at this sequence."""
        with self._lock:
            kept = self._parts.get(place)
            if seq != self._seq or kept is None or not kept.read_at <= now < kept.read_at + KEPT_FOR:
                return None
            self._parts.move_to_end(place)
        return msgspec.msgpack.decode(kept.told, type=Part)

    def keep(self, place: _Place, part: Part, seq: int, now: datetime) -> None:
        """Have it at hand, unless somebody has come further meanwhile."""
        with self._lock:
            if seq == self._seq:
                self._parts[place] = _Kept(part.after, part.through, msgspec.msgpack.encode(part), now)
                self._parts.move_to_end(place)
                if len(self._parts) > MOST_PARTS:
                    self._parts.popitem(last=False)

    def _touched(self, connection: Connection, seq: int) -> dict[str, list[UUID]] | None:
        """By table the keys of rows that were touched since; None where that cannot be told, or is too long."""
        log = AuditLog.__table__.c
        wanted = select(log.entity_type, log.entity_id).where(log.seq > self._seq, log.seq <= seq).limit(MOST_TOUCHED)
        rows = connection.execute(wanted).all() if hash_at(connection, self._seq) == self._hash else None
        if rows is None or len(rows) == MOST_TOUCHED or any(table == Archive.__tablename__ for table, _ in rows):
            return None  # an archive takes rows out that it alone tells of
        found = defaultdict[str, list[UUID]](list)
        for table, key in rows:
            found[table].append(key)
        return {table: sorted(keys) for table, keys in found.items()}

    def _drop(self, touched: dict[str, list[UUID]] | None) -> None:
        if touched is None:
            self._parts.clear()
            return
        for place, kept in [one for one in self._parts.items() if one[0].table in touched]:
            keys = touched[place.table]
            first = 0 if kept.after is None else bisect_right(keys, kept.after)
            if first < len(keys) and (kept.through is None or keys[first] <= kept.through):
                del self._parts[place]


_at_hand: WeakKeyDictionary[Database, AtHand] = WeakKeyDictionary()


def offer_digests(central: Database, asked: AskDigests) -> Digests:
    """The digests of what follows a place, for about as many rows as asked; the site reads up to that place of the journal and compares."""
    tables, kept, until = travelling_tables(), _at_hand.setdefault(central, AtHand()), monotonic() + MOST_SECONDS
    most_rows = min(max(asked.most_rows, 1), SLICE_ROWS)
    if asked.table and asked.table not in tables:
        raise Refused("malformed", detail=asked.table[:40])
    place: _Place | None = _Place(asked.table or tables[0], asked.after)
    with central.read() as session:
        connection = session.connection()
        seq, digest = session.execute(select(JournalHead.seq, JournalHead.hash)).one()
        kept.come_to(connection, seq, bytes(digest) if seq else b"")
        parts, rows = list[Part](), 0
        while place is not None and rows < most_rows and monotonic() < until:
            part = kept.get(place, seq, central.clock())
            if part is None:
                part = _read(connection, place, most_rows - rows, until)
                kept.keep(place, part, seq, central.clock())
            parts.append(part)
            rows += sum(one[1] for one in part.buckets)
            place = _following(tables, part)
    return Digests(seq, parts, place)


def _read(connection: Connection, place: _Place, most_rows: int, until: float) -> Part:
    found, through = next_digest(connection, place.table, place.after, most_rows, until)
    return Part(place.table, place.after, through, [(number, one.rows, one.total) for number, one in found.items()])


def _following(tables: list[str], part: Part) -> _Place | None:
    if part.through is not None:
        return _Place(part.table, part.through)
    rest = tables[tables.index(part.table) + 1 :]
    return _Place(rest[0], None) if rest else None
