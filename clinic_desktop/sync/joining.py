"""A site's side of enrolling: a key made here, a code used once, and from then on the way to central; and leaving again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from clinic_desktop import __version__
from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.reconciling.commands import link_site, unlink_site
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.sealing import Sealing, renews
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vault import VaultLocked
from clinic_desktop.sync.credentials import Enrolled, EnrolmentCode, read_code
from clinic_desktop.sync.http_channel import HttpChannel, Joined, central_url
from clinic_desktop.sync.http_channel import Site as Asking
from clinic_desktop.sync.http_channel import enrol as ask_central
from clinic_desktop.sync.lineage import formers, identity
from clinic_desktop.sync.linked import Link as Link
from clinic_desktop.sync.linked import is_joining as is_joining
from clinic_desktop.sync.linked import link as link
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.scope import link_of, writing

_SEALING = Sealing("clinic sync")
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


def enrol(db: Database, actor: Actor, *, address: str, code: str, ask: Asked = ask_central) -> Enrolled:
    """Join a chain with a code. Nothing is open while central is asked; raises InvalidInput, Offline, Busy or Refused."""
    url, typed = central_url(address), read_code(code)
    actor.require(MANAGE, "reconciling.link_site")
    with db.read(actor if actor.session_id is not None else None) as session:
        there = link(session)
        clinics = list(session.scalars(select(Clinic.code).order_by(Clinic.code)))
    if there.address is not None:
        raise AlreadyLinked(address=there.address)
    sealed = ask_to_join(db, url, typed, ask, clinics)
    db.run(actor, _keep, url, sealed.joined, sealed.key)
    return sealed.joined.enrolled


@dataclass(frozen=True, slots=True)
class Sealed:
    """What came of enrolling, and the key made for it, sealed for this database."""

    joined: Joined
    key: bytes = field(repr=False)


def ask_to_join(db: Database, url: str, code: EnrolmentCode, ask: Asked = ask_central, clinics: Sequence[str] = ()) -> Sealed:
    """Make a key and enrol with it; nothing is written."""
    data_key, key = _data_key(db), Ed25519PrivateKey.generate()
    with db.read() as session:
        me = identity(session.connection())
    joined = ask(url, code, key, me.database_id, program=__version__, revision=newest_revision(), clinics=list(clinics))
    return Sealed(joined, _sealed(data_key, key, joined.enrolled.site_id))


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
    if row.address is None or row.peer_id is not None:
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
        asks_as = row.peer_id or me.site_id
    return HttpChannel(address, Asking(asks_as, me.database_id, _opened(db, sealed, asks_as), before), pin=pin)


def _data_key(db: Database) -> bytes:
    if db.data_key is not None:
        return db.data_key
    if db.vault.exists:
        raise VaultLocked
    raise InvalidInput("code", "site_key_needs_encryption")


def _sealed(data_key: bytes, key: Ed25519PrivateKey, site_id: UUID) -> bytes:
    return _SEALING.seal(data_key, key.private_bytes_raw(), site_id.bytes)


def _opened(db: Database, sealed: bytes | None, site_id: UUID) -> Ed25519PrivateKey:
    """The key again, also when the data key was renewed since."""
    _data_key(db)
    raw = _SEALING.opened(db.vault.keys().values(), sealed, site_id.bytes) if sealed else None
    if raw is None:
        raise SiteKeyLost
    return Ed25519PrivateKey.from_private_bytes(raw)


@renews(SyncLink.__tablename__)
def renew(db: Database) -> None:
    """Seal the site's key with the present data key."""
    with db.read() as session:
        row = session.get(SyncLink, THE_ONE)
        me = identity(session.connection())
        sealed = None if row is None else row.sealed_key
        asks_as = me.site_id if row is None or row.peer_id is None else row.peer_id
    renewed = _SEALING.renewed(db, sealed, asks_as.bytes) if sealed else None
    if renewed is not None:
        with writing(db, "keys.reseal") as tx:
            link_of(tx).sealed_key = renewed
