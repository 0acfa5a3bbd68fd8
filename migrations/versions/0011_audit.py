"""Audit: what searching the journal by anything needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IS_NOTE = sa.text("operation = 'N'")


def upgrade() -> None:
    op.drop_index("ix_journal_at", "journal")
    op.create_index("ix_journal_at", "journal", ["at", "seq"])
    op.create_index("ix_journal_command", "journal", ["command", "seq"])
    op.create_index("ix_journal_workstation", "journal", ["workstation_id", "seq"])
    op.create_index("ix_audit_logs_kind", "audit_logs", ["entity_type", "seq"])
    op.create_index("ix_audit_logs_notes", "audit_logs", ["seq"], sqlite_where=_IS_NOTE, postgresql_where=_IS_NOTE)


def downgrade() -> None:
    for name, table in (
        ("ix_audit_logs_notes", "audit_logs"),
        ("ix_audit_logs_kind", "audit_logs"),
        ("ix_journal_workstation", "journal"),
        ("ix_journal_command", "journal"),
        ("ix_journal_at", "journal"),
    ):
        op.drop_index(name, table)
    op.create_index("ix_journal_at", "journal", ["at"])
