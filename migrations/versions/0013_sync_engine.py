"""Sync: whose a change set is, and what each end remembers of the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LEDGERS = {"journal_origins": ("seq",)}


def _instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "journal_origins",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("database_id", sa.Uuid(), nullable=False),
        _number("origin_seq"),
        _number("origin_hlc"),
        sa.Column("origin_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_origins")),
    )
    op.create_index("uq_journal_origins_origin", "journal_origins", ["database_id", "origin_seq"], unique=True)
    protect(LEDGERS)
    op.create_table(
        "sync_link",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("pin", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("central_id", sa.Uuid(), nullable=True),
        _number("pushed_seq"),
        sa.Column("pushed_hash", sa.LargeBinary(), nullable=False),
        _number("echoed_seq"),
        _number("pulled_seq"),
        sa.Column("pulled_hash", sa.LargeBinary(), nullable=False),
        sa.Column("loads_from", sa.BigInteger(), nullable=True),
        _instant("last_contact_at"),
        _instant("last_synced_at"),
        _instant("proved_at"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("runner_id", sa.Uuid(), nullable=True),
        _instant("runner_until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_link")),
    )
    op.create_table(
        "sync_parked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("database_id", sa.Uuid(), nullable=False),
        _number("origin_seq"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _instant("parked_at", nullable=False),
        _instant("resolved_at"),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_parked")),
    )
    op.create_index("uq_sync_parked_origin", "sync_parked", ["database_id", "origin_seq"], unique=True)
    op.create_index("ix_sync_parked_open", "sync_parked", ["resolved_at", "parked_at"])
    op.create_table(
        "sync_parked_rows",
        sa.Column("parked_id", sa.Uuid(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("parked_id", "entity_type", "entity_id", name=op.f("pk_sync_parked_rows")),
    )
    op.create_index("ix_sync_parked_rows_entity_id", "sync_parked_rows", ["entity_id"])
    op.create_table(
        "sync_load_pages",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("through_key", sa.Uuid(), nullable=True),
        _number("head_seq"),
        sa.PrimaryKeyConstraint("table_name", "ordinal", name=op.f("pk_sync_load_pages")),
    )
    op.create_table(
        "sync_documents",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("is_fetched", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sync_documents")),
    )
    op.create_table(
        "sync_document_parts",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "offset", name=op.f("pk_sync_document_parts")),
    )
    op.create_table(
        "sync_tombstones",
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        _number("seq"),
        _number("hlc"),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("entity_type", "entity_id", name=op.f("pk_sync_tombstones")),
    )
    op.create_table(
        "sync_taken",
        sa.Column("database_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        _number("taken_seq"),
        sa.Column("taken_hash", sa.LargeBinary(), nullable=False),
        _number("conflicts"),
        _number("read_seq"),
        _number("head_seq"),
        sa.Column("revision", sa.Text(), nullable=True),
        _instant("last_contact_at"),
        _instant("last_pushed_at"),
        sa.Column("is_former", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("database_id", name=op.f("pk_sync_taken")),
    )
    op.create_index("ix_sync_taken_site_id", "sync_taken", ["site_id"])


def downgrade() -> None:
    op.drop_index("ix_sync_taken_site_id", "sync_taken")
    op.drop_table("sync_taken")
    op.drop_table("sync_tombstones")
    op.drop_table("sync_document_parts")
    op.drop_table("sync_documents")
    op.drop_table("sync_load_pages")
    op.drop_index("ix_sync_parked_rows_entity_id", "sync_parked_rows")
    op.drop_table("sync_parked_rows")
    op.drop_index("ix_sync_parked_open", "sync_parked")
    op.drop_index("uq_sync_parked_origin", "sync_parked")
    op.drop_table("sync_parked")
    op.drop_table("sync_link")
    unprotect(LEDGERS)
    op.drop_index("uq_journal_origins_origin", "journal_origins")
    op.drop_table("journal_origins")
