"""Kiosks: sessions that only serve patients, failed attempts; reviews added up by doctor; patients who wait on hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    run(
        [
            f"ALTER TABLE refresh_tokens ADD COLUMN kiosk_since {instant}",
            f"ALTER TABLE appointment_queue ADD COLUMN held_at {instant}",
            "ALTER TABLE appointment_queue ADD COLUMN hold_reason TEXT",
        ]
    )
    op.create_table(
        "doctor_ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("total_reviews", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating_sum BETWEEN total_reviews AND 5 * total_reviews", name=op.f("ck_doctor_ratings_sum_of_one_to_five")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_doctor_ratings_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_doctor_ratings_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_ratings")),
        sa.UniqueConstraint("clinic_id", "doctor_id", name=op.f("uq_doctor_ratings_clinic_id_doctor_id")),
    )
    op.create_index(op.f("ix_doctor_ratings_doctor_id"), "doctor_ratings", ["doctor_id"])
    op.create_table(
        "kiosk_tries",
        sa.Column("workstation_id", sa.Uuid(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstations.id"], name=op.f("fk_kiosk_tries_workstation_id")),
        sa.PrimaryKeyConstraint("workstation_id", name=op.f("pk_kiosk_tries")),
    )


def downgrade() -> None:
    op.drop_table("kiosk_tries")
    op.drop_table("doctor_ratings")
    run(
        [
            "ALTER TABLE appointment_queue DROP COLUMN hold_reason",
            "ALTER TABLE appointment_queue DROP COLUMN held_at",
            "ALTER TABLE refresh_tokens DROP COLUMN kiosk_since",
        ]
    )
