"""Central greets a site that it knows: most hellos say nothing, or only how far the site is by now, and nobody waits for anybody then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, true, update

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity, JournalHead
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.wire import PROTOCOLS, Hello, Welcome

if TYPE_CHECKING:
    from clinic_desktop.sync.callers import Caller

CONTACT_EVERY = timedelta(minutes=1)
"""How old the time of the last contact may be while nothing else has changed: to write it costs more than all the rest."""
_t, _p = SyncTaken.__table__.c, SyncPeer.__table__.c
_i, _h = DatabaseIdentity.__table__.c, JournalHead.__table__.c
_told = (_t.taken_seq, _t.taken_hash, _t.head_seq, _t.read_seq, _t.revision, _t.last_contact_at)
_KNOWN = (
    select(_i.database_id, _h.seq, _h.hash, _p.detached_at, *_told)
    .select_from(SyncTaken.__table__)
    .join(SyncPeer.__table__, _p.site_id == _t.site_id)
    .join(DatabaseIdentity.__table__, true())
    .join(JournalHead.__table__, true())
    .where(_t.database_id == bindparam("database_id"), _t.site_id == bindparam("site_id"), _p.revoked_at.is_(None), ~_t.is_former)
)


def welcome_known(central: Database, caller: Caller, hello: Hello) -> Welcome | None:
    """The answer to a site that goes on where it was; None to one of which more has to be looked at."""
    with central.read() as session:
        found = session.connection().execute(_KNOWN, {"database_id": caller.database_id, "site_id": caller.site_id}).one_or_none()
    if found is None or (found.database_id, found.detached_at) != (hello.central_id, hello.detached_at):
        return None
    refuse_copy(found, hello)
    now = central.clock()
    if said := _news(found, hello, now):
        mine = (_t.database_id == caller.database_id, ~_t.is_former)
        with central.engine.execution_options(clinic_write=True).begin() as connection:
            connection.execute(update(SyncTaken).where(*mine).values(**said, last_contact_at=now))
    own = {"taken_seq": found.taken_seq, "taken_hash": bytes(found.taken_hash), "central_id": found.database_id, "now": now}
    place = {"head_seq": found.seq, "head_hash": bytes(found.hash) if found.seq else b""}
    return Welcome(protocol=min(PROTOCOLS[1], hello.protocols[1]), revision=newest_revision(), **own, **place)


def _news(known: Any, hello: Hello, now: datetime) -> dict[str, Any]:
    """What is to be noted; nothing where all of it is known, and was heard a moment ago."""
    newest = known.taken_seq if hello.has_sent else known.head_seq  # what comes now says itself how far it goes
    is_same = (newest, hello.pulled_seq, hello.revision) == (known.head_seq, known.read_seq, known.revision)
    last = known.last_contact_at
    if is_same and last is not None and last <= now < last + CONTACT_EVERY:
        return {}
    return {"head_seq": own_newest(known, hello), "read_seq": hello.pulled_seq, "revision": hello.revision}


def own_newest(taken: Any, hello: Hello) -> int:
    """The newest change set of a site that is to come: what others did is in its journal, too."""
    return int(taken.taken_seq if hello.has_sent else hello.head_seq)


def refuse_copy(taken: Any, hello: Hello) -> None:
    """A database that is behind what central took of it, or tells another story, is a copy that took its place."""
    if hello.head_seq < taken.taken_seq:
        raise Refused("site_went_back", head=hello.head_seq, taken=taken.taken_seq)
    if hello.pushed_seq == taken.taken_seq and hello.pushed_hash != taken.taken_hash:
        raise Refused("diverged", seq=taken.taken_seq)
