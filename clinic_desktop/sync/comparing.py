"""Proof that this database holds what central holds, and repair of single rows where it does not. Nothing is ever wiped."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.bringing import bring_rows, central_origin, gone, whole
from clinic_desktop.sync.digests import Bucket, digests, hashes, travelling_columns, travelling_tables
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.offering import MOST_KEYS
from clinic_desktop.sync.retelling import REPAIR
from clinic_desktop.sync.rows import read_rows
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.shapes import shapes
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import AskDigests, AskHashes, AskRows, Digests, Hashes, Rows, WireRow, pack, unpack

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repair:
    """A row that was not as central has it; ``what`` is missing, extra or different."""

    table: str
    key: UUID
    what: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found and put right. Without ``is_proof`` somebody went on reading meanwhile, and nothing is known."""

    is_proof: bool
    repairs: tuple[Repair, ...] = ()


def compare(site: Site) -> Compared:
    """Hold the digests of both ends against one another and repair row by row; raises Offline, Busy or Refused.

    What was edited here and is not settled differs by right, and is left alone.
    """
    theirs = unpack(Digests, site.channel.ask("digests", pack(AskDigests())))
    if not site.pull_to(theirs.head_seq):
        return Compared(is_proof=False)
    with site.database.read() as session:
        connection = session.connection()
        if session.get_one(SyncLink, THE_ONE).pulled_seq != theirs.head_seq:
            return Compared(is_proof=False)
        held = digests(connection)
    wrong = {}
    for table in travelling_tables():
        expected = {number: Bucket(count, total) for number, count, total in theirs.tables.get(table, [])}
        numbers = [one for one in expected.keys() | held[table].keys() if expected.get(one) != held[table].get(one)]
        if numbers:
            wrong[table] = _suspects(site, table, numbers)
    return _put_right(site, wrong) if wrong else Compared(is_proof=True)


def _suspects(site: Site, table: str, buckets: Sequence[int]) -> list[UUID]:
    """The rows that differ in some buckets, or differed a moment ago."""
    theirs = dict(unpack(Hashes, site.channel.ask("hashes", pack(AskHashes(table, list(buckets))))).rows)
    with site.database.read() as session:
        mine = {key: value.to_bytes(16) for key, value in hashes(session.connection(), table, frozenset(buckets)).items()}
    return sorted(key for key in theirs.keys() | mine.keys() if theirs.get(key) != mine.get(key))


def _put_right(site: Site, suspects: Mapping[str, Sequence[UUID]]) -> Compared:
    repairs: list[Repair] = []
    is_proof = True
    for table, keys in suspects.items():
        for at in range(0, len(keys), MOST_KEYS):
            some = keys[at : at + MOST_KEYS]
            rows = unpack(Rows, site.channel.ask("rows", pack(AskRows(table, list(some)))))
            done = _repair(site, table, some, rows) if site.pull_to(rows.head_seq) else None
            is_proof = is_proof and done is not None
            repairs += done or ()
    return Compared(is_proof, tuple(repairs))


def _repair(site: Site, table: str, keys: Sequence[UUID], rows: Rows) -> list[Repair] | None:
    """Make rows what central has, now that both are at the same place; None when this one has moved on."""
    theirs = {key: (text, msgspec.json.decode(text)) for key, text in rows.rows}
    with writing(site.database, REPAIR) as tx:
        link, connection = site.held(tx), tx.session.connection()
        if link.pulled_seq != rows.head_seq or link.central_id is None:
            return None
        unsettled = Unsettled(link.echoed_seq)
        unsettled.catch_up(connection)
        mine = read_rows(connection, table, keys, lock=True)
        found, brought = [], []
        for key in keys:
            what = None if unsettled.of(table, key, link.echoed_seq) else _difference(table, theirs.get(key), mine.get(key))
            if what is not None:
                found.append(Repair(table, key, what))
                brought.append(gone(table, key) if what == "extra" else whole(table, key, theirs[key][0]))
        if brought:
            log.warning("sync: %d rows of %s were not as central has them and are put right", len(brought), table)
            bring_rows(tx, central_origin(None, link.central_id), REPAIR, unsettled, link.echoed_seq, _in_order(brought))
    return found


def _in_order(rows: list[WireRow]) -> list[WireRow]:
    return sorted(rows, key=lambda row: row.key)


def _difference(table: str, theirs: tuple[str, Values] | None, mine: Values | None) -> str | None:
    if theirs is None or mine is None:
        return "missing" if theirs is not None else "extra" if mine is not None else None
    return "different" if any(theirs[1].get(name) != mine.get(name) for name in travelling_columns(shapes()[table])) else None
