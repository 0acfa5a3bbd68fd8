"""Who asks central, and what central has of them."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.wire import Hello


class Caller(NamedTuple):
    """Who asks, as the token says."""

    site_id: UUID
    database_id: UUID
    fence: int = 0


def peer_of(session: Session, caller: Caller) -> SyncPeer:
    """The enrolled site that asks; raises Refused."""
    peer = session.get(SyncPeer, caller.site_id)
    if peer is None:
        raise Refused("not_enrolled")
    if peer.revoked_at is not None:
        raise Refused("revoked")
    return peer


def taken_of(tx: Tx, caller: Caller, hello: Hello | None = None) -> SyncTaken:
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


_p, _t = SyncPeer.__table__.c, SyncTaken.__table__.c
_READER = (
    select(_p.revoked_at, _t.read_seq, _t.head_seq, _t.taken_seq)
    .outerjoin_from(SyncPeer.__table__, SyncTaken.__table__, _t.database_id == bindparam("database_id"))
    .where(_p.site_id == bindparam("site_id"))
)


def reader_of(connection: Connection, caller: Caller) -> Any:
    """What is known of who asks; raises Refused."""
    found = connection.execute(_READER, {"site_id": caller.site_id, "database_id": caller.database_id}).one_or_none()
    if found is None:
        raise Refused("not_enrolled")
    if found.revoked_at is not None:
        raise Refused("revoked")
    return found


_NOTE_READ = (
    update(SyncTaken.__table__)  # type: ignore[arg-type]
    .where(_t.database_id == bindparam("of"))
    .values(read_seq=bindparam("read"), head_seq=_t.taken_seq, last_contact_at=bindparam("now"))
)


def note_read(central: Database, caller: Caller, seq: int) -> None:
    """Remember how far a site has read."""
    with central.engine.execution_options(clinic_write=True).begin() as connection:
        # Who reads has sent what it had: so a site that broke off in between is told from one that has nothing to send.
        connection.execute(_NOTE_READ, {"of": caller.database_id, "read": seq, "now": central.clock()})
