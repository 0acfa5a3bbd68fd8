"""Rooms without a doctor: patients who are sent to one, and when."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IN_A_ROOM = "service_room IS NULL OR (state = 'OPEN' AND sent_at IS NOT NULL)"


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    run(
        [
            "ALTER TABLE appointment_queue ADD COLUMN service_room TEXT",
            f"ALTER TABLE appointment_queue ADD COLUMN sent_at {instant} "
            f"CONSTRAINT ck_appointment_queue_in_a_room_while_open CHECK ({IN_A_ROOM})",
        ]
    )


def downgrade() -> None:
    # With its column goes the CHECK: the earlier release has the patients wait for their doctors.
    run(["ALTER TABLE appointment_queue DROP COLUMN sent_at", "ALTER TABLE appointment_queue DROP COLUMN service_room"])
