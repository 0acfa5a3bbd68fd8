"""Central's side: takes what sites did, settles it in one order, and tells it to all. One call a verb, one transaction a call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select, update

from clinic_desktop.kernel.archived import archived_head
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.journal import NOTE, JournalHead
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import documents, offering, parking, tasks
from clinic_desktop.sync.deciding import Deciding
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.integrate import BACK, GONE, KEPT_OTHERWISE, Integrated, Integration, Prepared
from clinic_desktop.sync.lineage import Identity, formers, hash_at, identity
from clinic_desktop.sync.models import SyncParked, SyncTaken
from clinic_desktop.sync.outbox import LATEST, as_wire, journal_after, size_of, travelling
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.wire import (
    PROTOCOLS,
    AskDigests,
    AskDocument,
    AskHashes,
    AskRows,
    Hello,
    KeepDocument,
    Origin,
    Page,
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
MOST_PAGE_BYTES = 4 << 20
"""However much a site asks for at once."""
PAGE_SETS = 2_000
"""Change sets in one page at most."""
HASH_BYTES = 32
WORDS = (f'"{KEPT_OTHERWISE}"', f'"{GONE}"', f'"{BACK}"')


class Caller(NamedTuple):
    """Who asks, as the token says."""

    site_id: UUID
    database_id: UUID
    fence: int = 0


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
    with central.write(Actor.system("sync")) as tx:
        tx.command = "sync.hello"
        connection = tx.session.connection()
        me, peer = identity(connection), _peer(tx, caller)
        taken = _taken(tx, caller, hello)
        _refuse_copy(taken, hello)
        taken.head_seq, taken.revision, taken.last_contact_at = hello.head_seq, hello.revision, tx.now
        taken.read_seq = hello.pulled_seq
        read_to, read_hash = _read_to(connection, me.database_id, hello)
        return pack(
            Welcome(
                protocol=min(PROTOCOLS[1], hello.protocols[1]),
                revision=revision,
                central_id=me.database_id,
                now=tx.now,
                taken_seq=taken.taken_seq,
                taken_hash=taken.taken_hash,
                head_seq=_head(connection),
                begins_after=_begins(tx),
                keeps_shared_data=peer.keeps_shared_data,
                head_hash=hash_at(connection, _head(connection)) or b"",
                read_to=read_to,
                read_hash=read_hash,
            )
        )


def _refuse_revision(theirs: str, ours: str) -> None:
    if not theirs.isdigit() or int(theirs) < int(ours) - OLDEST_BEHIND:
        raise Refused("too_old", revision=theirs[:12], wanted=ours)
    if int(theirs) > int(ours):
        raise Refused("central_too_old", revision=ours)


def _refuse_copy(taken: SyncTaken, hello: Hello) -> None:
    """A database that is behind what central took of it, or tells another story, is a copy that took its place."""
    if hello.head_seq < taken.taken_seq:
        raise Refused("site_went_back", head=hello.head_seq, taken=taken.taken_seq)
    if hello.pushed_seq == taken.taken_seq and hello.pushed_hash != taken.taken_hash:
        raise Refused("diverged", seq=taken.taken_seq)


def _read_to(connection: Connection, central_id: UUID, hello: Hello) -> tuple[int, bytes]:
    """Where central came back from a backup since the site last read: how far both have the same."""
    if hello.central_id in (None, central_id):
        return -1, b""
    for former in formers(connection):
        if former.database_id == hello.central_id:
            through = min(former.through, hello.pulled_seq)
            return through, hash_at(connection, through) or b""
    raise Refused("other_central")


def _peer(tx: Tx, caller: Caller) -> SyncPeer:
    peer = tx.session.get(SyncPeer, caller.site_id)
    if peer is None:
        raise Refused("not_enrolled")
    if peer.revoked_at is not None:
        raise Refused("revoked")
    return peer


def _taken(tx: Tx, caller: Caller, hello: Hello | None = None) -> SyncTaken:
    """What central has of the caller's database, locked; of one that was restored, what it has of the former and is there, too."""
    wanted = select(SyncTaken).where(SyncTaken.database_id == caller.database_id).with_for_update()
    taken = tx.session.scalars(wanted).one_or_none()
    if taken is None:
        taken = SyncTaken(database_id=caller.database_id, site_id=caller.site_id, taken_seq=0, taken_hash=b"", conflicts=0)
        taken.read_seq = taken.head_seq = 0
        taken.is_former = False
        # Restored twice without a word in between, it is the one before that is known here.
        any(_goes_on_from(tx, taken, *former) for former in (hello.formers if hello is not None else ()))
        tx.session.add(taken)
    if taken.site_id != caller.site_id or taken.is_former:
        raise Refused("superseded")
    return taken


def _goes_on_from(tx: Tx, taken: SyncTaken, former_id: UUID, through: int) -> bool:
    former = tx.session.get(SyncTaken, former_id, with_for_update=True)
    if former is None or former.site_id != taken.site_id:
        return False
    former.is_former = True
    if former.taken_seq <= through:
        taken.taken_seq, taken.taken_hash = former.taken_seq, former.taken_hash
        return True
    origin = JournalOrigin.__table__.c
    last = select(origin.origin_seq, origin.origin_hash).where(origin.database_id == former_id, origin.origin_seq <= through)
    found = tx.session.connection().execute(last.order_by(origin.origin_seq.desc()).limit(1)).one_or_none()
    if found is not None:
        taken.taken_seq, taken.taken_hash = found.origin_seq, bytes(found.origin_hash)
    return found is not None


def _push(central: Database, caller: Caller, body: bytes) -> bytes:
    push = unpack(Push, body)
    _refuse_revision(push.revision, newest_revision())
    with central.write(Actor.system("sync")) as tx:
        tx.command = "sync.push"
        connection = tx.session.connection()
        peer, taken, me = _peer(tx, caller), _taken(tx, caller), identity(connection)
        fresh = _fresh(connection, caller, taken, push.changes, tx.now)
        rules = Deciding(caller.site_id, keeps_shared_data=peer.keeps_shared_data, central_site=me.site_id)
        origins = [Origin(caller.site_id, caller.database_id, one.seq, one.hlc, one.hash) for one in fresh]
        came = Integration(tx, rules).take(fresh, origins)
        parking.park(tx, caller.site_id, caller.database_id, came.parked)
        if came.taken:
            came.taken += _try_waiting(tx, parking.PARENTS)
        taken.conflicts += tasks.follow_up(tx, came)
        if fresh:
            taken.taken_seq, taken.taken_hash, taken.last_pushed_at = fresh[-1].seq, fresh[-1].hash, tx.now
        taken.last_contact_at = tx.now
        tx.session.flush()
        told = [Parked(change.seq, park.reason, park.detail) for change, park in came.parked]
        return pack(Taken(taken.taken_seq, taken.taken_hash, _head(connection), taken.conflicts, told))


def _fresh(connection: Connection, caller: Caller, taken: SyncTaken, changes: Sequence[WireChange], now: datetime) -> list[WireChange]:
    """Those that are not taken yet, in a row without a gap; those that came before must be the very same."""
    latest, last = int((now + CLOCK_TOLERANCE).timestamp() * 1000) << 16, taken.taken_seq
    fresh: list[WireChange] = []
    for change in changes:
        if change.seq <= taken.taken_seq:
            if _known_hash(connection, caller.database_id, change.seq) not in (None, change.hash):
                raise Refused("diverged", seq=change.seq)
            continue
        if change.after != last:
            raise Refused("gap", expected=last, got=change.after)
        if change.seq <= change.after or change.origin is not None or change.is_whole or change.echo:
            raise Refused("malformed", detail="order")
        if change.seq > LATEST or change.hlc < 0 or len(change.hash) != HASH_BYTES:
            raise Refused("malformed", detail="sizes")
        if change.hlc > latest:
            if fresh:
                break
            raise Refused("clock_ahead", now=now.isoformat())
        fresh.append(change)
        last = change.seq
    return fresh


def _known_hash(connection: Connection, database_id: UUID, seq: int) -> bytes | None:
    origin = JournalOrigin.__table__.c
    found = connection.scalar(select(origin.origin_hash).where(origin.database_id == database_id, origin.origin_seq == seq))
    return None if found is None else bytes(found)


def _pull(central: Database, caller: Caller, body: bytes) -> bytes:
    pull = unpack(Pull, body)
    with central.read() as session:
        connection = session.connection()
        peer = session.get(SyncPeer, caller.site_id)
        if peer is None or peer.revoked_at is not None:
            raise Refused("not_enrolled" if peer is None else "revoked")
        _refuse_place(session.connection(), pull, archived_head(session))
        page = _page(connection, pull)
    _note_read(central, caller, pull.after)
    return pack(page)


def _refuse_place(connection: Connection, pull: Pull, archived: object) -> None:
    known = hash_at(connection, pull.after)
    if known is None and archived is not None:
        raise Refused("needs_snapshot")
    if known is None:
        raise Refused("central_went_back", head=_head(connection))
    if known != pull.hash:
        raise Refused("other_history", seq=pull.after)


def _page(connection: Connection, pull: Pull) -> Page:
    me, owns = identity(connection), dict(pull.owns)
    changes: list[WireChange] = []
    size, through, digest = 0, pull.after, pull.hash
    for count, read in enumerate(journal_after(connection, pull.after), 1):
        if read.head.seq > pull.upto:
            break
        origin = read.origin or Origin(me.site_id, me.database_id, read.head.seq, read.head.hlc, bytes(read.head.hash))
        is_echo = origin.seq <= owns.get(origin.database_id, -1)
        rows, secrets = travelling(connection, read.rows, _is_word if is_echo else _is_change)
        if rows or is_echo:
            change = as_wire(read.head, through, origin.hlc, rows, secrets, origin)
            if is_echo:
                # Of what the reader was before it was restored, too: it holds those edits as its own, under the same sequence.
                change = _own_word(change, me, origin.seq)
            changes.append(change)
            size += size_of(change)
        through, digest = read.head.seq, bytes(read.head.hash)
        if size >= min(pull.most_bytes, MOST_PAGE_BYTES) or count >= PAGE_SETS:
            break
    return Page(changes, through, digest, _head(connection))


def _own_word(change: WireChange, me: Identity, echo: int) -> WireChange:
    """What central says on a site's own change set is central's act, not that of whoever worked there."""
    origin = Origin(me.site_id, me.database_id, change.seq, change.hlc, change.hash)
    who: dict[str, Any] = {"actor_id": None, "actor_name": "sync", "workstation_id": None, "command": "sync.settle", "reason": None}
    return msgspec.structs.replace(change, origin=origin, echo=echo, **who)


def _is_word(log: object) -> bool:
    """Whether a journal entry is central's word on what a site sent."""
    return bool(log.operation == NOTE and any(word in log.changes for word in WORDS))  # type: ignore[attr-defined]


def _is_change(log: object) -> bool:
    return log.operation != NOTE or _is_word(log)  # type: ignore[attr-defined]


def _note_read(central: Database, caller: Caller, seq: int) -> None:
    with central.engine.execution_options(clinic_write=True).begin() as connection:
        # Who reads has sent what it had: so a site that broke off in between is told from one that has nothing to send.
        known = {"read_seq": seq, "head_seq": SyncTaken.taken_seq, "last_contact_at": central.clock()}
        connection.execute(update(SyncTaken).where(SyncTaken.database_id == caller.database_id).values(**known))


def _head(connection: Connection) -> int:
    return int(connection.scalar(select(JournalHead.seq)) or 0)


def _begins(tx: Tx) -> int:
    archived = archived_head(tx.session)
    return 0 if archived is None else archived.seq


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
    keeps = peer is not None and peer.keeps_shared_data
    rules = Deciding(parked.site_id, keeps_shared_data=keeps, central_site=me.site_id, besides=parked.id)
    origin = Origin(parked.site_id, parked.database_id, change.seq, change.hlc, change.hash)
    came = Integration(tx, rules).take([change], [origin])
    if came.parked:
        parked.reason, parked.detail = came.parked[0][1].reason, came.parked[0][1].detail
    else:
        parking.resolve(tx, parked, parking.APPLIED)
    return came.taken


def _offer(kind: type[T], act: Callable[[Database, T], Any]) -> Callable[[Database, Caller, bytes], bytes]:
    """A verb that an enrolled site may ask and that changes nothing."""

    def offer(central: Database, caller: Caller, body: bytes) -> bytes:
        with central.read() as session:
            peer = session.get(SyncPeer, caller.site_id)
        if peer is None or peer.revoked_at is not None:
            raise Refused("not_enrolled" if peer is None else "revoked")
        return pack(act(central, unpack(kind, body)))

    return offer


_VERBS: dict[str, Callable[[Database, Caller, bytes], bytes]] = {
    "hello": _hello,
    "push": _push,
    "pull": _pull,
    "digests": _offer(AskDigests, offering.offer_digests),
    "hashes": _offer(AskHashes, offering.offer_hashes),
    "rows": _offer(AskRows, offering.offer_rows),
    "document": _offer(AskDocument, documents.offer_part),
    "keep": _offer(KeepDocument, documents.keep_part),
}
