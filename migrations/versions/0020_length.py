"""How long a person made an appointment, which it keeps where it is moved to."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sensible = "CONSTRAINT ck_appointments_length_sensible CHECK (length_minutes BETWEEN 1 AND 1440)"
    run([f"ALTER TABLE appointments ADD COLUMN length_minutes INTEGER {sensible}"])


def downgrade() -> None:
    run(["ALTER TABLE appointments DROP COLUMN length_minutes"])
