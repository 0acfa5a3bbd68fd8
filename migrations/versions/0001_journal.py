"""The journal, command keys and the identity of the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import found_database, prepare_engine, protect, release_engine, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEDGERS = {"audit_logs": ("seq", "ordinal"), "journal": ("seq",)}
"""Append-only tables and their keys."""


def upgrade() -> None:
    prepare_engine()
    op.create_table(
        "audit_logs",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "ordinal", name=op.f("pk_audit_logs")),
    )
    op.create_index("ix_audit_logs_entity", "audit_logs", ["entity_type", "entity_id", "seq"], unique=False)
    op.create_table(
        "command_keys",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_command_keys")),
    )
    op.create_table(
        "database_identity",
        sa.Column("database_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("site_code", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("database_id", name=op.f("pk_database_identity")),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hlc", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("workstation_id", sa.Uuid(), nullable=True),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_actor", "journal", ["actor_id", "seq"], unique=False)
    op.create_index("ix_journal_at", "journal", ["at"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("hlc", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    protect(LEDGERS)
    found_database()


def downgrade() -> None:
    unprotect(LEDGERS)
    op.drop_table("journal_head")
    op.drop_table("journal")
    op.drop_table("database_identity")
    op.drop_table("command_keys")
    op.drop_table("audit_logs")
    release_engine()
