"""What central remembers of those who come to it: enrolled sites, codes, challenges that were used, wrong tries, and its operator.

None of it is a clinic's data: no journal holds these tables and none of them travels. What matters of it is noted in the journal.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.journal_secrets import NOT_ITSELF
from clinic_desktop.kernel.tables import Base


class SyncPeer(Base):
    """An enrolled site: the key it proves itself by, and who of its runners is the present one."""

    __tablename__ = "sync_peers"
    __table_args__ = ({"info": NOT_ITSELF},)

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
    fence: Mapped[int]
    """Rises with each new runner: tokens of the ones before are refused."""
    enrolled_at: Mapped[datetime]
    last_token_at: Mapped[datetime | None]
    compared_at: Mapped[datetime | None]
    """When it last held its digests against central's."""
    differed_at: Mapped[datetime | None]
    """When it last found a difference so, and looked closer."""
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]


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
        {"info": NOT_ITSELF},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(unique=True)
    site_code: Mapped[str]
    site_name: Mapped[str]
    keeps_shared_data: Mapped[bool]
    again: Mapped[bool]
    """For a site that is enrolled already and lost its key."""
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
