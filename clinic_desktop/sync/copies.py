"""The LAN database's side of the copies on its computers: its service, who may make one, and which there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.queries import standing_tills
from clinic_desktop.clinic.billing.queries.rows import StandingTillRow
from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError, NotFound
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.credentials import EnrolmentCode
from clinic_desktop.sync.enrolment import make_code, revoke
from clinic_desktop.sync.models import THE_ONE, SyncService, SyncTaken
from clinic_desktop.sync.peers import SyncEnrolmentCode, SyncPeer

SERIES = "D"
SILENT_AFTER = timedelta(minutes=10)
"""A copy asks every few moments: one that did not for so long is switched off, lost, or away."""


class NoService(ClinicError):
    """The service that answers copies has never run beside this server."""

    code = "no_service"


@dataclass(frozen=True, slots=True)
class Service:
    """Where a LAN database's service answers: at the server's own host."""

    port: int
    pin: bytes = field(repr=False)
    seen_at: datetime

    def address_for(self, lan: Database) -> str:
        """Its address for a computer that reaches the server as it does."""
        host = lan.address.url.host or "localhost"
        return f"https://[{host}]:{self.port}" if ":" in host else f"https://{host}:{self.port}"


class CopyState(StrEnum):
    """How it stands with a computer's copy, as far as the server has heard."""

    SHUT_OUT = "SHUT_OUT"
    AWAY = "AWAY"
    """People work on it."""
    SILENT = "SILENT"
    """Nothing was heard of it for a while: it is switched off, lost, or away."""
    BEHIND = "BEHIND"
    WELL = "WELL"


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A computer that keeps a copy, as it last said."""

    code: str
    name: str
    since: datetime
    last_contact_at: datetime | None
    """None: its first load has not begun."""
    behind: int
    """Change sets of the server that it had not read."""
    detached_at: datetime | None
    """Since when people work on it; it says so when it comes back."""
    revoked_at: datetime | None
    tills: tuple[StandingTillRow, ...] = ()
    """Opened on it and not counted yet, as far as it has handed over."""

    def state(self, now: datetime) -> CopyState:
        """How it stands."""
        if self.revoked_at is not None:
            return CopyState.SHUT_OUT
        if self.detached_at is not None:
            return CopyState.AWAY
        if self.last_contact_at is None or now - self.last_contact_at >= SILENT_AFTER:
            return CopyState.SILENT
        return CopyState.BEHIND if self.behind else CopyState.WELL


def service_of(lan: Database) -> Service | None:
    """The service of a LAN database; None where none ever ran."""
    with lan.read() as session:
        row = session.get(SyncService, THE_ONE)
        return None if row is None else Service(row.port, row.pin, row.seen_at)


def copies(session: Session, actor: Actor) -> list[CopyRow]:
    """The computers that keep a copy, or kept one; those that are shut out last."""
    actor.require(MANAGE, "sync.copies")
    head = session.scalars(select(JournalHead.seq)).one()
    told = select(SyncPeer, SyncTaken).outerjoin(SyncTaken, SyncTaken.database_id == SyncPeer.database_id)
    found = session.execute(told.where(SyncPeer.is_replica).order_by(SyncPeer.revoked_at.is_not(None), SyncPeer.enrolled_at))
    tills = [one for one in standing_tills(session) if one.series is not None]
    return [_row(peer, taken, head, tuple(one for one in tills if one.series == peer.code)) for peer, taken in found]


def _row(peer: SyncPeer, taken: SyncTaken | None, head: int, tills: tuple[StandingTillRow, ...]) -> CopyRow:
    contact, read = (None, 0) if taken is None else (taken.last_contact_at, taken.read_seq)
    return CopyRow(peer.code, peer.name, peer.enrolled_at, contact, max(head - read, 0), peer.detached_at, peer.revoked_at, tills)


def allow_copy(tx: Tx, *, key: bytes, name: str, pin: bytes | None) -> EnrolmentCode:
    """Make the code by which one computer's copy enrols, with a series that no other ever had."""
    _require(tx)
    known = [*tx.session.scalars(select(SyncPeer.code).where(SyncPeer.is_replica))]
    known += tx.session.scalars(select(SyncEnrolmentCode.site_code).where(SyncEnrolmentCode.is_replica))
    number = 1 + max((int(code[len(SERIES) :]) for code in known), default=0)
    return make_code(tx, key, code=f"{SERIES}{number}", name=name, pin=pin, is_replica=True)


def forget_copy(tx: Tx, *, code: str) -> None:
    """Refuse a computer's copy from now on; what it has handed over stays."""
    _require(tx)
    wanted = select(SyncPeer.site_id).where(SyncPeer.code == code, SyncPeer.is_replica)
    site_id: UUID | None = tx.session.scalars(wanted).one_or_none()
    if site_id is None:
        raise NotFound(entity="sites", key=code)
    revoke(tx, site_id=site_id, reason="copy")


def _require(tx: Tx) -> None:
    tx.actor.require(MANAGE, "sync.keep_copy")
    tx.actor.require_password(tx.now, "sync.keep_copy")
