"""What central remembers of those who come to it: enrolled sites, codes, challenges that were used, wrong tries, and its operator.

None of it is a clinic's data, and none of it travels. Who is enrolled, and by which code, stands in the journal: a central server
that comes back from a backup knows by it whoever enrolled since. Of the rest what matters is noted there.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal_secrets import NOT_ITSELF
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.tables import Base


class SyncPeer(Base):
    """An enrolled site, and the key it proves itself by."""

    __tablename__ = "sync_peers"
    __merge__ = stays_here()

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    keeps_shared_data: Mapped[bool]
    database_id: Mapped[UUID]
    public_key: Mapped[bytes]
    clinics: Mapped[str]
    """JSON: the codes of its clinics, which no other site may have."""
    program: Mapped[str]
    revision: Mapped[str]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    is_replica: Mapped[bool] = mapped_column(default=False)
    """A copy of this very database on one of the clinic's computers: its work counts as this site's own."""
    detached_at: Mapped[datetime | None]
    """Of such a copy: since when people work on it, as it last said; none: it has handed over everything."""


class SyncContact(Base):
    """How often an enrolled site comes: too often for the journal."""

    __tablename__ = "sync_contacts"
    __table_args__ = ({"info": NOT_ITSELF},)

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    fence: Mapped[int] = mapped_column(default=0)
    """Rises with each new runner: tokens of the ones before are refused."""
    last_token_at: Mapped[datetime | None]
    compared_at: Mapped[datetime | None]
    """When it last held its digests against central's."""
    differed_at: Mapped[datetime | None]
    """When it last found a difference so, and looked closer."""


def contact_of(tx: Tx, peer: SyncPeer) -> SyncContact:
    """The contact with an enrolled site, whose row the caller holds; a new one where central forgot it with a backup."""
    return tx.session.get(SyncContact, peer.site_id) or tx.add(SyncContact(site_id=peer.site_id, fence=0))


def is_own(origin_seq: ColumnElement[int], origin_site: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether a change set is this site's own: done in this database, or in a copy of it on one of the clinic's computers."""
    copies = select(SyncPeer.site_id).where(SyncPeer.is_replica)
    return or_(origin_seq.is_(None), origin_site.in_(copies))


class SyncEnrolmentCode(Base):
    """A one-time code by which a site may enrol; only a keyed hash of it is kept."""

    __tablename__ = "sync_enrolment_codes"
    __table_args__ = (
        Index(
            "uq_sync_enrolment_codes_open",
            "site_code",
            unique=True,
            sqlite_where=text("used_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )
    __merge__ = stays_here()

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(unique=True, info={"secret": True})
    site_code: Mapped[str]
    site_name: Mapped[str]
    keeps_shared_data: Mapped[bool]
    again: Mapped[bool]
    """For a site that is enrolled already and lost its key."""
    is_replica: Mapped[bool] = mapped_column(default=False)
    """For a copy of this very database."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class SyncSpentChallenge(Base):
    """A challenge that was answered: nobody answers it again."""

    __tablename__ = "sync_spent_challenges"
    __table_args__ = ({"info": NOT_ITSELF},)

    challenge: Mapped[bytes] = mapped_column(primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)


class SyncTry(Base):
    """Wrong tries at one of central's doors from one address, and until when nothing more is looked at from there."""

    __tablename__ = "sync_tries"
    __table_args__ = ({"info": NOT_ITSELF},)

    door: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class CentralOperator(Base):
    """The one who runs this central server: the hashes of the password and of the token that reads its figures."""

    __tablename__ = "central_operator"
    __table_args__ = ({"info": NOT_ITSELF},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    password_hash: Mapped[str] = mapped_column(info={"secret": True})
    metrics_hash: Mapped[bytes] = mapped_column(info={"secret": True})
    changed_at: Mapped[datetime]


class CentralSession(Base):
    """A browser at the operator page; what it holds is kept as a hash."""

    __tablename__ = "central_sessions"
    __table_args__ = ({"info": NOT_ITSELF},)

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    form_token: Mapped[str] = mapped_column(info={"secret": True})
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str]


class ServerCertificate(Base):
    """The certificate that a server made for itself, with its keys: kept here, so that it is in every backup and sites know it again."""

    __tablename__ = "server_certificates"
    __merge__ = stays_here()
    THE_ONE: ClassVar[UUID] = UUID(int=1)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hosts: Mapped[str]
    """JSON: the names and addresses in it."""
    authority: Mapped[str] = mapped_column(info={"secret": True})
    authority_key: Mapped[str] = mapped_column(info={"secret": True})
    certificate: Mapped[str] = mapped_column(info={"secret": True})
    """All PEM, the keys encrypted under a key of the database's; no log shows any of it."""
    certificate_key: Mapped[str] = mapped_column(info={"secret": True})
