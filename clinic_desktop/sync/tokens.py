"""Short tokens: given for a signed challenge, bound to the site, its database and its present runner, and good for minutes."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from datetime import UTC, datetime, timedelta
from hmac import compare_digest, digest
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.tables import UtcDateTime
from clinic_desktop.sync.credentials import AskToken, Token, check_challenge
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.peers import SyncContact, SyncPeer, SyncSpentChallenge, contact_of

TOKEN_LASTS = timedelta(minutes=15)
CHALLENGE_LASTS = timedelta(seconds=60)
_MAC_LENGTH = 32
_HIGHEST_FENCE = 1 << 30
_CHALLENGE, _TOKEN = b"challenge", b"token"
_SPEND = text("INSERT INTO sync_spent_challenges (challenge, spent_at) VALUES (:challenge, :spent_at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("spent_at", type_=UtcDateTime())
)


class Claim(NamedTuple):
    """What a token says."""

    site_id: UUID
    database_id: UUID
    fence: int
    expires: int
    central_id: UUID


def new_challenge(key: bytes, now: datetime) -> bytes:
    """Random bytes that say themselves when they were made, and by whom."""
    body = _micros(now).to_bytes(8, "big") + secrets.token_bytes(16)
    return body + _mac(key, _CHALLENGE, body)


def grant(tx: Tx, key: bytes, asked: AskToken, central_id: UUID) -> Token:
    """A token for whoever signed; raises Refused: forged, stale, spent, unknown_site, revoked, fenced, other_database."""
    _check_age(key, asked.challenge, tx.now)
    peer = tx.session.scalars(select(SyncPeer).where(SyncPeer.site_id == asked.site_id).with_for_update()).one_or_none()
    if peer is None:
        raise Refused("unknown_site")
    check_challenge(peer.public_key, asked)
    _spend(tx, asked.challenge)
    if peer.revoked_at is not None:
        raise Refused("revoked")
    contact = contact_of(tx, peer)
    if asked.database_id != peer.database_id:
        _follow_restored(tx, peer, asked)
        contact.fence += 1
    elif asked.fence == 0:
        contact.fence += 1  # a new runner: the token of the one before is worth nothing from now on
    elif contact.fence < asked.fence <= _HIGHEST_FENCE:
        contact.fence = asked.fence  # central came back from a backup since, and forgot how many there had been
    elif asked.fence != contact.fence:
        raise Refused("fenced")
    contact.last_token_at = tx.now
    lasts = int(TOKEN_LASTS.total_seconds())
    claim = Claim(peer.site_id, peer.database_id, contact.fence, int(tx.now.timestamp()) + lasts, central_id)
    return Token(_sealed(key, claim), lasts, contact.fence)


def read_token(key: bytes, token: str, now: datetime, central_id: UUID) -> Claim:
    """What a token says; raises Refused: token_forged, token_expired, or token_foreign where it is another central's."""
    try:
        raw = urlsafe_b64decode(token.encode())
        body, mac = raw[:-_MAC_LENGTH], raw[-_MAC_LENGTH:]
        if not compare_digest(mac, _mac(key, _TOKEN, body)):
            raise Refused("token_forged")
        claim = msgspec.msgpack.decode(body, type=Claim)
    except (NoBase64, UnicodeEncodeError, ValueError, msgspec.MsgspecError) as error:
        raise Refused("token_forged") from error
    if claim.central_id != central_id:
        raise Refused("token_foreign")
    if claim.expires <= now.timestamp():
        raise Refused("token_expired")
    return claim


_p, _c = SyncPeer.__table__.c, SyncContact.__table__.c
_STANDING = (
    select(_p.revoked_at, _p.database_id, func.coalesce(_c.fence, 0).label("fence"))
    .outerjoin_from(SyncPeer.__table__, SyncContact.__table__, _c.site_id == _p.site_id)
    .where(_p.site_id == bindparam("site_id"))
)


def refuse_fallen(session: Session, claim: Claim) -> None:
    """Raise Refused where what a token says is no longer so: revoked, fenced or other_database."""
    peer = session.connection().execute(_STANDING, {"site_id": claim.site_id}).one_or_none()
    if peer is None or peer.revoked_at is not None:
        raise Refused("revoked")
    if peer.database_id != claim.database_id:
        raise Refused("other_database")
    if peer.fence != claim.fence:
        raise Refused("fenced")


def _follow_restored(tx: Tx, peer: SyncPeer, asked: AskToken) -> None:
    """A site that was restored goes on as another database, and says whose copy it is."""
    if peer.database_id not in asked.formers:
        raise Refused("other_database")
    tx.command = "sync.follow_restored"
    tx.note("site_database_replaced", "sites", peer.site_id, code=peer.code, before=peer.database_id, after=asked.database_id)
    peer.database_id = asked.database_id


def _check_age(key: bytes, challenge: bytes, now: datetime) -> None:
    body, mac = challenge[:-_MAC_LENGTH], challenge[-_MAC_LENGTH:]
    if not compare_digest(mac, _mac(key, _CHALLENGE, body)):
        raise Refused("forged")
    age = timedelta(microseconds=_micros(now) - int.from_bytes(body[:8], "big"))
    if not -CHALLENGE_LASTS < age <= CHALLENGE_LASTS:
        raise Refused("stale")


def _spend(tx: Tx, challenge: bytes) -> None:
    connection = tx.session.connection()
    connection.execute(delete(SyncSpentChallenge).where(SyncSpentChallenge.spent_at < tx.now - 3 * CHALLENGE_LASTS))
    if connection.execute(_SPEND, {"challenge": challenge, "spent_at": tx.now}).rowcount == 0:
        raise Refused("spent")


def _sealed(key: bytes, claim: Claim) -> str:
    body = msgspec.msgpack.encode(claim)
    return urlsafe_b64encode(body + _mac(key, _TOKEN, body)).decode()


def _mac(key: bytes, label: bytes, body: bytes) -> bytes:
    return digest(key, label + body, "sha256")


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
