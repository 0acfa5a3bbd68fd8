"""Logging in to the operator page: one password, a slow hash, waits that grow, and a session that only a cookie of this host opens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from clinic_desktop.clinic.access import passwords
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.sync.doors import count_try, forget_tries
from clinic_desktop.sync.enrolment import operator
from clinic_desktop.sync.peers import CentralOperator, CentralSession

LASTS, IDLE = timedelta(hours=12), timedelta(minutes=30)
COOKIE = "__Host-clinic-operator"
"""The prefix makes browsers refuse it without TLS, from another path or for another host."""
_DOOR = "operator"
_SEEN_EVERY = timedelta(minutes=1)


class PasswordRefused(ClinicError):
    """The operator's password is another."""

    code = "operator_password_wrong"


@dataclass(frozen=True, slots=True)
class Entered:
    """An open session: the cookie that opens it, and the word that each of its forms must bring."""

    cookie: str = field(repr=False)
    form_token: str = field(repr=False)


def log_in(database: Database, address: str, typed: str) -> Entered:
    """Open a session; raises DoorLocked or PasswordRefused. The hash is computed between two transactions."""
    database.run(operator(), count_try, _DOOR, address)
    with database.read() as session:
        known = session.get_one(CentralOperator, 1).password_hash
    if not passwords.matches(known, typed):
        database.run(operator(), _note_refusal, address=address)
        raise PasswordRefused("password")
    entered = Entered(secrets.token_urlsafe(32), secrets.token_urlsafe(24))
    database.run(operator(), _begin, entered=entered, address=address)
    return entered


def session_of(database: Database, cookie: str) -> Entered | None:
    """The open session of a cookie, if there is one."""
    now, hashed = database.clock(), _hashed(cookie)
    with database.read() as session:
        known = session.get(CentralSession, hashed)
        if known is None or not known.begun_at <= now < known.begun_at + LASTS or now >= known.seen_at + IDLE:
            return None
        form_token, seen_at = known.form_token, known.seen_at
    if now >= seen_at + _SEEN_EVERY:
        database.run(operator(), _see, hashed=hashed)
    return Entered(cookie, form_token)


def log_out(database: Database, cookie: str) -> None:
    """End a session."""
    database.run(operator(), _end, hashed=_hashed(cookie))


def _begin(tx: Tx, *, entered: Entered, address: str) -> None:
    over = (CentralSession.begun_at < tx.now - LASTS) | (CentralSession.seen_at < tx.now - IDLE)
    tx.session.connection().execute(delete(CentralSession).where(over))
    forget_tries(tx, _DOOR, address)
    hashed = _hashed(entered.cookie)
    tx.add(CentralSession(hash=hashed, form_token=entered.form_token, begun_at=tx.now, seen_at=tx.now, address=address))
    tx.command = "sync.operator_log_in"
    tx.note("operator_logged_in", "database_identity", tx.session.scalars(select(DatabaseIdentity.database_id)).one(), address=address)


def _note_refusal(tx: Tx, *, address: str) -> None:
    tx.command = "sync.operator_log_in"
    tx.note("operator_refused", "database_identity", tx.session.scalars(select(DatabaseIdentity.database_id)).one(), address=address)


def _see(tx: Tx, *, hashed: bytes) -> None:
    known = tx.session.get(CentralSession, hashed)
    if known is not None:
        known.seen_at = tx.now


def _end(tx: Tx, *, hashed: bytes) -> None:
    known = tx.session.get(CentralSession, hashed)
    if known is not None:
        tx.session.delete(known)


def _hashed(cookie: str) -> bytes:
    return sha256(cookie.encode()).digest()
