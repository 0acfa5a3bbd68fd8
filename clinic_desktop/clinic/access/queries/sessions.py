"""Who is at work where, with which rights at this moment, and whom a PIN or a code lets in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.grants import permissions_of, roles_of
from clinic_desktop.clinic.access.models import PasswordReset, RefreshToken, SessionSighting, User
from clinic_desktop.clinic.access.rules import MOST_PIN_FAILURES, AccountDisabled, Desk, SessionEnded, UserStatus
from clinic_desktop.clinic.access.shifts import full_logins
from clinic_desktop.clinic.organisation.models import Workstation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vouching import present_stamp, reads_rights


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session: who is where, since when, and when it last showed that somebody is there."""

    id: UUID
    user_id: UUID
    full_name: str
    workstation_id: UUID | None
    workstation: str | None
    host: str | None
    issued_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    by_pin: bool


@dataclass(frozen=True, slots=True)
class PinPersonRow:
    """Somebody whom a PIN opens at a desk."""

    id: UUID
    username: str
    full_name: str


def open_sessions(session: Session, *, now: datetime) -> list[SessionRow]:
    """Sessions that are neither ended nor run out, newest first."""
    wanted = (
        select(RefreshToken, User.full_name, Workstation.name, SessionSighting.seen_at)
        .join(User, User.id == RefreshToken.user_id)
        .outerjoin(Workstation, Workstation.id == RefreshToken.workstation_id)
        .outerjoin(SessionSighting, SessionSighting.session_id == RefreshToken.id)
        .where(RefreshToken.revoked_at.is_(None), RefreshToken.expires_at > now)
        .order_by(RefreshToken.issued_at.desc())
    )
    return [
        SessionRow(
            id=token.id,
            user_id=token.user_id,
            full_name=name,
            workstation_id=token.workstation_id,
            workstation=workstation,
            host=token.host,
            issued_at=token.issued_at,
            expires_at=token.expires_at,
            seen_at=seen_at,
            by_pin=token.by_pin,
        )
        for token, name, workstation, seen_at in session.execute(wanted)
    ]


def actor_of(session: Session, user_id: UUID, *, clinic_id: UUID | None, workstation_id: UUID | None = None) -> Actor:
    """The actor for a user with the rights that he has now; raises NotFound or AccountDisabled."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    if user.status is not UserStatus.ACTIVE:
        raise AccountDisabled
    held = roles_of(session, user_id)
    return Actor(user.id, user.full_name, permissions_of(session, held), held, clinic_id, workstation_id)


def actor_in(session: Session, session_id: UUID, *, clinic_id: UUID | None, now: datetime) -> Actor:
    """The person of an open session with the rights of this moment; raises SessionEnded when session or account is closed."""
    stamp = present_stamp(session)  # first: rights that change after it are read anew
    token = session.get(RefreshToken, session_id)
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        raise SessionEnded
    try:
        person = actor_of(session, token.user_id, clinic_id=clinic_id, workstation_id=token.workstation_id)
    except AccountDisabled as error:
        raise SessionEnded from error
    if token.kiosk_since is not None:
        person = _kiosk(session, person)
    return replace(
        person,
        session_id=session_id,
        stamp=stamp,
        valid_until=token.expires_at,
        by_pin=token.by_pin,
        confirmed_until=token.confirmed_until,
    )


_KIOSK_MAY = frozenset(("kiosk.serve", "access.own_account"))


def _kiosk(session: Session, person: Actor) -> Actor:
    """Whoever handed the computer over, as far as a kiosk goes: the log calls it by the name of its place."""
    place = session.get(Workstation, person.workstation_id) if person.workstation_id is not None else None
    if place is None or not place.is_active or place.kind is not WorkstationKind.KIOSK:
        raise SessionEnded
    return replace(person, name=place.name, permissions=person.permissions & _KIOSK_MAY, roles=frozenset(("kiosk",)))


@reads_rights
def still_valid(session: Session, actor: Actor, now: datetime) -> Actor:
    """The same person with the rights of this moment; raises SessionEnded when the session or the account is closed."""
    return actor if actor.session_id is None else actor_in(session, actor.session_id, clinic_id=actor.clinic_id, now=now)


def pin_people(session: Session, desk: Desk, *, now: datetime) -> list[PinPersonRow]:
    """Whom a PIN opens at a desk now, by name: those who have logged in there with the password this shift."""
    wanted = (
        select(User.id, User.username, User.full_name)
        .where(User.pin_hash.is_not(None), User.status == UserStatus.ACTIVE, User.pin_failures < MOST_PIN_FAILURES)
        .where(User.id.in_(full_logins(desk, now)), User.must_change_password.is_(False))
        .order_by(User.full_name, User.username)
    )
    return [PinPersonRow(*found) for found in session.execute(wanted)]


def username_of(session: Session, user_id: UUID) -> str:
    """The name that a user logs in with; raises NotFound."""
    name = session.scalar(select(User.username).where(User.id == user_id))
    if name is None:
        raise NotFound(entity="users", key=str(user_id))
    return name


def open_resets(session: Session, user_id: UUID, *, now: datetime) -> list[tuple[UUID, str]]:
    """The resets of a user that still open, with the hash that the code must match: one by code and one by e-mail at most."""
    wanted = select(PasswordReset.id, PasswordReset.token_hash).where(
        PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None), PasswordReset.expires_at > now
    )
    return [(found.id, found.token_hash) for found in session.execute(wanted.order_by(PasswordReset.id))]
