"""The central server: enrolled sites, codes, challenges and tries, and its operator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = "used_at IS NULL AND withdrawn_at IS NULL"


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _column(name: str, kind: type[sa.types.TypeEngine[object]], *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "sync_peers",
        _column("site_id", sa.Uuid),
        _column("code", sa.Text),
        _column("name", sa.Text),
        _column("keeps_shared_data", sa.Boolean),
        _column("database_id", sa.Uuid),
        _column("public_key", sa.LargeBinary),
        _column("clinics", sa.Text),
        _column("program", sa.Text),
        _column("revision", sa.Text),
        _column("fence", sa.Integer),
        _instant("enrolled_at"),
        _instant("last_token_at", nullable=True),
        _instant("compared_at", nullable=True),
        _instant("differed_at", nullable=True),
        _instant("revoked_at", nullable=True),
        _column("revoked_reason", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sync_peers")),
        sa.UniqueConstraint("code", name=op.f("uq_sync_peers_code")),
    )
    op.create_table(
        "sync_enrolment_codes",
        _column("id", sa.Uuid),
        _column("hash", sa.LargeBinary),
        _column("site_code", sa.Text),
        _column("site_name", sa.Text),
        _column("keeps_shared_data", sa.Boolean),
        _column("again", sa.Boolean),
        _instant("made_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _instant("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_enrolment_codes")),
        sa.UniqueConstraint("hash", name=op.f("uq_sync_enrolment_codes_hash")),
    )
    only_open = {"sqlite_where": sa.text(OPEN), "postgresql_where": sa.text(OPEN)}
    op.create_index("uq_sync_enrolment_codes_open", "sync_enrolment_codes", ["site_code"], unique=True, **only_open)
    op.create_table(
        "sync_spent_challenges",
        _column("challenge", sa.LargeBinary),
        _instant("spent_at"),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_sync_spent_challenges")),
    )
    op.create_index(op.f("ix_sync_spent_challenges_spent_at"), "sync_spent_challenges", ["spent_at"])
    op.create_table(
        "sync_tries",
        _column("door", sa.Text),
        _column("address", sa.Text),
        _column("failures", sa.Integer),
        _instant("last_at"),
        _instant("locked_until", nullable=True),
        sa.PrimaryKeyConstraint("door", "address", name=op.f("pk_sync_tries")),
    )
    op.create_index(op.f("ix_sync_tries_last_at"), "sync_tries", ["last_at"])
    op.create_table(
        "central_operator",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _column("password_hash", sa.Text),
        _column("metrics_hash", sa.LargeBinary),
        _instant("changed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_central_operator")),
    )
    op.create_table(
        "central_sessions",
        _column("hash", sa.LargeBinary),
        _column("form_token", sa.Text),
        _instant("begun_at"),
        _instant("seen_at"),
        _column("address", sa.Text),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_central_sessions")),
    )


def downgrade() -> None:
    for table in ("central_sessions", "central_operator", "sync_tries", "sync_spent_challenges", "sync_enrolment_codes", "sync_peers"):
        op.drop_table(table)
