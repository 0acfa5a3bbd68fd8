"""What people do at a site about change sets of others that could not be applied here: look at them, try again, set them aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.audit.queries.naming import names_of
from clinic_desktop.clinic.audit.rules import Named
from clinic_desktop.clinic.organisation.models import Site
from clinic_desktop.clinic.reconciling.commands import DECIDE
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.journal import NOTE
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.text import required_line
from clinic_desktop.sync import parking
from clinic_desktop.sync.following import Following
from clinic_desktop.sync.models import SyncParked
from clinic_desktop.sync.scope import link_of
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import WireChange, unpack


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A change set that waits: what it did, whose it is, why it waits, and the records that it touches, by name where they are here."""

    id: UUID
    site: str | None
    command: str
    actor_name: str
    at: datetime
    reason: str
    detail: str
    parked_at: datetime
    touched: tuple[Named, ...]


def waiting_here(session: Session, actor: Actor, *, limit: int = 200) -> list[AsideRow]:
    """What waits for a person, oldest first."""
    actor.require(DECIDE, "sync.waiting_here")
    wanted = select(SyncParked).where(SyncParked.resolved_at.is_(None)).order_by(SyncParked.parked_at, SyncParked.id)
    found = [(one, unpack(WireChange, one.body)) for one in session.scalars(wanted.limit(limit))]
    sites = dict(session.execute(select(Site.id, Site.name)).all())
    keys = {(row.table, UUID(row.key)) for _, change in found for row in change.rows if row.operation != NOTE}
    names = names_of(session, keys)

    def touched(change: WireChange) -> tuple[Named, ...]:
        rows = dict.fromkeys((row.table, UUID(row.key)) for row in change.rows if row.operation != NOTE)
        return tuple(Named(*key, names.get(key, ())) for key in rows)

    return [
        AsideRow(
            one.id,
            sites.get(one.site_id),
            change.command,
            change.actor_name,
            change.at,
            one.reason,
            one.detail,
            one.parked_at,
            touched(change),
        )
        for one, change in found
    ]


def try_again(db: Database, actor: Actor, *, parked_id: UUID) -> bool:
    """Apply a change set that waits, and whatever waited for it; False when it cannot go in yet."""
    return db.run(actor, _try_again, parked_id)


def _try_again(tx: Tx, parked_id: UUID) -> bool:
    tx.actor.require(DECIDE, "sync.retry")
    tx.command = "sync.retry"
    if not _goes_in(tx, _waiting(tx, parked_id)):
        return False
    while any(_goes_in(tx, one) for one in parking.waiting(tx)):
        pass
    link_of(tx).doubt()  # what others did to those rows since it was set aside comes back with the next comparison
    return True


def _goes_in(tx: Tx, parked: SyncParked) -> bool:
    change, echoed = unpack(WireChange, parked.body), link_of(tx).echoed_seq
    if change.origin is None:
        raise NotFound(entity=SyncParked.__tablename__, key=str(parked.id))
    parking.try_one(tx, parked, change, change.origin, Following(Unsettled(echoed), echoed, [change]))
    tx.session.flush()
    return parked.resolved_at is not None


def set_aside(db: Database, actor: Actor, *, parked_id: UUID, note: str) -> None:
    """Do without a change set for good, and say why."""
    db.run(actor, _set_aside, parked_id, note)


def _set_aside(tx: Tx, parked_id: UUID, note: str) -> None:
    tx.actor.require(DECIDE, "sync.discard")
    tx.reason = required_line(note, "note", limit=500)
    parking.discard(tx, parked_id=_waiting(tx, parked_id).id)


def _waiting(tx: Tx, parked_id: UUID) -> SyncParked:
    parked = tx.session.get(SyncParked, parked_id, with_for_update=True, populate_existing=True)
    if parked is None or parked.resolved_at is not None:
        raise NotFound(entity=SyncParked.__tablename__, key=str(parked_id))
    return parked
