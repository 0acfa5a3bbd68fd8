"""Retention and privacy: archives, requests for erasure, restricted records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("patients", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _archives()
    _openings()
    _requests()


def downgrade() -> None:
    op.drop_table("privacy_requests")
    op.drop_table("record_openings")
    op.drop_table("archives")
    op.drop_column("patients", "erased_at")
    op.drop_column("patients", "is_restricted")


def _record_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def _archives() -> None:
    op.create_table(
        "archives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("first_seq", sa.BigInteger(), nullable=True),
        sa.Column("last_seq", sa.BigInteger(), nullable=True),
        sa.Column("last_hash", sa.Text(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        *_record_columns(),
        sa.CheckConstraint("(last_seq IS NULL) = (last_hash IS NULL)", name=op.f("ck_archives_journal_part_has_hash")),
        sa.CheckConstraint("last_seq IS NULL OR first_seq <= last_seq", name=op.f("ck_archives_journal_part_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archives")),
        sa.UniqueConstraint("file_name", name=op.f("uq_archives_file_name")),
    )
    op.create_index(
        "uq_archives_last_seq",
        "archives",
        ["last_seq"],
        unique=True,
        sqlite_where=sa.text("last_seq IS NOT NULL"),
        postgresql_where=sa.text("last_seq IS NOT NULL"),
    )


def _openings() -> None:
    op.create_table(
        "record_openings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_record_openings_expires_later")),
        sa.CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_record_openings_reviewed_by_someone")),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> user_id", name=op.f("ck_record_openings_second_person")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_record_openings_patient_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_record_openings_reviewed_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_record_openings_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_openings")),
    )
    op.create_index(op.f("ix_record_openings_patient_id"), "record_openings", ["patient_id"])
    op.create_index(op.f("ix_record_openings_reviewed_by"), "record_openings", ["reviewed_by"])
    op.create_index("ix_record_openings_review", "record_openings", ["reviewed_at", "opened_at"])
    op.create_index("ix_record_openings_user_patient", "record_openings", ["user_id", "patient_id", "expires_at"])


def _status(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _requests() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _status("requestkind", "EXPORT", "ERASURE"), nullable=False),
        sa.Column("status", _status("requeststatus", "OPEN", "REFUSED", "DONE"), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("identity_check", _status("identitycheck", "DOCUMENT", "KNOWN", "PHONE", "GUARDIAN"), nullable=False),
        sa.Column("identity_note", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (status = 'REFUSED' OR (kind = 'ERASURE' AND status = 'DONE'))",
            name=op.f("ck_privacy_requests_decided_when_decided"),
        ),
        sa.CheckConstraint("(done_at IS NULL) = (status <> 'DONE')", name=op.f("ck_privacy_requests_done_has_time")),
        sa.CheckConstraint(
            "kind <> 'ERASURE' OR decided_by IS NULL OR decided_by <> recorded_by", name=op.f("ck_privacy_requests_second_person")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_privacy_requests_clinic_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_privacy_requests_decided_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_privacy_requests_patient_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_privacy_requests_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_privacy_requests_number")),
    )
    op.create_index(op.f("ix_privacy_requests_clinic_id"), "privacy_requests", ["clinic_id"])
    op.create_index(op.f("ix_privacy_requests_decided_by"), "privacy_requests", ["decided_by"])
    op.create_index(op.f("ix_privacy_requests_patient_id"), "privacy_requests", ["patient_id"])
    op.create_index(op.f("ix_privacy_requests_recorded_by"), "privacy_requests", ["recorded_by"])
    op.create_index("ix_privacy_requests_status", "privacy_requests", ["status", "requested_at"])
