"""What patients are told: the clinic's texts, what waits to be said about an appointment, and how a patient wants to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, reword, run

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

WAYS = ("EMAIL", "SMS")
ALL_WAYS = (*WAYS, "PHONE", "PAPER")
STATES = ("QUEUED", "SENDING", "SENT", "FAILED", "DEAD")
ALL_STATES = (*STATES, "WITHDRAWN")
EVENTS = ("BOOKED", "REMINDER", "REMINDER_SOON", "MOVED", "CALLED_OFF", "PLACE_OFFERED", "DOCTOR_LATE", "FOLLOW_UP_DUE")
WISHES = ("SMS", "EMAIL", "PHONE", "NO_MESSAGES")
TOLD = "channel IN ('EMAIL', 'SMS') OR status IN ('SENT', 'WITHDRAWN')"


def upgrade() -> None:
    _templates()
    _may_be("channel_secrets", "channel", WAYS, ALL_WAYS)
    _may_be("notification_queue", "channel", WAYS, ALL_WAYS)
    _may_be("notification_queue", "messagestatus", STATES, ALL_STATES, column="status")
    _of_patients()
    run(["ALTER TABLE patients ADD COLUMN contact_language TEXT"])
    _wishes()


def downgrade() -> None:
    run(["ALTER TABLE patients DROP COLUMN contact_language", "ALTER TABLE patients DROP COLUMN contact_by"])
    # What the earlier release has no word for: it would try to send it, or stop at it.
    run(["DELETE FROM notification_queue WHERE status = 'WITHDRAWN' OR channel IN ('PHONE', 'PAPER') OR appointment_id IS NOT NULL"])
    _no_longer_of_patients()
    _may_be("notification_queue", "messagestatus", ALL_STATES, STATES, column="status")
    _may_be("notification_queue", "channel", ALL_WAYS, WAYS)
    _may_be("channel_secrets", "channel", ALL_WAYS, WAYS)
    op.drop_table("notification_templates")


def _templates() -> None:
    op.create_table(
        "notification_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", _kind("notice", *EVENTS), nullable=False),
        sa.Column("channel", _kind("channel", *ALL_WAYS), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notification_templates_version_from_one")),
        sa.CheckConstraint("length(body) > 0", name=op.f("ck_notification_templates_body_given")),
        sa.CheckConstraint("channel <> 'EMAIL' OR length(subject) > 0", name=op.f("ck_notification_templates_mail_has_subject")),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("fk_notification_templates_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_templates")),
        sa.UniqueConstraint(
            "event", "channel", "language", "version", name=op.f("uq_notification_templates_event_channel_language_version")
        ),
    )
    op.create_index(op.f("ix_notification_templates_written_by"), "notification_templates", ["written_by"], unique=False)


def _of_patients() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    key = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    for column, target in (("patient_id", "patients"), ("appointment_id", "appointments")):
        name = f"fk_notification_queue_{column}"
        run([f"ALTER TABLE notification_queue ADD COLUMN {column} {key} CONSTRAINT {name} REFERENCES {target} (id)"])
        op.create_index(op.f(f"ix_notification_queue_{column}"), "notification_queue", [column], unique=False)
    run(
        [
            "ALTER TABLE notification_queue ADD COLUMN about TEXT",
            f"ALTER TABLE notification_queue ADD COLUMN not_before {instant} CONSTRAINT ck_notification_queue_told_by_people CHECK ({TOLD})",
        ]
    )


def _no_longer_of_patients() -> None:
    if dialect() == "postgresql":
        op.drop_constraint(op.f("ck_notification_queue_told_by_people"), "notification_queue", type_="check")
    for column in ("not_before", "about"):
        run([f"ALTER TABLE notification_queue DROP COLUMN {column}"])
    for column in ("appointment_id", "patient_id"):
        op.drop_index(op.f(f"ix_notification_queue_{column}"), "notification_queue")
        run([f"ALTER TABLE notification_queue DROP COLUMN {column}"])


def _wishes() -> None:
    words = f"contact_by IN ({_listed(WISHES)})"
    run([f"ALTER TABLE patients ADD COLUMN contact_by VARCHAR(24) CONSTRAINT ck_patients_contactby CHECK ({words})"])


def _may_be(table: str, kind: str, before: tuple[str, ...], after: tuple[str, ...], *, column: str = "") -> None:
    said, says = (f"{column or kind} IN ({_listed(some)})" for some in (before, after))
    if dialect() == "sqlite":
        reword(table, (f"CHECK ({said})", f"CHECK ({says})"))
        return
    name = op.f(f"ck_{table}_{kind}")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, sa.text(says))


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(repr(one) for one in values)


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
