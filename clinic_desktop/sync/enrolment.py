"""Central's side of enrolment: codes that are made, withdrawn and used once, and sites that are revoked."""

from __future__ import annotations

import re
from datetime import timedelta
from hmac import compare_digest, digest
from uuid import UUID

import msgspec
from sqlalchemy import Select, select

from clinic_desktop.clinic.organisation.models import Site
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.sealing import renews
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.text import required_line
from clinic_desktop.kernel.vault import VaultLocked
from clinic_desktop.sync.credentials import Enrol, Enrolled, EnrolmentCode, check_enrolment, new_code
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.peers import SyncEnrolmentCode, SyncPeer, contact_of

CODE_LASTS = timedelta(hours=72)
CENTRAL = "CENTRAL"
"""The site code of a central database: longer than any site's."""
_SITE_CODE = re.compile(r"[A-Z][A-Z0-9]{1,4}", re.ASCII)
_SITES = "sites"


def doorkeeper() -> Actor:
    """The central server itself, where nobody acts but the other side."""
    return Actor.system("central")


def operator() -> Actor:
    """Whoever runs the central server."""
    return Actor.system("operator")


def own_key(database: Database, purpose: str) -> bytes:
    """A key of central for one purpose, from its data key; raises VaultLocked."""
    if database.data_key is None:
        raise VaultLocked
    return key_for(database.data_key, purpose)


def key_for(data_key: bytes, purpose: str) -> bytes:
    """The same from a data key."""
    return derived(data_key, f"central {purpose}")


def site_code(text: str) -> str:
    """A site's code: two to five capitals and digits."""
    code = text.strip().upper()
    if not _SITE_CODE.fullmatch(code):
        raise InvalidInput("code", "not_a_site_code")
    return code


def make_code(
    tx: Tx,
    key: bytes,
    *,
    code: str,
    name: str,
    pin: bytes | None,
    keeps_shared_data: bool = False,
    again: bool = False,
    is_replica: bool = False,
) -> EnrolmentCode:
    """Make a code for a new site, or ``again`` for one that lost its key; an older open code of that site is withdrawn.

    ``is_replica``: for a copy of this very database on one of the clinic's computers.
    """
    wanted, called = site_code(code), required_line(name, "name", limit=80)
    known = tx.session.scalars(select(SyncPeer).where(SyncPeer.code == wanted)).one_or_none()
    if known is not None and not again:
        raise InvalidInput("code", "site_code_taken", name=known.name)
    if known is None and again:
        raise NotFound(entity=_SITES, key=wanted)
    tx.command = "sync.make_enrolment_code"
    _withdraw_open(tx, wanted)
    made = new_code(pin)
    tx.add(
        SyncEnrolmentCode(
            id=new_id(),
            hash=_hashed(key, made.secret),
            site_code=wanted,
            site_name=called,
            keeps_shared_data=keeps_shared_data,
            again=again,
            is_replica=is_replica,
            made_at=tx.now,
            expires_at=tx.now + CODE_LASTS,
            used_at=None,
            withdrawn_at=None,
        )
    )
    tx.note("enrolment_code_made", _SITES, known.site_id if known else UUID(int=0), code=wanted, keeps_shared_data=keeps_shared_data)
    return made


def enrol(tx: Tx, key: bytes, asked: Enrol) -> Enrolled:
    """Take a site in by its code; raises Refused: code_wrong (also for one that was used or withdrawn), code_expired, clinic_code_taken.

    Only the first site brings the data of a clinic along (``has_clinics``): two organisations do not become one by a code.
    """
    check_enrolment(asked)
    tx.command = "sync.enrol"
    hashed = _hashed(key, asked.code)
    found = tx.session.scalars(select(SyncEnrolmentCode).where(SyncEnrolmentCode.hash == hashed).with_for_update()).one_or_none()
    # The keyed hash is compared once more in constant time: an index tells by its pace how far it looked.
    if found is None or not compare_digest(found.hash, hashed) or found.used_at is not None or found.withdrawn_at is not None:
        raise Refused("code_wrong")
    if found.expires_at <= tx.now:
        raise Refused("code_expired")
    peers = list(tx.session.scalars(select(SyncPeer).with_for_update()))
    _refuse_taken(asked.clinics, [one for one in peers if one.code != found.site_code])
    identity = tx.session.scalars(select(DatabaseIdentity)).one()
    peer = next((one for one in peers if one.code == found.site_code), None)
    if peer is None and peers and asked.clinics:
        raise Refused("has_clinics", clinic=asked.clinics[0])
    if peer is None:
        is_first = not peers and not found.is_replica
        peer = tx.add(_new_peer(found, keeps_shared_data=found.keeps_shared_data or is_first))
    _take_in(tx, peer, asked)
    if not peer.is_replica:
        _tell_of_site(tx, peer)
    found.used_at = tx.now
    tx.note("site_enrolled", _SITES, peer.site_id, code=peer.code, name=peer.name, database_id=asked.database_id, clinics=asked.clinics)
    founds = not peers and not peer.is_replica
    return Enrolled(peer.site_id, peer.code, peer.name, identity.database_id, peer.keeps_shared_data, founds=founds)


def revoke(tx: Tx, *, site_id: UUID, reason: str) -> None:
    """Refuse a site from now on; what it has already sent stays."""
    peer = tx.session.scalars(select(SyncPeer).where(SyncPeer.site_id == site_id).with_for_update()).one_or_none()
    if peer is None:
        raise NotFound(entity=_SITES, key=str(site_id))
    why = required_line(reason, "reason")
    if peer.revoked_at is not None:
        return
    tx.command, tx.reason = "sync.revoke_site", why
    peer.revoked_at, peer.revoked_reason = tx.now, why
    contact_of(tx, peer).fence += 1
    _withdraw_open(tx, peer.code)
    tx.note("site_revoked", _SITES, peer.site_id, code=peer.code, name=peer.name)


@renews(SyncEnrolmentCode.__tablename__)
def withdraw_unreadable(database: Database) -> None:
    """Withdraw the codes that a new data key does not know any more: of a code only a hash under a key of the earlier one is kept."""
    if len(database.vault.keys()) > 1:
        database.run(doorkeeper(), _withdraw_all)


def _withdraw_all(tx: Tx) -> None:
    tx.command = "keys.reseal"
    for one in tx.session.scalars(_open().with_for_update()):
        one.withdrawn_at = tx.now


def _new_peer(code: SyncEnrolmentCode, *, keeps_shared_data: bool) -> SyncPeer:
    return SyncPeer(
        site_id=new_id(),
        code=code.site_code,
        name=code.site_name,
        keeps_shared_data=keeps_shared_data,
        is_replica=code.is_replica,
    )


def _take_in(tx: Tx, peer: SyncPeer, asked: Enrol) -> None:
    peer.database_id, peer.public_key = asked.database_id, asked.public_key
    peer.clinics = msgspec.json.encode(sorted(asked.clinics)).decode()
    peer.program, peer.revision = asked.program[:40], asked.revision[:40]
    peer.enrolled_at, peer.revoked_at, peer.revoked_reason = tx.now, None, None
    contact_of(tx, peer).fence += 1


def _tell_of_site(tx: Tx, peer: SyncPeer) -> None:
    """The row by which all sites know each other; the site itself makes the same one."""
    if tx.session.get(Site, peer.site_id) is None:
        site = Site(id=peer.site_id, code=peer.code, name=peer.name, keeps_shared_data=peer.keeps_shared_data, is_active=True)
        tx.add(site)
        tx.session.flush()


def _refuse_taken(clinics: list[str], others: list[SyncPeer]) -> None:
    for other in others:
        taken = set(clinics) & set(msgspec.json.decode(other.clinics, type=list[str]))
        if taken:
            raise Refused("clinic_code_taken", clinic=min(taken), site=other.code)


def _withdraw_open(tx: Tx, code: str) -> None:
    for older in tx.session.scalars(_open().where(SyncEnrolmentCode.site_code == code)):
        older.withdrawn_at = tx.now
    tx.session.flush()


def _open() -> Select[SyncEnrolmentCode]:
    return select(SyncEnrolmentCode).where(SyncEnrolmentCode.used_at.is_(None), SyncEnrolmentCode.withdrawn_at.is_(None))


def _hashed(key: bytes, secret: str) -> bytes:
    return digest(key, secret.encode(), "sha256")
