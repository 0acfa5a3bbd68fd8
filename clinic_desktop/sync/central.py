"""Central's side: takes what sites did, settles it in one order, and tells it to all. One call a verb, one transaction a call."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from clinic_desktop.kernel.archived import ArchivedHead, archived_head
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import documents, offering, overseeing, parking, slices, tasks
from clinic_desktop.sync.arriving import not_taken_yet
from clinic_desktop.sync.callers import Caller, note_read, peer_of, reader_of, taken_of
from clinic_desktop.sync.deciding import Deciding
from clinic_desktop.sync.entering import Integrated, Prepared
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.greeting import own_newest, refuse_copy, welcome_known
from clinic_desktop.sync.heard import heard_of
from clinic_desktop.sync.integrate import Integration, hopefully
from clinic_desktop.sync.lineage import Identity, formers, hash_at, identity
from clinic_desktop.sync.models import SyncParked
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.telling import head_of, page_for, refuse_place
from clinic_desktop.sync.wire import (
    PROTOCOLS,
    AskDigests,
    AskDocument,
    AskHashes,
    AskRows,
    Hello,
    KeepDocument,
    Origin,
    Parked,
    Pull,
    Push,
    Taken,
    Welcome,
    WireChange,
    pack,
    unpack,
)

T = TypeVar("T")
Taking = tuple[Prepared, int]
CLOCK_TOLERANCE = timedelta(minutes=5)
"""A clock that runs further ahead than this is wrong, and what it stamped would win over everybody's later work."""
OLDEST_BEHIND = 2
"""How many schema revisions a site may be behind."""


def answer(central: Database, caller: Caller, verb: str, body: bytes) -> bytes:
    """Do what a site asks; raises Refused."""
    act = _VERBS.get(verb)
    if act is None:
        raise Refused("unknown_verb", verb=verb[:40])
    return act(central, caller, body)


def _hello(central: Database, caller: Caller, body: bytes) -> bytes:
    hello = unpack(Hello, body)
    if hello.protocols[0] > PROTOCOLS[1] or hello.protocols[1] < PROTOCOLS[0]:
        raise Refused("protocol", oldest=PROTOCOLS[0], newest=PROTOCOLS[1])
    revision = newest_revision()
    _refuse_revision(hello.revision, revision)
    welcome = welcome_known(central, caller, hello)
    if welcome is not None:
        return pack(welcome)
    with central.write(Actor.system("sync")) as tx:
        tx.command = "sync.hello"
        connection = tx.session.connection()
        peer = peer_of(tx.session, caller)
        me, taken = identity(connection), taken_of(tx, caller, hello)
        refuse_copy(taken, hello)
        taken.head_seq, taken.revision, taken.last_contact_at = own_newest(taken, hello), hello.revision, tx.now
        taken.read_seq, peer.detached_at = hello.pulled_seq, hello.detached_at
        read_to, read_hash = _read_to(connection, me.database_id, hello, archived_head(tx.session))
        return pack(
            Welcome(
                protocol=min(PROTOCOLS[1], hello.protocols[1]),
                revision=revision,
                central_id=me.database_id,
                now=tx.now,
                taken_seq=taken.taken_seq,
                taken_hash=taken.taken_hash,
                head_seq=head_of(connection),
                head_hash=hash_at(connection, head_of(connection)) or b"",
                read_to=read_to,
                read_hash=read_hash,
            )
        )


def _refuse_revision(theirs: str, ours: str) -> None:
    if not theirs.isdigit() or int(theirs) < int(ours) - OLDEST_BEHIND:
        raise Refused("too_old", revision=theirs[:12], wanted=ours)
    if int(theirs) > int(ours):
        raise Refused("central_too_old", revision=ours)


def _read_to(connection: Connection, central_id: UUID, hello: Hello, archived: ArchivedHead | None) -> tuple[int, bytes]:
    """Where central came back from a backup since the site last read: how far both have the same."""
    if hello.central_id in (None, central_id):
        return -1, b""
    for former in formers(connection):
        if former.database_id == hello.central_id:
            through = min(former.through, hello.pulled_seq)
            if archived is not None and through == archived.seq:
                return through, archived.hash  # the last that left into the archive: what follows is here
            return through, hash_at(connection, through) or b""
    if archived is not None:
        return 0, b""  # too long ago for the journal to tell: everything is read once more
    raise Refused("other_central")


def _push(central: Database, caller: Caller, body: bytes) -> bytes:
    push = unpack(Push, body)
    _refuse_revision(push.revision, newest_revision())
    if push.database_id not in (None, caller.database_id):
        raise Refused("superseded")
    return pack(hopefully(lambda is_careful: _take(central, caller, push, is_careful=is_careful)))


def _take(central: Database, caller: Caller, push: Push, *, is_careful: bool) -> Taken:
    with central.write(Actor.system("sync")) as tx:
        tx.command = "sync.push"
        connection = tx.session.connection()
        peer, taken, me = peer_of(tx.session, caller), taken_of(tx, caller), identity(connection)
        latest = int((tx.now + CLOCK_TOLERANCE).timestamp() * 1000) << 16
        fresh, newest = not_taken_yet(connection, taken, push.changes, latest, tx.now)
        rules = _rules(peer, caller.site_id, me)
        origins = [Origin(caller.site_id, caller.database_id, one.seq, one.hlc, one.hash) for one in fresh]
        came = Integration(tx, rules, is_careful=is_careful).take(fresh, origins)
        parking.park(tx, caller.site_id, caller.database_id, came.parked)
        if came.taken:
            came.taken += _try_waiting(tx, parking.PARENTS)
        taken.conflicts += tasks.follow_up(tx, came)
        if newest is not None:
            taken.taken_seq, taken.taken_hash, taken.last_pushed_at = newest.seq, newest.hash, tx.now
            taken.head_seq = max(taken.head_seq, taken.taken_seq)
        taken.last_contact_at = tx.now
        tx.session.flush()
        told = [Parked(change.seq, park.reason, park.detail) for change, park in came.parked]
        return Taken(taken.taken_seq, taken.taken_hash, told)


def _pull(central: Database, caller: Caller, body: bytes) -> bytes:
    pull = unpack(Pull, body)
    with central.read() as session:
        connection = session.connection()
        known = reader_of(connection, caller)
        refuse_place(connection, pull, archived_head(session))
        page = page_for(connection, pull, heard_of(central))
    if known.read_seq is not None and (known.read_seq, known.head_seq) != (pull.after, known.taken_seq):
        note_read(central, caller, pull.after)
    return pack(page)


def retry(central: Database, parked_id: UUID) -> bool:
    """Try a parked change set again, and what waited for it when it goes in now; whether it did."""
    with central.write(Actor.system("sync")) as tx:
        tx.command = "sync.retry"
        came = Integrated(taken=_try_parked(tx, tx.session.get_one(SyncParked, parked_id, with_for_update=True)))
        if came.taken:
            came.taken += _try_waiting(tx)
        tasks.follow_up(tx, came)
        return bool(came.taken)


def _try_waiting(tx: Tx, reasons: Collection[str] = parking.FOLLOWED) -> list[Taking]:
    """Try what waits for others, in order, until nothing more goes in."""
    went_in: list[Taking] = []
    while fresh := [taking for one in parking.waiting(tx, reasons) for taking in _try_parked(tx, one)]:
        went_in += fresh
        reasons = parking.FOLLOWED
    return went_in


def _try_parked(tx: Tx, parked: SyncParked) -> list[Taking]:
    tx.session.flush()
    connection = tx.session.connection()
    me, peer = identity(connection), tx.session.get(SyncPeer, parked.site_id)
    change = unpack(WireChange, parked.body)
    rules = _rules(peer, parked.site_id, me, besides=parked.id)
    origin = Origin(parked.site_id, parked.database_id, change.seq, change.hlc, change.hash)
    return parking.try_one(tx, parked, change, origin, rules)


def _rules(peer: SyncPeer | None, site_id: UUID, me: Identity, *, besides: UUID | None = None) -> Deciding:
    """By what a site's change sets are settled: a computer's copy writes as this very site."""
    keeps, owns_as = peer is not None and peer.keeps_shared_data, me.site_id if peer is not None and peer.is_replica else None
    return Deciding(site_id, keeps_shared_data=keeps, central_site=me.site_id, owns_as=owns_as, besides=besides)


def _offer(kind: type[T], act: Callable[[Database, T], Any]) -> Callable[[Database, Caller, bytes], bytes]:
    """A verb that any enrolled site may ask: it tells of no site more than of another."""

    def offer(central: Database, caller: Caller, body: bytes) -> bytes:
        with central.read() as session:
            reader_of(session.connection(), caller)
        return pack(act(central, unpack(kind, body)))

    return offer


def _digests(central: Database, caller: Caller, body: bytes) -> bytes:
    """A slice of them; with the last one it is known that this site has compared, and whether all was alike on the way."""
    with central.read() as session:
        reader_of(session.connection(), caller)
    asked = unpack(AskDigests, body)
    told = slices.offer_digests(central, asked)
    if told.following is None:
        overseeing.note_comparison(central, caller.site_id, has_differed=asked.has_differed)
    return pack(told)


def _hashes(central: Database, caller: Caller, body: bytes) -> bytes:
    """A site asks for them only where its digests are others."""
    told = _offer(AskHashes, offering.offer_hashes)(central, caller, body)
    overseeing.note_difference(central, caller.site_id)
    return told


def _rows(central: Database, caller: Caller, body: bytes) -> bytes:
    return _offer(AskRows, lambda database, asked: offering.offer_rows(database, asked, caller.site_id))(central, caller, body)


_VERBS: dict[str, Callable[[Database, Caller, bytes], bytes]] = {
    "hello": _hello,
    "push": _push,
    "pull": _pull,
    "digests": _digests,
    "hashes": _hashes,
    "rows": _rows,
    "document": _offer(AskDocument, documents.offer_part),
    "keep": _offer(KeepDocument, documents.keep_part),
}
