"""Leaves that are taken back, and the place that a leave or a holiday took from an appointment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, reword, run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATES = ("REQUESTED", "APPROVED", "REJECTED")
ONLY = sa.text("overtaken_start IS NOT NULL")


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    key = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    _may_be(STATES, (*STATES, "WITHDRAWN"))
    # Added as they are, not by batch: a rebuilt table of SQLite would lose its triggers.
    doctor = f"{key} CONSTRAINT fk_appointments_overtaken_doctor_id REFERENCES doctors (id)"
    whole = "CONSTRAINT ck_appointments_overtaken_is_whole CHECK ((overtaken_start IS NULL) = (overtaken_doctor_id IS NULL))"
    run(
        [
            f"ALTER TABLE appointments ADD COLUMN overtaken_doctor_id {doctor}",
            f"ALTER TABLE appointments ADD COLUMN overtaken_start {instant} {whole}",
        ]
    )
    op.create_index(op.f("ix_appointments_overtaken_doctor_id"), "appointments", ["overtaken_doctor_id"], unique=False)
    columns = ["clinic_id", "overtaken_start"]
    op.create_index("ix_appointments_overtaken", "appointments", columns, unique=False, sqlite_where=ONLY, postgresql_where=ONLY)


def downgrade() -> None:
    op.drop_index("ix_appointments_overtaken", "appointments")
    op.drop_index(op.f("ix_appointments_overtaken_doctor_id"), "appointments")
    if dialect() == "postgresql":
        op.drop_constraint(op.f("ck_appointments_overtaken_is_whole"), "appointments", type_="check")
    run([f"ALTER TABLE appointments DROP COLUMN {column}" for column in ("overtaken_start", "overtaken_doctor_id")])
    # The earlier release knows no leave that was taken back; the doctor is there all the same.
    run(["UPDATE doctor_leaves SET status = 'REJECTED' WHERE status = 'WITHDRAWN'"])
    _may_be((*STATES, "WITHDRAWN"), STATES)


def _may_be(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    said, says = (f"status IN ({', '.join(repr(one) for one in some)})" for some in (before, after))
    if dialect() == "sqlite":
        reword("doctor_leaves", (f"CHECK ({said})", f"CHECK ({says})"))
        return
    name = op.f("ck_doctor_leaves_leavestatus")
    op.drop_constraint(name, "doctor_leaves", type_="check")
    op.create_check_constraint(name, "doctor_leaves", sa.text(says))
