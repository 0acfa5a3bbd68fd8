"""People: sessions, one-time codes, second persons, and the outbound queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ENDS = "'REPLACED', 'LOGGED_OUT', 'REVOKED'"


def upgrade() -> None:
    _rights()
    _columns()
    _sightings()
    _queue()
    _channels()


def _rights() -> None:
    stamp = op.create_table(
        "access_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_stamp")),
    )
    op.bulk_insert(stamp, [{"id": 1, "stamp": 1}])


def _columns() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    # Added as they are, not by batch: a rebuilt table of SQLite would lose its triggers.
    run(
        [
            "ALTER TABLE users ADD COLUMN pin_failures INTEGER DEFAULT 0 NOT NULL"
            " CONSTRAINT ck_users_pin_failures_not_negative CHECK (pin_failures >= 0)",
            "ALTER TABLE users ADD COLUMN phone_verified BOOLEAN DEFAULT FALSE NOT NULL",
            "ALTER TABLE patients ADD COLUMN phone_verified BOOLEAN DEFAULT FALSE NOT NULL",
            "ALTER TABLE patients ADD COLUMN email_verified BOOLEAN DEFAULT FALSE NOT NULL",
            "ALTER TABLE refresh_tokens ADD COLUMN host TEXT",
            "ALTER TABLE refresh_tokens ADD COLUMN by_pin BOOLEAN DEFAULT FALSE NOT NULL",
            f"ALTER TABLE refresh_tokens ADD COLUMN confirmed_until {instant}",
            "ALTER TABLE refresh_tokens ADD COLUMN ended_as VARCHAR(24)"
            f" CONSTRAINT ck_refresh_tokens_sessionend CHECK (ended_as IN ({_ENDS}))",
            "ALTER TABLE otp_verifications ADD COLUMN sent_to TEXT",
            "ALTER TABLE otp_verifications ADD COLUMN act TEXT",
            f"ALTER TABLE otp_verifications ADD COLUMN used_at {instant}",
        ]
    )


def _sightings() -> None:
    op.create_table(
        "session_sightings",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["refresh_tokens.id"], name=op.f("fk_session_sightings_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_sightings")),
    )


def _queue() -> None:
    op.create_table(
        "notification_queue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", _kind("channel", "EMAIL", "SMS"), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("status", _kind("messagestatus", "QUEUED", "SENDING", "SENT", "FAILED", "DEAD"), nullable=False),
        sa.Column("retry_count", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("retry_count BETWEEN 0 AND max_attempts", name=op.f("ck_notification_queue_attempts_bounded")),
        sa.CheckConstraint("(status = 'SENT') = (sent_at IS NOT NULL)", name=op.f("ck_notification_queue_sent_when")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_queue")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_notification_queue_idempotency_key")),
    )
    op.create_index("ix_notification_queue_due", "notification_queue", ["status", "next_attempt_at"], unique=False)


def _channels() -> None:
    op.create_table(
        "channel_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", _kind("channel", "EMAIL", "SMS"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_secrets")),
        sa.UniqueConstraint("channel", name=op.f("uq_channel_secrets_channel")),
    )


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def downgrade() -> None:
    for table in ("channel_secrets", "notification_queue", "session_sightings", "access_stamp"):
        op.drop_table(table)
    columns = {
        "otp_verifications": ("used_at", "act", "sent_to"),
        "refresh_tokens": ("ended_as", "confirmed_until", "by_pin", "host"),
        "patients": ("email_verified", "phone_verified"),
        "users": ("phone_verified", "pin_failures"),
    }
    run(f"ALTER TABLE {table} DROP COLUMN {column}" for table, names in columns.items() for column in names)
