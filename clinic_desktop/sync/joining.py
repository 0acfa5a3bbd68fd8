"""A site's side of enrolling: a key made here, a code used once, and from then on the way to central; and leaving again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop import __version__
from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.clinic.organisation.models import Clinic, Hospital
from clinic_desktop.clinic.organisation.models import Site as SiteRow
from clinic_desktop.clinic.reconciling.commands import link_site, unlink_site
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vault import VaultLocked
from clinic_desktop.sync.credentials import Enrolled, read_code
from clinic_desktop.sync.http_channel import HttpChannel, Joined, central_url
from clinic_desktop.sync.http_channel import Site as Asking
from clinic_desktop.sync.http_channel import enrol as ask_central
from clinic_desktop.sync.lineage import formers, identity
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.scope import link_of

_PURPOSE = "clinic sync"
_NONCE = 12
Asked = Callable[..., Joined]


class AlreadyLinked(ClinicError):
    """This database takes part in a chain already: param ``address``."""

    code = "already_linked"


class NotLinked(ClinicError):
    """This database stands alone."""

    code = "not_linked"


class SiteKeyLost(ClinicError):
    """The site's key cannot be opened with the data key of this database: central has to let the site in again."""

    code = "site_key_lost"


@dataclass(frozen=True, slots=True)
class Link:
    """How this database stands to its chain."""

    address: str | None
    """None: it stands alone."""
    site_code: str | None
    site_name: str | None
    keeps_shared_data: bool
    is_loaded: bool
    """Everything of the chain was read once: before that nobody can work here."""
    has_hospital: bool
    has_clinic: bool
    """There is a clinic whose rows are written here."""

    @property
    def is_linked(self) -> bool:
        """Whether there is a way to central."""
        return self.address is not None

    @property
    def is_joining(self) -> bool:
        """A new site whose first load is not complete, or that has no clinic of its own yet; not the one that founds the chain."""
        return self.is_linked and (not self.is_loaded or (self.has_hospital and not self.has_clinic))


def link(session: Session) -> Link:
    """How this database stands to its chain."""
    row, me = session.get(SyncLink, THE_ONE), session.scalars(select(DatabaseIdentity)).one()
    site = session.get(SiteRow, me.site_id)
    has_hospital = session.scalar(select(Hospital.id).limit(1)) is not None
    has_people = session.scalar(select(User.id).limit(1)) is not None
    own = select(Clinic.id).where(Clinic.site_id == me.site_id, Clinic.is_active).limit(1)
    return Link(
        address=None if row is None else row.address,
        site_code=me.site_code,
        site_name=None if site is None else site.name,
        keeps_shared_data=site is None or site.keeps_shared_data,
        is_loaded=(has_hospital or has_people) and (row is None or row.loads_from is None),
        has_hospital=has_hospital,
        has_clinic=session.scalar(own) is not None,
    )


def is_joining(db: Database) -> bool:
    """Whether this is a new site that nobody can work at yet."""
    with db.read() as session:
        row = session.get(SyncLink, THE_ONE)
        return row is not None and row.address is not None and link(session).is_joining


def enrol(db: Database, actor: Actor, *, address: str, code: str, ask: Asked = ask_central) -> Enrolled:
    """Join a chain with a code. Nothing is open while central is asked; raises InvalidInput, Offline, Busy or Refused."""
    url, typed = central_url(address), read_code(code)
    actor.require(MANAGE, "reconciling.link_site")
    data_key = _data_key(db)
    with db.read(actor if actor.session_id is not None else None) as session:
        there, me = link(session), identity(session.connection())
        clinics = list(session.scalars(select(Clinic.code).order_by(Clinic.code)))
    if there.address is not None:
        raise AlreadyLinked(address=there.address)
    key = Ed25519PrivateKey.generate()
    joined = ask(url, typed, key, me.database_id, program=__version__, revision=newest_revision(), clinics=clinics)
    sealed = _sealed(data_key, key, joined.enrolled.site_id)
    db.run(actor, _keep, url, joined, sealed)
    return joined.enrolled


def _keep(tx: Tx, address: str, joined: Joined, sealed: bytes) -> None:
    new = joined.enrolled
    link_site(tx, site_id=new.site_id, code=new.site_code, name=new.site_name, keeps_shared_data=new.keeps_shared_data)
    row = link_of(tx)
    row.address, row.pin, row.sealed_key, row.central_id = address, joined.pin, sealed, new.central_id
    row.last_error = None


def leave(db: Database, actor: Actor) -> None:
    """Take part no more; what is here stays. The operator of central revokes the site there."""
    db.run(actor, _forget)


def _forget(tx: Tx) -> None:
    unlink_site(tx)
    row = link_of(tx)
    if row.address is None:
        raise NotLinked
    row.address = row.pin = row.sealed_key = row.last_error = None
    row.runner_id = row.runner_until = None


def channel_of(db: Database) -> HttpChannel | None:
    """The way to central; None where this database stands alone. Raises VaultLocked until somebody has unlocked a server's keys."""
    with db.read() as session:
        row, connection = session.get(SyncLink, THE_ONE), session.connection()
        me, before = identity(connection), tuple(one.database_id for one in formers(connection))
        if row is None or row.address is None:
            return None
        address, pin, sealed = row.address, row.pin, row.sealed_key
    return HttpChannel(address, Asking(me.site_id, me.database_id, _opened(db, sealed, me.site_id), before), pin=pin)


def _data_key(db: Database) -> bytes:
    if db.data_key is not None:
        return db.data_key
    if db.vault.exists:
        raise VaultLocked
    raise InvalidInput("code", "site_key_needs_encryption")


def _sealed(data_key: bytes, key: Ed25519PrivateKey, site_id: UUID) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derived(data_key, _PURPOSE)).encrypt(nonce, key.private_bytes_raw(), site_id.bytes)


def _opened(db: Database, sealed: bytes | None, site_id: UUID) -> Ed25519PrivateKey:
    """The key again, also when the data key was renewed since."""
    _data_key(db)
    for data_key in db.vault.keys().values() if sealed else ():
        try:
            raw = AESGCM(derived(data_key, _PURPOSE)).decrypt((sealed or b"")[:_NONCE], (sealed or b"")[_NONCE:], site_id.bytes)
        except InvalidTag:
            continue
        return Ed25519PrivateKey.from_private_bytes(raw)
    raise SiteKeyLost
