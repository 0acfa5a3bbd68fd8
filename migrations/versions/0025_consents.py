"""Texts of consents in versions, and of each consent who signed, for whom, and why it was withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.clinic.patients.guards import drop_guard_ddl, guard_ddl
from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = ("TREATMENT", "DATA_PROCESSING", "MESSAGES", "PHOTOGRAPHS", "RESEARCH")
KEYS = (("template_id", "consent_templates"), ("recorded_by", "users"), ("withdrawn_by", "users"))
CONSENTS = "patient_consents"


def upgrade() -> None:
    _texts()
    key = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    named = [f"{column} {key} CONSTRAINT fk_{CONSENTS}_{column} REFERENCES {table} (id)" for column, table in KEYS]
    run([f"ALTER TABLE {CONSENTS} ADD COLUMN {column}" for column in (*named, _signed_as(), _guardian(), _reason())])
    for column, _table in KEYS:
        op.create_index(f"ix_{CONSENTS}_{column}", CONSENTS, [column])
    run(guard_ddl(dialect()))


def downgrade() -> None:
    run(drop_guard_ddl(dialect()))
    for column, _table in KEYS:
        op.drop_index(f"ix_{CONSENTS}_{column}", CONSENTS)
    gone = ("withdrawal_reason", "guardian", "signed_as", *(column for column, _table in KEYS))
    run([f"ALTER TABLE {CONSENTS} DROP COLUMN {column}" for column in gone])
    op.drop_table("consent_templates")


def _signed_as() -> str:
    return (
        f"signed_as VARCHAR(24) DEFAULT 'PATIENT' NOT NULL CONSTRAINT ck_{CONSENTS}_signedas CHECK (signed_as IN ('PATIENT', 'GUARDIAN'))"
    )


def _guardian() -> str:
    return f"guardian TEXT CONSTRAINT ck_{CONSENTS}_guardian_named CHECK (signed_as <> 'GUARDIAN' OR guardian IS NOT NULL)"


def _reason() -> str:
    condition = "withdrawal_reason IS NULL OR withdrawn_at IS NOT NULL"
    return f"withdrawal_reason TEXT CONSTRAINT ck_{CONSENTS}_reason_of_a_withdrawal CHECK ({condition})"


def _texts() -> None:
    table = "consent_templates"
    kind = sa.Enum(*KINDS, name="consenttype", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", kind, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f(f"ck_{table}_version_counts_from_one")),
        sa.CheckConstraint("length(title) > 0 AND length(body) > 0", name=op.f(f"ck_{table}_text_given")),
        sa.CheckConstraint("length(language) BETWEEN 2 AND 8", name=op.f(f"ck_{table}_language_code")),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f(f"fk_{table}_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("type", "language", "version", name=op.f(f"uq_{table}_type_language_version")),
    )
    op.create_index(f"ix_{table}_written_by", table, ["written_by"])
