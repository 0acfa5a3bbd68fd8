"""Who is enrolled stands in the journal, how often they come beside it; a server keeps its certificate, and its service makes backups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOVED = ("fence", "last_token_at", "compared_at", "differed_at")


def upgrade() -> None:
    instants = [sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in MOVED[1:]]
    op.create_table(
        "sync_contacts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        *instants,
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sync_contacts")),
    )
    columns = ", ".join(("site_id", *MOVED))
    run([f"INSERT INTO sync_contacts ({columns}) SELECT {columns} FROM sync_peers"])
    run([f"ALTER TABLE sync_peers DROP COLUMN {name}" for name in MOVED])
    op.create_table(
        "server_certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("hosts", "authority", "authority_key", "certificate", "certificate_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_certificates")),
    )
    op.create_table(
        "backup_service",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folders", sa.Text(), nullable=False),
        sa.Column("workstation_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_service")),
    )


def downgrade() -> None:
    op.drop_table("backup_service")
    op.drop_table("server_certificates")
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    run(["ALTER TABLE sync_peers ADD COLUMN fence INTEGER DEFAULT 0 NOT NULL"])
    run([f"ALTER TABLE sync_peers ADD COLUMN {name} {instant}" for name in MOVED[1:]])
    run(
        [
            f"UPDATE sync_peers SET {name} = (SELECT c.{name} FROM sync_contacts c WHERE c.site_id = sync_peers.site_id)"
            " WHERE EXISTS (SELECT 1 FROM sync_contacts c WHERE c.site_id = sync_peers.site_id)"
            for name in MOVED
        ]
    )
    op.drop_table("sync_contacts")
