"""Sessions: a person at a workstation, from the login to its end."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT, USERS
from clinic_desktop.clinic.access.events import LoggedIn, LoggedOut
from clinic_desktop.clinic.access.grants import require_grantable, roles_of
from clinic_desktop.clinic.access.models import RefreshToken, SessionSighting, User
from clinic_desktop.clinic.access.rules import SEEN_EVERY, SESSION_LENGTH, Desk, SessionEnd
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound


@step
def open_session(tx: Tx, user: User, desk: Desk, *, pin_until: datetime | None = None) -> UUID:
    """Open a session, by PIN until the full login's end; it replaces the one at that workstation, or one's own at that computer."""
    if desk.workstation_id is not None:
        revoke(tx, SessionEnd.REPLACED, workstation_id=desk.workstation_id)
    elif desk.host is not None:
        revoke(tx, SessionEnd.REPLACED, user_id=user.id, host=desk.host)
    session = RefreshToken(
        token_hash=sha256(secrets.token_bytes(32)).hexdigest(),
        user_id=user.id,
        workstation_id=desk.workstation_id,
        host=desk.host,
        issued_at=tx.now,
        expires_at=pin_until or tx.now + SESSION_LENGTH,
        revoked_at=None,
        ended_as=None,
        by_pin=pin_until is not None,
        confirmed_until=None,
    )
    tx.add(session)
    user.last_login_at = tx.now
    tx.note("logged_in" if pin_until is None else "switched_by_pin", "users", user.id)
    tx.emit(LoggedIn(user.id, desk.workstation_id))
    return session.id


@step
def revoke(
    tx: Tx,
    ended_as: SessionEnd,
    *,
    session_id: UUID | None = None,
    user_id: UUID | None = None,
    workstation_id: UUID | None = None,
    host: str | None = None,
    besides: UUID | None = None,
) -> None:
    """End open sessions: one, those of a user, of a workstation, or of a user at a computer that is no registered workstation."""
    open_ones = select(RefreshToken).where(RefreshToken.revoked_at.is_(None)).order_by(RefreshToken.id).with_for_update()
    if session_id is not None:
        open_ones = open_ones.where(RefreshToken.id == session_id)
    if user_id is not None:
        open_ones = open_ones.where(RefreshToken.user_id == user_id)
    if workstation_id is not None:
        open_ones = open_ones.where(RefreshToken.workstation_id == workstation_id)
    if host is not None:
        open_ones = open_ones.where(RefreshToken.workstation_id.is_(None), RefreshToken.host == host)
    if besides is not None:
        open_ones = open_ones.where(RefreshToken.id != besides)
    for token in tx.session.scalars(open_ones):
        token.revoked_at, token.ended_as = tx.now, ended_as


@step
def forbid_pins(tx: Tx, user_id: UUID, *, at: RefreshToken | None = None) -> None:
    """Let no session that was only replaced, there or anywhere, be taken up again by PIN: the person is shut out, not away."""
    tx.session.flush()
    replaced = select(RefreshToken).where(RefreshToken.user_id == user_id, RefreshToken.ended_as == SessionEnd.REPLACED)
    if at is not None:
        replaced = replaced.where(RefreshToken.workstation_id == at.workstation_id, RefreshToken.host == at.host)
    for token in tx.session.scalars(replaced.where(RefreshToken.expires_at > tx.now).order_by(RefreshToken.id).with_for_update()):
        token.ended_as = SessionEnd.REVOKED


@command(USERS)
def end_sessions(tx: Tx, *, user_id: UUID) -> None:
    """End every open session of a user."""
    require_grantable(tx.session, tx.actor, roles_of(tx.session, user_id))
    shut_out(tx, user_id)
    tx.emit(LoggedOut(user_id, None))


@step
def shut_out(tx: Tx, user_id: UUID, *, besides: UUID | None = None) -> None:
    """End all sessions of a user (but one), and with them what a PIN could take up again."""
    revoke(tx, SessionEnd.REVOKED, user_id=user_id, besides=besides)
    forbid_pins(tx, user_id)


@command(USERS)
def end_session(tx: Tx, *, session_id: UUID) -> None:
    """End one open session."""
    token = tx.session.get(RefreshToken, session_id)
    if token is None:
        raise NotFound(entity="refresh_tokens", key=str(session_id))
    require_grantable(tx.session, tx.actor, roles_of(tx.session, token.user_id))
    revoke(tx, SessionEnd.REVOKED, session_id=session_id)
    forbid_pins(tx, token.user_id, at=token)
    tx.note("session_ended", "users", token.user_id, session=str(session_id))
    tx.emit(LoggedOut(token.user_id, token.workstation_id))


@command(OWN_ACCOUNT)
def log_out(tx: Tx) -> None:
    """End the actor's own session."""
    user_id, actor = tx.actor.user_id, tx.actor
    if user_id is None:
        raise NotFound(entity="users", key="")
    token = tx.session.get(RefreshToken, actor.session_id) if actor.session_id is not None else None
    if token is not None:
        revoke(tx, SessionEnd.LOGGED_OUT, session_id=token.id)
        forbid_pins(tx, user_id, at=token)
    else:
        revoke(tx, SessionEnd.LOGGED_OUT, user_id=user_id, workstation_id=actor.workstation_id)
    tx.note("logged_out", "users", user_id)
    tx.emit(LoggedOut(user_id, actor.workstation_id))


@command(OWN_ACCOUNT)
def note_seen(tx: Tx) -> None:
    """Remember that the actor's session showed itself just now."""
    if tx.actor.session_id is None:
        return
    seen = tx.session.get(SessionSighting, tx.actor.session_id)
    if seen is None:
        tx.add(SessionSighting(session_id=tx.actor.session_id, seen_at=tx.now))
    elif abs(tx.now - seen.seen_at) >= SEEN_EVERY:
        seen.seen_at = tx.now
