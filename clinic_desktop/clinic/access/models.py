"""Tables of access."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.access.rules import OtpPurpose, SessionEnd, UserStatus
from clinic_desktop.kernel.merging import merged, shared, stays_here
from clinic_desktop.kernel.tables import Base, Record
from clinic_desktop.kernel.vouching import DECIDES_RIGHTS

SECRET = {"secret": True}
"""Columns that no log or audit entry may show."""


class User(Record):
    """A person who works with the program."""

    __tablename__ = "users"
    __merge__ = shared(
        # Whoever works at a site proves there who they are and looks after their own password; the rest is the office's.
        open_columns={"password_hash", "pin_hash", "must_change_password", "email_verified", "phone_verified"},
        inactive={"status": UserStatus.DISABLED.value},
        stays_here={"failed_login_attempts", "pin_failures", "locked_until", "last_login_at"},
        begins={"failed_login_attempts": 0, "pin_failures": 0},
    )
    __table_args__ = (
        CheckConstraint("failed_login_attempts >= 0", name="failures_not_negative"),
        CheckConstraint("pin_failures >= 0", name="pin_failures_not_negative"),
        CheckConstraint("username = lower(username)", name="username_small"),
        Index("ix_users_status_full_name", "status", "full_name"),
    )

    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    full_name: Mapped[str] = mapped_column(info=DECIDES_RIGHTS)
    phone: Mapped[str | None]
    password_hash: Mapped[str | None] = mapped_column(info=SECRET)
    pin_hash: Mapped[str | None] = mapped_column(info=SECRET)
    pin_failures: Mapped[int] = mapped_column(default=0)
    """Wrong PINs since the last full login; at ``MOST_PIN_FAILURES`` only the password opens."""
    status: Mapped[UserStatus] = mapped_column(info=DECIDES_RIGHTS)
    failed_login_attempts: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    must_change_password: Mapped[bool]
    email_verified: Mapped[bool]
    phone_verified: Mapped[bool] = mapped_column(default=False)


class LoginFailure(Record):
    """Failed logins with a username that nobody has: it locks exactly like a real one, so it tells a guesser nothing."""

    __tablename__ = "login_failures"
    __merge__ = stays_here()
    __table_args__ = (CheckConstraint("failed_login_attempts >= 0", name="failures_not_negative"),)

    username_hash: Mapped[str] = mapped_column(unique=True)
    failed_login_attempts: Mapped[int]
    locked_until: Mapped[datetime | None]


class Role(Record):
    """A named set of permissions; default roles come with the program."""

    __tablename__ = "roles"
    __merge__ = shared(inactive={"is_active": False})

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    is_default: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(info=DECIDES_RIGHTS)


class PermissionRecord(Record):
    """A permission declared in code; one that code no longer declares is kept, inactive."""

    __tablename__ = "permissions"
    __merge__ = merged(stays_here={"title", "is_active"}, begins={"title": "", "is_active": False})

    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    is_active: Mapped[bool]


class UserRole(Record):
    """A role held by a user; taking it away makes it inactive."""

    __tablename__ = "user_roles"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"), index=True)
    is_active: Mapped[bool] = mapped_column(info=DECIDES_RIGHTS)


class RolePermission(Record):
    """A permission held by a role; taking it away makes it inactive."""

    __tablename__ = "role_permissions"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (UniqueConstraint("role_id", "permission_id"),)

    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))
    permission_id: Mapped[UUID] = mapped_column(ForeignKey("permissions.id"), index=True)
    is_active: Mapped[bool] = mapped_column(info=DECIDES_RIGHTS)


class RefreshToken(Record):
    """A session: a person at a workstation, or a token of the central server."""

    __tablename__ = "refresh_tokens"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("expires_at > issued_at", name="expires_later"),
        Index("ix_refresh_tokens_user_revoked", "user_id", "revoked_at"),
    )

    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    workstation_id: Mapped[UUID | None] = mapped_column(ForeignKey("workstations.id"), index=True)
    host: Mapped[str | None]
    """The name of the computer: tells PCs apart that are no registered workstation."""
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(info=DECIDES_RIGHTS)
    ended_as: Mapped[SessionEnd | None]
    by_pin: Mapped[bool] = mapped_column(default=False)
    confirmed_until: Mapped[datetime | None]
    """Until when the password, confirmed in a PIN session, lifts what a PIN may not do."""
    kiosk_since: Mapped[datetime | None] = mapped_column(info=DECIDES_RIGHTS)
    """Handed over to patients: whatever the person may do, the session may only serve them."""


class SessionSighting(Base):
    """When a session last showed that somebody is there: of no use to anybody later, so it is in no journal."""

    __tablename__ = "session_sightings"
    __table_args__ = ({"info": {"journalled": False}},)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("refresh_tokens.id"), primary_key=True)
    seen_at: Mapped[datetime]


class PasswordReset(Record):
    """A single-use token with which a forgotten password is replaced."""

    __tablename__ = "password_resets"
    __merge__ = stays_here()
    __table_args__ = (Index("ix_password_resets_user_expires", "user_id", "expires_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)


class OtpVerification(Record):
    """A six-digit code: sent to a user or a patient, or told by a second person to the first."""

    __tablename__ = "otp_verifications"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (patient_id IS NULL)", name="one_person"),
        CheckConstraint("attempts BETWEEN 0 AND 10", name="attempts_bounded"),
        Index("ix_otp_verifications_user_purpose", "user_id", "purpose", "expires_at"),
        Index("ix_otp_verifications_patient_purpose", "patient_id", "purpose", "expires_at"),
    )

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    purpose: Mapped[OtpPurpose]
    code_hash: Mapped[str] = mapped_column(info=SECRET)
    attempts: Mapped[int]
    expires_at: Mapped[datetime]
    is_verified: Mapped[bool]
    sent_to: Mapped[str | None]
    """The address or number that the code proves."""
    act: Mapped[str | None]
    """What an approval is for: kind, record and amount (``rules.act_text``)."""
    used_at: Mapped[datetime | None]


class Draft(Base):
    """What a person has typed on a screen and not saved yet, and whether that screen was open last.

    Keystrokes are no record of the clinic: they are in no journal, and leave this database by no sync.
    """

    __tablename__ = "drafts"
    __table_args__ = (CheckConstraint("body IS NOT NULL OR is_open", name="says_something"), {"info": {"journalled": False}})

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    screen: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str | None]
    """JSON of the screen's own making."""
    is_open: Mapped[bool]
    updated_at: Mapped[datetime]
    """When the body was typed."""
