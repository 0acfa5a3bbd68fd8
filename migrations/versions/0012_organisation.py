"""Administration: what setting up places, staff and services needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _reset() -> sa.Enum:
    return sa.Enum("YEARLY", "DAILY", "NEVER", name="reset", native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "number_formats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("reset", _reset(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("width BETWEEN 1 AND 12", name=op.f("ck_number_formats_width_sensible")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_number_formats_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_formats")),
        sa.UniqueConstraint("clinic_id", "kind", name=op.f("uq_number_formats_clinic_id_kind")),
    )
    op.create_table(
        "former_number_formats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("id_sequence_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id_sequence_id"], ["id_sequences.id"], name=op.f("fk_former_number_formats_id_sequence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_number_formats")),
        sa.UniqueConstraint("id_sequence_id", "last_number", name=op.f("uq_former_number_formats_id_sequence_id_last_number")),
    )
    # Not batch mode, which would drop triggers: both engines take a column together with its check.
    span = "CONSTRAINT ck_doctor_fees_valid_span CHECK (valid_to IS NULL OR valid_to >= valid_from)"
    run([f"ALTER TABLE doctor_fees ADD COLUMN valid_to DATE {span}"])


def downgrade() -> None:
    run(["ALTER TABLE doctor_fees DROP COLUMN valid_to"])
    op.drop_table("former_number_formats")
    op.drop_table("number_formats")
