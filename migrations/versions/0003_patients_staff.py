"""Patients, documents, doctors, services and time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import add_upward_keys, dialect, drop_upward_keys, protect, run, unprotect, upward_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LEDGERS = {"wallet_transactions": ("id",)}
"""Append-only tables and their keys."""

UPWARD_KEYS = (
    ("fk_hospitals_logo_document_id", "hospitals", "logo_document_id", "documents"),
    ("fk_departments_head_doctor_id", "departments", "head_doctor_id", "doctors"),
    ("fk_otp_verifications_patient_id", "otp_verifications", "patient_id", "patients"),
)
"""References of earlier tables to tables of this revision."""

GUARDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE patient_search USING fts5(search_text, content='patients', content_rowid='search_key', columnsize=0, tokenize='trigram case_sensitive 1')",
        """
CREATE TRIGGER patient_search_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END
""",
        """
CREATE TRIGGER patient_search_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END
""",
        """
CREATE TRIGGER patient_search_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END
""",
        "INSERT INTO patient_search(patient_search) VALUES ('rebuild')",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX ix_patients_search ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate = off)",
    ),
}
"""What the database itself holds true, an engine each."""

DROP_GUARDS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS patient_search_update",
        "DROP TRIGGER IF EXISTS patient_search_delete",
        "DROP TRIGGER IF EXISTS patient_search_insert",
        "DROP TABLE IF EXISTS patient_search",
    ),
    "postgresql": ("DROP INDEX IF EXISTS ix_patients_search",),
}


def upgrade() -> None:
    op.create_table(
        "card_signing_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(seed) = 32 AND length(public_key) = 32", name=op.f("ck_card_signing_keys_key_sizes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_signing_keys")),
        sa.UniqueConstraint("key_number", name=op.f("uq_card_signing_keys_key_number")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_documents_sha256_in_hex")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_documents_size_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("sha256", name=op.f("uq_documents_sha256")),
    )
    op.create_table(
        "specialties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialties")),
        sa.UniqueConstraint("name", name=op.f("uq_specialties_name")),
    )
    op.create_table(
        "doctors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("specialty_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("license_number", sa.Text(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=True),
        sa.Column("experience_years", sa.Integer(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("default_fee", sa.BigInteger(), nullable=True),
        sa.Column("share_basis_points", sa.Integer(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("default_fee IS NULL OR default_fee >= 0", name=op.f("ck_doctors_fee_not_negative")),
        sa.CheckConstraint("experience_years >= 0", name=op.f("ck_doctors_experience_not_negative")),
        sa.CheckConstraint("share_basis_points BETWEEN 0 AND 10000", name=op.f("ck_doctors_share_is_percent")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_doctors_department_id")),
        sa.ForeignKeyConstraint(["specialty_id"], ["specialties.id"], name=op.f("fk_doctors_specialty_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_doctors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctors")),
        sa.UniqueConstraint("license_number", name=op.f("uq_doctors_license_number")),
        sa.UniqueConstraint("user_id", name=op.f("uq_doctors_user_id")),
    )
    op.create_index(op.f("ix_doctors_department_id"), "doctors", ["department_id"], unique=False)
    op.create_index(op.f("ix_doctors_specialty_id"), "doctors", ["specialty_id"], unique=False)
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("dob_is_estimated", sa.Boolean(), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("MALE", "FEMALE", "OTHER", name="gender", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "blood_group",
            sa.Enum(
                "A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-", name="bloodgroup", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_typed", sa.Text(), nullable=True),
        sa.Column("phone_tail", sa.Text(), nullable=True),
        sa.Column("phone_owner_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("allergies", sa.Text(), nullable=True),
        sa.Column("medical_history", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("emergency_contact_name", sa.Text(), nullable=True),
        sa.Column("emergency_contact_phone", sa.Text(), nullable=True),
        sa.Column("photo_document_id", sa.Uuid(), nullable=True),
        sa.Column("has_insurance", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("ACTIVE", "MERGED", "DECEASED", "ARCHIVED", name="patientstatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("search_key", sa.BigInteger(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'MERGED') = (merged_into_id IS NOT NULL)", name=op.f("ck_patients_merged_into_one")),
        sa.CheckConstraint("(phone IS NULL) = (phone_typed IS NULL)", name=op.f("ck_patients_phone_as_typed")),
        sa.CheckConstraint("length(first_name) > 0", name=op.f("ck_patients_first_name_given")),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_patients_not_merged_into_itself")),
        sa.CheckConstraint(
            "phone_owner_id IS NULL OR (phone IS NOT NULL AND phone_owner_id <> id)", name=op.f("ck_patients_phone_shared_with_another")
        ),
        sa.CheckConstraint("search_key >= 0 AND search_key < 4611686018427387904", name=op.f("ck_patients_search_key_range")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_patients_clinic_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["patients.id"], name=op.f("fk_patients_merged_into_id")),
        sa.ForeignKeyConstraint(["phone_owner_id"], ["patients.id"], name=op.f("fk_patients_phone_owner_id")),
        sa.ForeignKeyConstraint(["photo_document_id"], ["documents.id"], name=op.f("fk_patients_photo_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("patient_number", name=op.f("uq_patients_patient_number")),
        sa.UniqueConstraint("search_key", name=op.f("uq_patients_search_key")),
    )
    op.create_index(op.f("ix_patients_clinic_id"), "patients", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_patients_date_of_birth"), "patients", ["date_of_birth"], unique=False)
    op.create_index("ix_patients_full_name", "patients", ["full_name", "id"], unique=False)
    op.create_index(op.f("ix_patients_merged_into_id"), "patients", ["merged_into_id"], unique=False)
    op.create_index("ix_patients_name_key", "patients", ["name_key", "date_of_birth"], unique=False)
    op.create_index(op.f("ix_patients_national_id"), "patients", ["national_id"], unique=False)
    op.create_index(op.f("ix_patients_phone"), "patients", ["phone"], unique=False)
    op.create_index(op.f("ix_patients_phone_owner_id"), "patients", ["phone_owner_id"], unique=False)
    op.create_index(op.f("ix_patients_phone_tail"), "patients", ["phone_tail"], unique=False)
    op.create_index(op.f("ix_patients_photo_document_id"), "patients", ["photo_document_id"], unique=False)
    op.create_index(
        "uq_patients_phone_owned",
        "patients",
        ["phone"],
        unique=True,
        sqlite_where=sa.text("phone IS NOT NULL AND phone_owner_id IS NULL AND status <> 'MERGED'"),
        postgresql_where=sa.text("phone IS NOT NULL AND phone_owner_id IS NULL AND status <> 'MERGED'"),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                "CONSULTATION",
                "PROCEDURE",
                "IMAGING",
                "LAB",
                "DENTAL",
                "OPTICAL",
                "OTHER",
                name="servicecategory",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("uses_doctor_fee", sa.Boolean(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "pricing_model",
            sa.Enum(
                "PER_SESSION",
                "PER_TOOTH",
                "PER_TOOTH_PACKAGE",
                "PER_FILM",
                "PER_TREATMENT_PACKAGE",
                name="pricingmodel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "tooth_chart_use",
            sa.Enum("REQUIRED", "OPTIONAL", "NOT_NEEDED", name="toothchartuse", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("tax_configuration_id", sa.Uuid(), nullable=True),
        sa.Column("doctor_share_basis_points", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("doctor_share_basis_points BETWEEN 0 AND 10000", name=op.f("ck_services_share_is_percent")),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 480", name=op.f("ck_services_duration_sensible")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_services_price_not_negative")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_services_department_id")),
        sa.ForeignKeyConstraint(["tax_configuration_id"], ["tax_configurations.id"], name=op.f("fk_services_tax_configuration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
    )
    op.create_index("ix_services_category_name", "services", ["is_active", "category", "name"], unique=False)
    op.create_index(op.f("ix_services_department_id"), "services", ["department_id"], unique=False)
    op.create_index(op.f("ix_services_tax_configuration_id"), "services", ["tax_configuration_id"], unique=False)
    op.create_table(
        "doctor_fees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "visit_type",
            sa.Enum(
                "OPD",
                "FOLLOW_UP",
                "EMERGENCY",
                "HOME_VISIT",
                "TELECONSULT",
                name="feekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("follow_up_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_doctor_fees_amount_not_negative")),
        sa.CheckConstraint("follow_up_days BETWEEN 0 AND 365", name=op.f("ck_doctor_fees_window_sensible")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_doctor_fees_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_fees")),
        sa.UniqueConstraint("doctor_id", "visit_type", "valid_from", name=op.f("uq_doctor_fees_doctor_id_visit_type_valid_from")),
    )
    op.create_table(
        "doctor_leaves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("REQUESTED", "APPROVED", "REJECTED", name="leavestatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'REQUESTED') = (decided_at IS NULL)", name=op.f("ck_doctor_leaves_decided_when_decided")),
        sa.CheckConstraint(
            "(start_time IS NULL AND end_time IS NULL) OR (start_time < end_time AND first_day = last_day)",
            name=op.f("ck_doctor_leaves_part_of_one_day"),
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_doctor_leaves_days_in_order")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_doctor_leaves_decided_by_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_doctor_leaves_doctor_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_doctor_leaves_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_leaves")),
    )
    op.create_index(op.f("ix_doctor_leaves_decided_by_id"), "doctor_leaves", ["decided_by_id"], unique=False)
    op.create_index("ix_doctor_leaves_doctor_status", "doctor_leaves", ["doctor_id", "status", "first_day"], unique=False)
    op.create_index(op.f("ix_doctor_leaves_requested_by_id"), "doctor_leaves", ["requested_by_id"], unique=False)
    op.create_index("ix_doctor_leaves_status_first", "doctor_leaves", ["status", "first_day"], unique=False)
    op.create_table(
        "doctor_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("max_patients", sa.Integer(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_patients BETWEEN 1 AND 50", name=op.f("ck_doctor_schedules_capacity_sensible")),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_doctor_schedules_slot_sensible")),
        sa.CheckConstraint("start_time < end_time", name=op.f("ck_doctor_schedules_ends_after_start")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_doctor_schedules_valid_span")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_doctor_schedules_weekday_known")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_doctor_schedules_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_doctor_schedules_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_schedules")),
    )
    op.create_index("ix_doctor_schedules_clinic_weekday", "doctor_schedules", ["clinic_id", "weekday", "start_time"], unique=False)
    op.create_index("ix_doctor_schedules_doctor_weekday", "doctor_schedules", ["doctor_id", "weekday", "start_time"], unique=False)
    op.create_table(
        "id_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("card_number", sa.Text(), nullable=False),
        sa.Column("code128", sa.Text(), nullable=False),
        sa.Column("qr_payload", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("print_count", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_id_cards_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_id_cards")),
        sa.UniqueConstraint("card_number", name=op.f("uq_id_cards_card_number")),
    )
    op.create_index(op.f("ix_id_cards_patient_id"), "id_cards", ["patient_id"], unique=False)
    op.create_index(
        "uq_id_cards_in_use",
        "id_cards",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "patient_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "TREATMENT",
                "DATA_PROCESSING",
                "MESSAGES",
                "PHOTOGRAPHS",
                "RESEARCH",
                name="consenttype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("template_version", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_document_id", sa.Uuid(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("workstation_id", sa.Uuid(), nullable=True),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "signature_document_id IS NOT NULL OR witness IS NOT NULL", name=op.f("ck_patient_consents_signed_or_witnessed")
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= signed_at", name=op.f("ck_patient_consents_withdrawn_after_signing")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_consents_patient_id")),
        sa.ForeignKeyConstraint(["signature_document_id"], ["documents.id"], name=op.f("fk_patient_consents_signature_document_id")),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstations.id"], name=op.f("fk_patient_consents_workstation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_consents")),
    )
    op.create_index(op.f("ix_patient_consents_patient_id"), "patient_consents", ["patient_id"], unique=False)
    op.create_index(op.f("ix_patient_consents_signature_document_id"), "patient_consents", ["signature_document_id"], unique=False)
    op.create_index(op.f("ix_patient_consents_workstation_id"), "patient_consents", ["workstation_id"], unique=False)
    op.create_table(
        "patient_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("original_file_name", sa.Text(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "diagnostic-images",
                "treatment-photos",
                "forms-documents",
                "administrative",
                "insurance",
                "correspondence",
                name="documentcategory",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subcategory", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "access_level",
            sa.Enum("patient", "staff", "doctor", "admin", name="accesslevel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("metadata", sa.Text(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_patient_documents_document_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_documents_patient_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_patient_documents_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_documents")),
    )
    op.create_index(op.f("ix_patient_documents_document_id"), "patient_documents", ["document_id"], unique=False)
    op.create_index("ix_patient_documents_folder", "patient_documents", ["patient_id", "is_archived", "category"], unique=False)
    op.create_index(op.f("ix_patient_documents_uploaded_by"), "patient_documents", ["uploaded_by"], unique=False)
    op.create_table(
        "patient_duplicates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("a_id", sa.Uuid(), nullable=False),
        sa.Column("b_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("OPEN", "DIFFERENT", "MERGED", name="duplicatestatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("a_id < b_id", name=op.f("ck_patient_duplicates_ordered_pair")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_patient_duplicates_score_in_percent")),
        sa.ForeignKeyConstraint(["a_id"], ["patients.id"], name=op.f("fk_patient_duplicates_a_id")),
        sa.ForeignKeyConstraint(["b_id"], ["patients.id"], name=op.f("fk_patient_duplicates_b_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_patient_duplicates_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_duplicates")),
        sa.UniqueConstraint("a_id", "b_id", name=op.f("uq_patient_duplicates_a_id_b_id")),
    )
    op.create_index(op.f("ix_patient_duplicates_a_id"), "patient_duplicates", ["a_id"], unique=False)
    op.create_index(op.f("ix_patient_duplicates_b_id"), "patient_duplicates", ["b_id"], unique=False)
    op.create_index(op.f("ix_patient_duplicates_decided_by"), "patient_duplicates", ["decided_by"], unique=False)
    op.create_index("ix_patient_duplicates_review", "patient_duplicates", ["status", "score"], unique=False)
    op.create_table(
        "patient_identifiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(value) > 0", name=op.f("ck_patient_identifiers_value_given")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_identifiers_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_identifiers")),
        sa.UniqueConstraint("system", "value", name=op.f("uq_patient_identifiers_system_value")),
    )
    op.create_index(op.f("ix_patient_identifiers_patient_id"), "patient_identifiers", ["patient_id"], unique=False)
    op.create_index(op.f("ix_patient_identifiers_value"), "patient_identifiers", ["value"], unique=False)
    op.create_table(
        "patient_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("field_choices", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("merged_by", sa.Uuid(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_patient_merges_two_records")),
        sa.ForeignKeyConstraint(["kept_id"], ["patients.id"], name=op.f("fk_patient_merges_kept_id")),
        sa.ForeignKeyConstraint(["merged_by"], ["users.id"], name=op.f("fk_patient_merges_merged_by")),
        sa.ForeignKeyConstraint(["merged_id"], ["patients.id"], name=op.f("fk_patient_merges_merged_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_patient_merges_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merges")),
    )
    op.create_index(op.f("ix_patient_merges_kept_id"), "patient_merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_patient_merges_merged_by"), "patient_merges", ["merged_by"], unique=False)
    op.create_index(op.f("ix_patient_merges_merged_id"), "patient_merges", ["merged_id"], unique=False)
    op.create_index(op.f("ix_patient_merges_undone_by"), "patient_merges", ["undone_by"], unique=False)
    op.create_table(
        "time_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("slot_date", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name=op.f("ck_time_slots_capacity_sensible")),
        sa.CheckConstraint("start_time < end_time", name=op.f("ck_time_slots_ends_after_start")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_time_slots_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_time_slots_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_slots")),
        sa.UniqueConstraint("doctor_id", "slot_date", "start_time", name=op.f("uq_time_slots_doctor_id_slot_date_start_time")),
    )
    op.create_index("ix_time_slots_clinic_date", "time_slots", ["clinic_id", "slot_date", "start_time"], unique=False)
    op.create_table(
        "wallet_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "type",
            sa.Enum("deposit", "withdrawal", "payment", "refund", name="walletkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_wallet_transactions_amount_positive")),
        sa.CheckConstraint("balance_after >= 0", name=op.f("ck_wallet_transactions_balance_not_negative")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_wallet_transactions_sequence_positive")),
        *upward_key(["appointment_id"], ["appointments.id"], name="fk_wallet_transactions_appointment_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_wallet_transactions_created_by")),
        *upward_key(["invoice_id"], ["invoices.id"], name="fk_wallet_transactions_invoice_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_wallet_transactions_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_transactions")),
        sa.UniqueConstraint("patient_id", "sequence", name=op.f("uq_wallet_transactions_patient_id_sequence")),
    )
    op.create_index(op.f("ix_wallet_transactions_appointment_id"), "wallet_transactions", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_wallet_transactions_created_by"), "wallet_transactions", ["created_by"], unique=False)
    op.create_index(op.f("ix_wallet_transactions_invoice_id"), "wallet_transactions", ["invoice_id"], unique=False)
    add_upward_keys(UPWARD_KEYS)
    protect(LEDGERS)
    run(GUARDS[dialect()])


def downgrade() -> None:
    run(DROP_GUARDS[dialect()])
    unprotect(LEDGERS)
    drop_upward_keys(UPWARD_KEYS)
    op.drop_table("wallet_transactions")
    op.drop_table("time_slots")
    op.drop_table("patient_merges")
    op.drop_table("patient_identifiers")
    op.drop_table("patient_duplicates")
    op.drop_table("patient_documents")
    op.drop_table("patient_consents")
    op.drop_table("id_cards")
    op.drop_table("doctor_schedules")
    op.drop_table("doctor_leaves")
    op.drop_table("doctor_fees")
    op.drop_table("services")
    op.drop_table("patients")
    op.drop_table("doctors")
    op.drop_table("specialties")
    op.drop_table("documents")
    op.drop_table("card_signing_keys")
