"""Copies of a LAN clinic on its computers: who is one, numbers of their own, and the service that they speak with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, free_value, reword, run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COUNTER = "uq_id_sequences_kind_clinic_id_year"
SERIES = "uq_id_sequences_series"
KINDS = ("FIELD", "DELETED", "DOUBLE_BOOKING", "OVERPAID", "OVERDISPENSED", "CLASH", "MERGE_CYCLE")
OVERSOLD = (*KINDS, "OVERSOLD")


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    key = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    run(
        [
            f"ALTER TABLE sync_link ADD COLUMN peer_id {key}",
            "ALTER TABLE sync_link ADD COLUMN series TEXT",
            f"ALTER TABLE sync_link ADD COLUMN detached_at {instant}",
            "ALTER TABLE sync_peers ADD COLUMN is_replica BOOLEAN DEFAULT FALSE NOT NULL",
            "ALTER TABLE sync_enrolment_codes ADD COLUMN is_replica BOOLEAN DEFAULT FALSE NOT NULL",
            "ALTER TABLE id_sequences ADD COLUMN series TEXT DEFAULT '' NOT NULL",
            "ALTER TABLE doctor_settlements ADD COLUMN elsewhere TEXT",
        ]
    )
    op.create_table(
        "sync_service",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("pin", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_service")),
    )
    if dialect() == "sqlite":
        free_value("id_sequences", COUNTER)
    else:
        op.drop_constraint(COUNTER, "id_sequences", type_="unique")
    op.create_index(SERIES, "id_sequences", ["kind", "clinic_id", "year", "series"], unique=True)
    _kinds(KINDS, OVERSOLD)


def downgrade() -> None:
    _kinds(OVERSOLD, KINDS)
    op.drop_index(SERIES, "id_sequences")
    if dialect() == "sqlite":
        run([f"CREATE UNIQUE INDEX {COUNTER} ON id_sequences (kind, clinic_id, year)"])
    else:
        op.create_unique_constraint(COUNTER, "id_sequences", ["kind", "clinic_id", "year"])
    op.drop_table("sync_service")
    run(
        [
            f"ALTER TABLE {table} DROP COLUMN {column}"
            for table, column in (
                ("doctor_settlements", "elsewhere"),
                ("id_sequences", "series"),
                ("sync_enrolment_codes", "is_replica"),
                ("sync_peers", "is_replica"),
                ("sync_link", "detached_at"),
                ("sync_link", "series"),
                ("sync_link", "peer_id"),
            )
        ]
    )


def _kinds(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    said, says = (f"kind IN ({', '.join(repr(one) for one in some)})" for some in (before, after))
    if dialect() == "sqlite":
        reword("sync_conflicts", (f"CHECK ({said})", f"CHECK ({says})"))
        return
    name = op.f("ck_sync_conflicts_conflictkind")
    op.drop_constraint(name, "sync_conflicts", type_="check")
    op.create_check_constraint(name, "sync_conflicts", sa.text(says))
