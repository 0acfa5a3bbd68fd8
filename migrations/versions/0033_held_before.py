"""Patients who were on hold: when last, once they are back; how good the estimate of the wait was is measured without them."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    run([f"ALTER TABLE appointment_queue ADD COLUMN last_held_at {instant}"])


def downgrade() -> None:
    run(["ALTER TABLE appointment_queue DROP COLUMN last_held_at"])
