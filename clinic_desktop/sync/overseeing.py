"""What the operator of a central server sees: each site, how far it is behind, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import ConflictStatus
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import NOTE, AuditLog, JournalHead
from clinic_desktop.sync.models import SyncParked, SyncTaken
from clinic_desktop.sync.peers import SyncContact, SyncEnrolmentCode, SyncPeer

SILENT_AFTER, LOST_AFTER = timedelta(minutes=10), timedelta(minutes=30)
"""When a site that says nothing becomes a matter of attention, and of alarm."""


class State(StrEnum):
    """How a site stands, the gravest last."""

    REVOKED = "REVOKED"
    WELL = "WELL"
    BEHIND = "BEHIND"
    SILENT = "SILENT"
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One enrolled site."""

    site_id: UUID
    code: str
    name: str
    keeps_shared_data: bool
    clinics: tuple[str, ...]
    program: str
    revision: str
    database_id: UUID
    enrolled_at: datetime
    revoked_at: datetime | None
    revoked_reason: str | None
    heard_at: datetime
    """Its last contact; its enrolment where there was none since."""
    taken_seq: int
    head_seq: int
    """Its own newest change set, as it last said."""
    read_seq: int
    lag: int
    """Change sets of central that it has not read."""
    parked: int
    conflicts: int
    """Its own records on which a person has to decide."""
    compared_at: datetime | None
    differed_at: datetime | None

    @property
    def agrees(self) -> bool | None:
        """Whether its digests were central's when it last compared them; None before it has."""
        if self.compared_at is None:
            return None
        return self.differed_at is None or self.differed_at < self.compared_at

    @property
    def unsent(self) -> int:
        """Change sets that it had not sent when it was last heard of; how many there are since, nobody knows."""
        return max(self.head_seq - self.taken_seq, 0)

    def state(self, now: datetime) -> State:
        """How it stands."""
        silence = now - self.heard_at
        if self.revoked_at is not None:
            return State.REVOKED
        if silence >= LOST_AFTER:
            return State.LOST
        if silence >= SILENT_AFTER:
            return State.SILENT
        return State.BEHIND if self.lag or self.unsent else State.WELL


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A change set that could not be taken."""

    id: UUID
    site_code: str
    origin_seq: int
    reason: str
    detail: str
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCodeRow:
    """An enrolment code that nobody has used yet; itself is not to be had any more."""

    id: UUID
    site_code: str
    site_name: str
    expires_at: datetime
    is_lost: bool
    """Withdrawn because the data key was replaced: whoever made it has to make another one."""


def head_of(session: Session) -> int:
    """The sequence of central's newest change set."""
    return int(session.scalars(select(JournalHead.seq)).one())


def note_comparison(database: Database, site_id: UUID, *, has_differed: bool) -> None:
    """Remember that a site is through with comparing."""
    now = database.clock()
    _note(database, site_id, {"compared_at": now} | ({"differed_at": now} if has_differed else {}))


def note_difference(database: Database, site_id: UUID) -> None:
    """Remember that a site looked closer, since its digests were others."""
    _note(database, site_id, {"differed_at": database.clock()})


def _note(database: Database, site_id: UUID, values: dict[str, datetime]) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        if connection.execute(update(SyncContact).where(SyncContact.site_id == site_id).values(**values)).rowcount == 0:
            connection.execute(insert(SyncContact).values(site_id=site_id, fence=0, **values))


def sites(session: Session) -> list[SiteRow]:
    """Every site that was ever enrolled, by code."""
    head, last = head_of(session), _last_for_sites(session)
    taken = {one.database_id: one for one in session.scalars(select(SyncTaken))}
    is_open = SyncParked.resolved_at.is_(None)
    counted = select(SyncParked.site_id, func.count()).where(is_open).group_by(SyncParked.site_id)
    parked: dict[UUID, int] = dict(session.execute(counted).all())
    c = SyncConflict
    undecided = select(c.owner_site_id, func.count()).where(c.status == ConflictStatus.OPEN).group_by(c.owner_site_id)
    conflicts = dict(session.execute(undecided).all())
    contacts = {one.site_id: one for one in session.scalars(select(SyncContact))}
    peers = session.scalars(select(SyncPeer).order_by(SyncPeer.code))
    ids = [(one, taken.get(one.database_id), parked.get(one.site_id, 0), conflicts.get(one.site_id, 0)) for one in peers]
    return [_row(one, contacts.get(one.site_id), known, head, last, waiting, open_) for one, known, waiting, open_ in ids]


def site(session: Session, site_id: UUID) -> SiteRow | None:
    """One site."""
    return next((one for one in sites(session) if one.site_id == site_id), None)


def parked(session: Session, *, most: int = 200) -> list[ParkedRow]:
    """What waits for a person, oldest first."""
    codes = {peer.site_id: peer.code for peer in session.scalars(select(SyncPeer))}
    found = session.scalars(
        select(SyncParked).where(SyncParked.resolved_at.is_(None)).order_by(SyncParked.parked_at, SyncParked.id).limit(most)
    )
    return [ParkedRow(one.id, codes.get(one.site_id, "?"), one.origin_seq, one.reason, one.detail, one.parked_at) for one in found]


def open_codes(session: Session, now: datetime) -> list[OpenCodeRow]:
    """Codes that still enrol a site, or would if the data key had not been replaced; the one that ends first in front."""
    c, newer = SyncEnrolmentCode, aliased(SyncEnrolmentCode)
    is_replaced = exists().where(newer.site_code == c.site_code, newer.made_at > c.made_at)
    is_shut = exists().where(SyncPeer.code == c.site_code, SyncPeer.revoked_at >= c.made_at)
    is_lost = and_(c.withdrawn_at.is_not(None), ~is_replaced, ~is_shut)
    found = select(c).where(c.used_at.is_(None), c.expires_at > now, or_(c.withdrawn_at.is_(None), is_lost))
    rows = session.scalars(found.order_by(c.expires_at))
    return [OpenCodeRow(one.id, one.site_code, one.site_name, one.expires_at, one.withdrawn_at is not None) for one in rows]


def conflicts_of_nobody(session: Session) -> int:
    """Conflicts in records that no site owns, such as a patient's: anybody may decide them."""
    wanted = select(func.count()).where(SyncConflict.status == ConflictStatus.OPEN, SyncConflict.owner_site_id.is_(None))
    return session.scalar(wanted) or 0


def _last_for_sites(session: Session) -> int:
    """The newest change set that is more than a note of central's own, such as a login of its operator."""
    wanted = select(AuditLog.seq).where(AuditLog.operation != NOTE).order_by(AuditLog.seq.desc()).limit(1)
    return session.scalar(wanted) or 0


def _row(
    peer: SyncPeer, contact: SyncContact | None, taken: SyncTaken | None, head: int, last: int, waiting: int, conflicts: int
) -> SiteRow:
    came, compared, differed = (contact.last_token_at, contact.compared_at, contact.differed_at) if contact is not None else (None,) * 3
    times = [peer.enrolled_at, came, taken.last_contact_at if taken is not None else None]
    read = taken.read_seq if taken is not None else 0
    return SiteRow(
        site_id=peer.site_id,
        code=peer.code,
        name=peer.name,
        keeps_shared_data=peer.keeps_shared_data,
        clinics=tuple(msgspec.json.decode(peer.clinics, type=list[str])),
        program=peer.program,
        revision=(taken.revision if taken is not None else None) or peer.revision,
        database_id=peer.database_id,
        enrolled_at=peer.enrolled_at,
        revoked_at=peer.revoked_at,
        revoked_reason=peer.revoked_reason,
        heard_at=max(at for at in times if at is not None),
        taken_seq=taken.taken_seq if taken is not None else 0,
        head_seq=taken.head_seq if taken is not None else 0,
        read_seq=read,
        lag=max(head - read, 0) if read < last else 0,
        parked=waiting,
        conflicts=conflicts,
        compared_at=compared,
        differed_at=differed,
    )
