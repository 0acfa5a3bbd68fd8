"""Proof that this database holds what central holds, and repair of single rows where it does not. Nothing is ever wiped.

It goes slice by slice, in the order of tables and keys, each slice at one place of central's journal; a pass that was cut goes on where
it was. A finished one says: every row that was there all the while was, at one place of central's journal after the pass began, as
central had it, or was made so, or differs by right. What changed after its slice came by the journal; a row that was added behind the
pass is looked at by the next.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from time import monotonic
from uuid import UUID

import msgspec

from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.bringing import bring_rows, central_origin, gone, whole
from clinic_desktop.sync.digests import Bucket, Stretch, digest, hashes, travelling_columns, travelling_tables
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.offering import MOST_KEYS
from clinic_desktop.sync.retelling import REPAIR, marks_on
from clinic_desktop.sync.rows import read_rows
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.shapes import shapes
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import SLICE_ROWS, AskDigests, AskHashes, AskRows, Digests, Hashes, Part, Rows, WireRow, pack, unpack

log = logging.getLogger(__name__)
PASS_LASTS = timedelta(days=7)
"""How long a pass may be under way; then it begins anew."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A row that was not as central has it; ``what`` is missing, extra or different."""

    table: str
    key: UUID
    what: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found and put right."""

    is_proof: bool
    """The pass is through. Otherwise it is under way still, or somebody went on reading meanwhile."""
    repairs: tuple[Repair, ...] = ()
    is_under_way: bool = False
    """It is to go on."""


def compare(site: Site, *, slice_rows: int = SLICE_ROWS) -> Compared:
    """A whole pass from the beginning: hold the digests of both ends against one another and repair row by row.

    Raises Offline, Busy or Refused. What was edited here and is not settled, or waits at central for a person, differs by right.
    """
    with writing(site.database) as tx:
        site.held(tx).proving_since = None
    return go_on(site, slice_rows=slice_rows)


def go_on(site: Site, seconds: float = inf, *, slice_rows: int = SLICE_ROWS) -> Compared:
    """Go on with the pass under way, or begin one, for about so long; raises as ``compare`` does, and the next call goes on there."""
    until, found = monotonic() + seconds, _Found()
    is_known, is_through = True, False
    while is_known and not is_through:
        is_known, is_through = _slice(site, slice_rows, found)
        if monotonic() >= until:
            break
    _try_refused(site, found)
    return Compared(is_through, tuple(found.repairs), is_under_way=is_known and not is_through)


_Suspects = tuple[str, list[UUID]]
"""Rows of a table that differ, or differed a moment ago."""


@dataclass(slots=True)
class _Found:
    """What was put right, and what the database refused so far."""

    repairs: list[Repair] = field(default_factory=list)
    refused: list[_Suspects] = field(default_factory=list)


def _slice(site: Site, most_rows: int, found: _Found) -> tuple[bool, bool]:
    """The next slice of the pass: whether it is known by now that it agrees, and whether that was the last."""
    asked = _place(site, most_rows)
    theirs = unpack(Digests, site.channel.ask("digests", pack(asked)))
    different = _different(site, theirs)
    if different is None:
        return False, False
    before = len(found.repairs) + len(found.refused)
    if not _put_right(site, _suspects(site, different), found):
        return False, False
    _remember(site, asked, theirs, differs=asked.has_differed or len(found.repairs) + len(found.refused) > before)
    return True, theirs.following is None


def _place(site: Site, most_rows: int) -> AskDigests:
    """What is to be asked next."""
    with site.database.read() as session:
        link = session.get_one(SyncLink, THE_ONE)
    now, since = site.database.clock(), link.proving_since
    # A pass that was left for long says little of where it began, and a table may have gone since.
    if since is None or not since <= now < since + PASS_LASTS or link.proving_table not in travelling_tables():
        return AskDigests(most_rows=most_rows)
    return AskDigests(link.proving_table, link.proving_after, most_rows, link.proving_differs)


def _remember(site: Site, asked: AskDigests, theirs: Digests, *, differs: bool) -> None:
    if theirs.following is None:
        site.note_proof()
        return
    with writing(site.database) as tx:
        link = site.held(tx)
        link.proving_since = link.proving_since if asked.table else tx.now
        (link.proving_table, link.proving_after), link.proving_differs = theirs.following, differs


_Different = list[tuple[Part, list[int]]]
"""Buckets of a part in which the two ends are not the same."""


def _different(site: Site, theirs: Digests) -> _Different | None:
    """Where this database holds something else at the same place of central's journal; None when somebody went on reading meanwhile."""
    if not site.pull_to(theirs.head_seq):
        return None
    known, found = shapes(), []
    with site.database.read() as session:
        connection = session.connection()
        if session.get_one(SyncLink, THE_ONE).pulled_seq != theirs.head_seq:
            return None
        for part in (one for one in theirs.parts if one.table in known):
            expected = {number: Bucket(rows, total) for number, rows, total in part.buckets}
            held = digest(connection, part.table, Stretch(part.after, part.through))
            if numbers := [one for one in expected.keys() | held.keys() if expected.get(one) != held.get(one)]:
                found.append((part, numbers))
    return found


def _suspects(site: Site, different: _Different) -> list[_Suspects]:
    """The rows that differ. What goes makes room, and nothing goes before what names it."""
    changed, extra = list[_Suspects](), list[_Suspects]()
    for part, numbers in different:
        stretch = Stretch(part.after, part.through)
        answer = site.channel.ask("hashes", pack(AskHashes(part.table, numbers, *stretch)))
        theirs = dict(unpack(Hashes, answer).rows)
        with site.database.read() as session:
            mine = {key: value.to_bytes(16) for key, value in hashes(session.connection(), part.table, frozenset(numbers), stretch).items()}
        changed.append((part.table, sorted(key for key, value in theirs.items() if mine.get(key) != value)))
        extra.insert(0, (part.table, sorted(mine.keys() - theirs.keys())))
    return [*extra, *changed]


def _put_right(site: Site, suspects: Iterable[_Suspects], found: _Found) -> bool:
    """Repair what differs; False when somebody went on reading meanwhile."""
    for table, keys in suspects:
        for at in range(0, len(keys), MOST_KEYS):
            done = repair(site, table, keys[at : at + MOST_KEYS])
            if done is None:
                return False
            found.repairs += done.repairs
            found.refused += [(table, [key]) for key in done.refused]
    return True


def _try_refused(site: Site, found: _Found) -> None:
    """By now room may have been made, and one such row holds up no other."""
    waiting = found.refused
    while waiting:
        left = [(table, keys) for table, keys in reversed(waiting) if not _is_right(site, table, keys, found)]
        if len(left) == len(waiting):
            break
        waiting = left
    for table, keys in waiting:
        log.error("sync: %s %s is not as central has it and could not be put right", table, keys[0])


def _is_right(site: Site, table: str, keys: list[UUID], found: _Found) -> bool:
    done = repair(site, table, keys)
    found.repairs += [] if done is None else done.repairs
    return done is not None and not done.refused


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of asking for whole rows; those that the database refused are as they were, and so are those edited here."""

    repairs: list[Repair]
    refused: list[UUID]
    left: set[UUID]
    """Rows that may be other ones than central's: refused, edited here, or set aside there."""


def repair(site: Site, table: str, keys: Sequence[UUID]) -> Repaired | None:
    """Ask for rows and make them what central has, at one place of its journal; None when somebody went on reading meanwhile."""
    with site.database.read() as session:
        marks = marks_on(session.connection(), table, keys)
    rows = unpack(Rows, site.channel.ask("rows", pack(AskRows(table, list(keys), marks=marks))))
    if not site.pull_to(rows.head_seq):
        return None
    theirs, aside = {key: (text, msgspec.json.decode(text)) for key, text in rows.rows}, set(rows.aside)
    with writing(site.database, REPAIR) as tx:
        link, connection = site.held(tx), tx.session.connection()
        if link.pulled_seq != rows.head_seq or link.central_id is None:
            return None
        unsettled = Unsettled(link.echoed_seq)
        unsettled.catch_up(connection)
        mine = read_rows(connection, table, keys, lock=True)
        found, brought = [], []
        ours = {key for key in keys if key in aside or unsettled.of(table, key, link.echoed_seq)}
        for key in keys:
            what = None if key in ours else _difference(table, theirs.get(key), mine.get(key))
            if what is not None:
                found.append(Repair(table, key, what))
                brought.append(gone(table, key) if what == "extra" else whole(table, key, theirs[key][0]))
        if brought:
            log.warning("sync: %d rows of %s are not as central has them and are put right", len(brought), table)
            origin = central_origin(None, link.central_id)
            if bring_rows(tx, origin, REPAIR, unsettled, link.echoed_seq, _in_order(brought)).parked:
                refused = [one.key for one in found]
                return Repaired([], refused, ours | set(refused))
    return Repaired(found, [], ours)


def _in_order(rows: list[WireRow]) -> list[WireRow]:
    return sorted(rows, key=lambda row: row.key)


def _difference(table: str, theirs: tuple[str, Values] | None, mine: Values | None) -> str | None:
    if theirs is None or mine is None:
        return "missing" if theirs is not None else "extra" if mine is not None else None
    return "different" if any(theirs[1].get(name) != mine.get(name) for name in travelling_columns(shapes()[table])) else None
