"""Merged records are found by an index of merged records only: among all patients, nearly all of which were never merged, it tells nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEX = "ix_patients_merged_into_id"
MERGED = "merged_into_id IS NOT NULL"


def upgrade() -> None:
    op.drop_index(INDEX, "patients")
    op.create_index(INDEX, "patients", ["merged_into_id"], sqlite_where=sa.text(MERGED), postgresql_where=sa.text(MERGED))


def downgrade() -> None:
    op.drop_index(INDEX, "patients")
    op.create_index(INDEX, "patients", ["merged_into_id"])
