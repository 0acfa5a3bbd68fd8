"""Appointments, queue, consultations, prescriptions and dispensing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import add_upward_keys, dialect, drop_upward_keys, protect, run, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LEDGERS = {"appointment_status_log": ("id",), "consultation_addenda": ("id",), "prescription_versions": ("id",)}
"""Append-only tables and their keys."""

UPWARD_KEYS = (
    ("fk_wallet_transactions_appointment_id", "wallet_transactions", "appointment_id", "appointments"),
    ("fk_invoices_visit_id", "invoices", "visit_id", "visits"),
)
"""References of earlier tables to tables of this revision."""

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER trg_appointments_overlap_insert BEFORE INSERT ON appointments WHEN NEW.status NOT IN ('CANCELLED', 'NO_SHOW') BEGIN SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001; SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND a.id <> NEW.id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.patient_id = NEW.patient_id AND a.id <> NEW.id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); END",
        "CREATE TRIGGER trg_appointments_overlap_update BEFORE UPDATE OF doctor_id, patient_id, slot_place, start_time, end_time, status ON appointments WHEN NEW.status NOT IN ('CANCELLED', 'NO_SHOW') BEGIN SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001; SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND a.id <> NEW.id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.patient_id = NEW.patient_id AND a.id <> NEW.id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); END",
        "CREATE TRIGGER consultations_signed_update BEFORE UPDATE ON consultations WHEN OLD.status = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultations'); END",
        "CREATE TRIGGER consultations_signed_delete BEFORE DELETE ON consultations WHEN OLD.status = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultations'); END",
        "CREATE TRIGGER consultation_diagnoses_signed_insert BEFORE INSERT ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END",
        "CREATE TRIGGER consultation_diagnoses_signed_update BEFORE UPDATE ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' OR (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END",
        "CREATE TRIGGER consultation_diagnoses_signed_delete BEFORE DELETE ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END",
        "CREATE TRIGGER prescriptions_sealed_update BEFORE UPDATE OF number, clinic_id, patient_id, doctor_id, visit_id, business_date, diagnosis, notes, follow_up_date, valid_until, version, override_reason, activated_at ON prescriptions WHEN OLD.status <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END",
        "CREATE TRIGGER prescriptions_sealed_reopen BEFORE UPDATE OF status ON prescriptions WHEN OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END",
        "CREATE TRIGGER prescriptions_sealed_delete BEFORE DELETE ON prescriptions WHEN OLD.status <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END",
        "CREATE TRIGGER prescription_items_sealed_insert BEFORE INSERT ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END",
        "CREATE TRIGGER prescription_items_sealed_update BEFORE UPDATE OF prescription_id, position, medicine_id, dose, unit, route, frequency, duration_days, quantity, instructions, substitution_allowed, removed_at ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' OR (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END",
        "CREATE TRIGGER prescription_items_sealed_delete BEFORE DELETE ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_doctor EXCLUDE USING gist (doctor_id WITH =, slot_place WITH =, tstzrange(start_time, end_time) WITH &&) WHERE (status NOT IN ('CANCELLED', 'NO_SHOW'))",
        "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_patient EXCLUDE USING gist (patient_id WITH =, tstzrange(start_time, end_time) WITH &&) WHERE (status NOT IN ('CANCELLED', 'NO_SHOW'))",
        "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_not_longer_than_a_day CHECK (end_time <= start_time + interval '24 hours')",
        """
CREATE FUNCTION consultations_signed_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER consultations_signed_update BEFORE UPDATE ON consultations FOR EACH ROW EXECUTE FUNCTION consultations_signed_update()",
        "ALTER TABLE consultations ENABLE ALWAYS TRIGGER consultations_signed_update",
        """
CREATE FUNCTION consultations_signed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER consultations_signed_delete BEFORE DELETE ON consultations FOR EACH ROW EXECUTE FUNCTION consultations_signed_delete()",
        "ALTER TABLE consultations ENABLE ALWAYS TRIGGER consultations_signed_delete",
        """
CREATE FUNCTION consultation_diagnoses_signed_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER consultation_diagnoses_signed_insert BEFORE INSERT ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_insert()",
        "ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_insert",
        """
CREATE FUNCTION consultation_diagnoses_signed_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' OR (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER consultation_diagnoses_signed_update BEFORE UPDATE ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_update()",
        "ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_update",
        """
CREATE FUNCTION consultation_diagnoses_signed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER consultation_diagnoses_signed_delete BEFORE DELETE ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_delete()",
        "ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_delete",
        """
CREATE FUNCTION prescriptions_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescriptions_sealed_update BEFORE UPDATE OF number, clinic_id, patient_id, doctor_id, visit_id, business_date, diagnosis, notes, follow_up_date, valid_until, version, override_reason, activated_at ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_update()",
        "ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_update",
        """
CREATE FUNCTION prescriptions_sealed_reopen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescriptions_sealed_reopen BEFORE UPDATE OF status ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_reopen()",
        "ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_reopen",
        """
CREATE FUNCTION prescriptions_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescriptions_sealed_delete BEFORE DELETE ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_delete()",
        "ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_delete",
        """
CREATE FUNCTION prescription_items_sealed_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescription_items_sealed_insert BEFORE INSERT ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_insert()",
        "ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_insert",
        """
CREATE FUNCTION prescription_items_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' OR (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescription_items_sealed_update BEFORE UPDATE OF prescription_id, position, medicine_id, dose, unit, route, frequency, duration_days, quantity, instructions, substitution_allowed, removed_at ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_update()",
        "ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_update",
        """
CREATE FUNCTION prescription_items_sealed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
        "CREATE TRIGGER prescription_items_sealed_delete BEFORE DELETE ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_delete()",
        "ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_delete",
    ),
}
"""What the database itself holds true, an engine each."""

DROP_GUARDS = {
    "sqlite": (
        "DROP TRIGGER consultations_signed_update",
        "DROP TRIGGER consultations_signed_delete",
        "DROP TRIGGER consultation_diagnoses_signed_insert",
        "DROP TRIGGER consultation_diagnoses_signed_update",
        "DROP TRIGGER consultation_diagnoses_signed_delete",
        "DROP TRIGGER prescriptions_sealed_update",
        "DROP TRIGGER prescriptions_sealed_reopen",
        "DROP TRIGGER prescriptions_sealed_delete",
        "DROP TRIGGER prescription_items_sealed_insert",
        "DROP TRIGGER prescription_items_sealed_update",
        "DROP TRIGGER prescription_items_sealed_delete",
        "DROP TRIGGER IF EXISTS trg_appointments_overlap_insert",
        "DROP TRIGGER IF EXISTS trg_appointments_overlap_update",
    ),
    "postgresql": (
        "DROP TRIGGER consultations_signed_update ON consultations",
        "DROP FUNCTION consultations_signed_update()",
        "DROP TRIGGER consultations_signed_delete ON consultations",
        "DROP FUNCTION consultations_signed_delete()",
        "DROP TRIGGER consultation_diagnoses_signed_insert ON consultation_diagnoses",
        "DROP FUNCTION consultation_diagnoses_signed_insert()",
        "DROP TRIGGER consultation_diagnoses_signed_update ON consultation_diagnoses",
        "DROP FUNCTION consultation_diagnoses_signed_update()",
        "DROP TRIGGER consultation_diagnoses_signed_delete ON consultation_diagnoses",
        "DROP FUNCTION consultation_diagnoses_signed_delete()",
        "DROP TRIGGER prescriptions_sealed_update ON prescriptions",
        "DROP FUNCTION prescriptions_sealed_update()",
        "DROP TRIGGER prescriptions_sealed_reopen ON prescriptions",
        "DROP FUNCTION prescriptions_sealed_reopen()",
        "DROP TRIGGER prescriptions_sealed_delete ON prescriptions",
        "DROP FUNCTION prescriptions_sealed_delete()",
        "DROP TRIGGER prescription_items_sealed_insert ON prescription_items",
        "DROP FUNCTION prescription_items_sealed_insert()",
        "DROP TRIGGER prescription_items_sealed_update ON prescription_items",
        "DROP FUNCTION prescription_items_sealed_update()",
        "DROP TRIGGER prescription_items_sealed_delete ON prescription_items",
        "DROP FUNCTION prescription_items_sealed_delete()",
        "ALTER TABLE appointments DROP CONSTRAINT IF EXISTS ex_appointments_doctor",
        "ALTER TABLE appointments DROP CONSTRAINT IF EXISTS ex_appointments_patient",
        "ALTER TABLE appointments DROP CONSTRAINT IF EXISTS ck_appointments_not_longer_than_a_day",
    ),
}


def upgrade() -> None:
    op.create_table(
        "prescription_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_prescription_templates_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_templates")),
    )
    op.create_index("ix_prescription_templates_doctor", "prescription_templates", ["doctor_id", "name"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("time_slot_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot_place", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "CONFIRMED",
                "CHECKED_IN",
                "IN_PROGRESS",
                "COMPLETED",
                "CANCELLED",
                "NO_SHOW",
                name="appointmentstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "type",
            sa.Enum(
                "REGULAR", "WALK_IN", "EMERGENCY", "FOLLOW_UP", name="appointmentkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "booking_source",
            sa.Enum("PHONE", "WALK_IN", "ONLINE", "SYSTEM", name="bookingsource", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("confirmation_sent", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_appointments_ends_after_start")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_appointments_fee_not_negative")),
        sa.CheckConstraint("slot_place >= 1", name=op.f("ck_appointments_place_from_one")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["users.id"], name=op.f("fk_appointments_cancelled_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_appointments_clinic_id")),
        sa.ForeignKeyConstraint(["completed_by"], ["users.id"], name=op.f("fk_appointments_completed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_appointments_confirmed_by")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_appointments_created_by")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_appointments_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_appointments_patient_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_appointments_service_id")),
        sa.ForeignKeyConstraint(["time_slot_id"], ["time_slots.id"], name=op.f("fk_appointments_time_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_appointments_booking_id")),
    )
    op.create_index(op.f("ix_appointments_cancelled_by"), "appointments", ["cancelled_by"], unique=False)
    op.create_index(op.f("ix_appointments_completed_by"), "appointments", ["completed_by"], unique=False)
    op.create_index(op.f("ix_appointments_confirmed_by"), "appointments", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_appointments_created_by"), "appointments", ["created_by"], unique=False)
    op.create_index("ix_appointments_day", "appointments", ["clinic_id", "business_date", "start_time"], unique=False)
    op.create_index("ix_appointments_doctor", "appointments", ["doctor_id", "start_time"], unique=False)
    op.create_index("ix_appointments_patient", "appointments", ["patient_id", "start_time"], unique=False)
    op.create_index(op.f("ix_appointments_service_id"), "appointments", ["service_id"], unique=False)
    op.create_index(op.f("ix_appointments_time_slot_id"), "appointments", ["time_slot_id"], unique=False)
    op.create_index(
        "uq_appointments_place",
        "appointments",
        ["doctor_id", "start_time", "slot_place"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('CANCELLED', 'NO_SHOW')"),
        postgresql_where=sa.text("status NOT IN ('CANCELLED', 'NO_SHOW')"),
    )
    op.create_table(
        "prescription_template_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("medicine_id", sa.Uuid(), nullable=False),
        sa.Column("dose", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "ORAL",
                "SUBLINGUAL",
                "TOPICAL",
                "EYE",
                "EAR",
                "NASAL",
                "INHALED",
                "RECTAL",
                "VAGINAL",
                "IM",
                "IV",
                "SC",
                "OTHER",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequency",
            sa.Enum(
                "OD",
                "BD",
                "TDS",
                "QID",
                "HS",
                "Q4H",
                "Q6H",
                "Q8H",
                "Q12H",
                "ALTERNATE_DAYS",
                "WEEKLY",
                "STAT",
                "PRN",
                name="frequency",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("instructions", sa.Text(), nullable=True),
        sa.Column("substitution_allowed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("duration_days > 0", name=op.f("ck_prescription_template_items_duration_positive")),
        sa.ForeignKeyConstraint(["medicine_id"], ["medicines.id"], name=op.f("fk_prescription_template_items_medicine_id")),
        sa.ForeignKeyConstraint(["template_id"], ["prescription_templates.id"], name=op.f("fk_prescription_template_items_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_template_items")),
        sa.UniqueConstraint("template_id", "position", name=op.f("uq_prescription_template_items_template_id_position")),
    )
    op.create_index(op.f("ix_prescription_template_items_medicine_id"), "prescription_template_items", ["medicine_id"], unique=False)
    op.create_table(
        "appointment_services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("teeth", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_appointment_services_quantity_positive")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_appointment_services_price_not_negative")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_appointment_services_appointment_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_appointment_services_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_services")),
    )
    op.create_index(op.f("ix_appointment_services_appointment_id"), "appointment_services", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_appointment_services_service_id"), "appointment_services", ["service_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "visit_type",
            sa.Enum("SCHEDULED", "WALK_IN", name="visittype", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "SCHEDULED",
                "WAITING",
                "CALLED",
                "IN_PROGRESS",
                "PENDING_PAYMENT",
                "COMPLETED",
                "CANCELLED",
                "LEFT",
                name="visitstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_in_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("visit_type = 'WALK_IN' OR appointment_id IS NOT NULL", name=op.f("ck_visits_scheduled_has_appointment")),
        sa.CheckConstraint("end_time IS NULL OR start_time IS NOT NULL", name=op.f("ck_visits_ended_was_started")),
        sa.CheckConstraint("start_time IS NULL OR end_time IS NULL OR end_time >= start_time", name=op.f("ck_visits_ends_after_start")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_visits_appointment_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_visits_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_visits_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_visits_patient_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_visits_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_day", "visits", ["clinic_id", "business_date", "planned_at", "id"], unique=False)
    op.create_index("ix_visits_doctor_day", "visits", ["doctor_id", "business_date", "status"], unique=False)
    op.create_index(
        "ix_visits_doctor_ended",
        "visits",
        ["doctor_id", "end_time"],
        unique=False,
        sqlite_where=sa.text("end_time IS NOT NULL"),
        postgresql_where=sa.text("end_time IS NOT NULL"),
    )
    op.create_index("ix_visits_patient", "visits", ["patient_id", "business_date", "id"], unique=False)
    op.create_index(op.f("ix_visits_service_id"), "visits", ["service_id"], unique=False)
    op.create_index("ix_visits_status", "visits", ["clinic_id", "business_date", "status"], unique=False)
    op.create_index(
        "uq_visits_appointment",
        "visits",
        ["appointment_id"],
        unique=True,
        sqlite_where=sa.text("appointment_id IS NOT NULL"),
        postgresql_where=sa.text("appointment_id IS NOT NULL"),
    )
    op.create_table(
        "appointment_queue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("RESERVED", "OPEN", "CLOSED", "VOID", name="queuestate", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("EMERGENCY", "ELDERLY", "APPOINTMENT", "NORMAL", name="priority", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_count", sa.Integer(), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estimated_wait_minutes", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("call_count >= 0", name=op.f("ck_appointment_queue_calls_not_negative")),
        sa.CheckConstraint("queue_number >= 1", name=op.f("ck_appointment_queue_number_from_one")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_appointment_queue_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_appointment_queue_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_appointment_queue_patient_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_appointment_queue_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_queue")),
    )
    op.create_index(
        "ix_appointment_queue_announced", "appointment_queue", ["clinic_id", "business_date", "announced_at", "queue_number"], unique=False
    )
    op.create_index(op.f("ix_appointment_queue_doctor_id"), "appointment_queue", ["doctor_id"], unique=False)
    op.create_index(op.f("ix_appointment_queue_patient_id"), "appointment_queue", ["patient_id"], unique=False)
    op.create_index(op.f("ix_appointment_queue_visit_id"), "appointment_queue", ["visit_id"], unique=False)
    op.create_index("uq_appointment_queue_number", "appointment_queue", ["clinic_id", "business_date", "queue_number"], unique=True)
    op.create_index(
        "uq_appointment_queue_open",
        "appointment_queue",
        ["clinic_id", "business_date", "doctor_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_index(
        "uq_appointment_queue_visit",
        "appointment_queue",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'VOID'"),
        postgresql_where=sa.text("state <> 'VOID'"),
    )
    op.create_table(
        "appointment_status_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum("APPOINTMENT", "VISIT", name="logsubject", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("from_status", sa.String(length=24), nullable=True),
        sa.Column("to_status", sa.String(length=24), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_appointment_status_log_appointment_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_appointment_status_log_changed_by")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_appointment_status_log_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_status_log")),
    )
    op.create_index(op.f("ix_appointment_status_log_appointment_id"), "appointment_status_log", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_appointment_status_log_changed_by"), "appointment_status_log", ["changed_by"], unique=False)
    op.create_index("ix_appointment_status_log_visit", "appointment_status_log", ["visit_id", "id"], unique=False)
    op.create_table(
        "consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("complaint", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("treatment", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("follow_up_date", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("DRAFT", "SIGNED", name="consultationstatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("diagnoses_edition", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status <> 'SIGNED' OR signed_at IS NOT NULL", name=op.f("ck_consultations_signed_has_time")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_consultations_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_consultations_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_consultations_patient_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_consultations_signed_by")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_consultations_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_consultations_visit_id")),
    )
    op.create_index("ix_consultations_doctor_day", "consultations", ["doctor_id", "business_date"], unique=False)
    op.create_index("ix_consultations_patient", "consultations", ["patient_id", "business_date"], unique=False)
    op.create_table(
        "prescriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("follow_up_date", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "ACTIVE",
                "PARTIALLY_DISPENSED",
                "DISPENSED",
                "CANCELLED",
                "EXPIRED",
                name="prescriptionstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('DRAFT', 'CANCELLED') OR activated_at IS NOT NULL", name=op.f("ck_prescriptions_active_has_time")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_prescriptions_version_positive")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_prescriptions_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_prescriptions_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_prescriptions_patient_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_prescriptions_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescriptions")),
        sa.UniqueConstraint("number", name=op.f("uq_prescriptions_number")),
    )
    op.create_index("ix_prescriptions_clinic_status", "prescriptions", ["clinic_id", "status", "business_date"], unique=False)
    op.create_index("ix_prescriptions_patient", "prescriptions", ["patient_id", "status"], unique=False)
    op.create_index(op.f("ix_prescriptions_visit_id"), "prescriptions", ["visit_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating_one_to_five")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_reviews_appointment_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_reviews_doctor_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_reviews_patient_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_reviews_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_reviews_appointment_id")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_reviews_visit_id")),
    )
    op.create_index("ix_reviews_doctor", "reviews", ["doctor_id", "id"], unique=False)
    op.create_index(op.f("ix_reviews_patient_id"), "reviews", ["patient_id"], unique=False)
    op.create_table(
        "vital_signs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("temperature", sa.Integer(), nullable=True),
        sa.Column("pulse", sa.Integer(), nullable=True),
        sa.Column("systolic", sa.Integer(), nullable=True),
        sa.Column("diastolic", sa.Integer(), nullable=True),
        sa.Column("spo2", sa.Integer(), nullable=True),
        sa.Column("respiratory_rate", sa.Integer(), nullable=True),
        sa.Column("glucose", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("height IS NULL OR height > 0", name=op.f("ck_vital_signs_height_positive")),
        sa.CheckConstraint("spo2 IS NULL OR spo2 BETWEEN 0 AND 100", name=op.f("ck_vital_signs_spo2_percent")),
        sa.CheckConstraint(
            "systolic IS NULL OR diastolic IS NULL OR systolic > diastolic", name=op.f("ck_vital_signs_systolic_above_diastolic")
        ),
        sa.CheckConstraint("weight IS NULL OR weight > 0", name=op.f("ck_vital_signs_weight_positive")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_vital_signs_patient_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_vital_signs_taken_by")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_vital_signs_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vital_signs")),
    )
    op.create_index("ix_vital_signs_patient", "vital_signs", ["patient_id", "taken_at"], unique=False)
    op.create_index(op.f("ix_vital_signs_visit_id"), "vital_signs", ["visit_id"], unique=False)
    op.create_table(
        "consultation_addenda",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_addenda_consultation_id")),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("fk_consultation_addenda_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_addenda")),
    )
    op.create_index(op.f("ix_consultation_addenda_consultation_id"), "consultation_addenda", ["consultation_id"], unique=False)
    op.create_table(
        "consultation_diagnoses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("code_system", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "certainty",
            sa.Enum("SUSPECTED", "CONFIRMED", "RULED_OUT", name="certainty", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_diagnoses_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_diagnoses")),
    )
    op.create_index(op.f("ix_consultation_diagnoses_consultation_id"), "consultation_diagnoses", ["consultation_id"], unique=False)
    op.create_index(
        "uq_consultation_diagnoses_live",
        "consultation_diagnoses",
        ["consultation_id", "code_system", "code", "text"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "pharmacy_dispensing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DISPENSED", "PARTIALLY_RETURNED", "RETURNED", name="dispensingstatus", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("dispensed_by", sa.Uuid(), nullable=True),
        sa.Column("dispensed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("total >= 0", name=op.f("ck_pharmacy_dispensing_total_not_negative")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_pharmacy_dispensing_clinic_id")),
        sa.ForeignKeyConstraint(["dispensed_by"], ["users.id"], name=op.f("fk_pharmacy_dispensing_dispensed_by")),
        sa.ForeignKeyConstraint(["location_id"], ["stock_locations.id"], name=op.f("fk_pharmacy_dispensing_location_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_pharmacy_dispensing_patient_id")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescriptions.id"], name=op.f("fk_pharmacy_dispensing_prescription_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_pharmacy_dispensing_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacy_dispensing")),
    )
    op.create_index("ix_pharmacy_dispensing_clinic_day", "pharmacy_dispensing", ["clinic_id", "business_date"], unique=False)
    op.create_index("ix_pharmacy_dispensing_patient", "pharmacy_dispensing", ["patient_id", "dispensed_at"], unique=False)
    op.create_index(op.f("ix_pharmacy_dispensing_prescription_id"), "pharmacy_dispensing", ["prescription_id"], unique=False)
    op.create_index(op.f("ix_pharmacy_dispensing_visit_id"), "pharmacy_dispensing", ["visit_id"], unique=False)
    op.create_table(
        "prescription_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("medicine_id", sa.Uuid(), nullable=False),
        sa.Column("dose", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "ORAL",
                "SUBLINGUAL",
                "TOPICAL",
                "EYE",
                "EAR",
                "NASAL",
                "INHALED",
                "RECTAL",
                "VAGINAL",
                "IM",
                "IV",
                "SC",
                "OTHER",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "frequency",
            sa.Enum(
                "OD",
                "BD",
                "TDS",
                "QID",
                "HS",
                "Q4H",
                "Q6H",
                "Q8H",
                "Q12H",
                "ALTERNATE_DAYS",
                "WEEKLY",
                "STAT",
                "PRN",
                name="frequency",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("quantity_dispensed", sa.Integer(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=True),
        sa.Column("substitution_allowed", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("duration_days > 0", name=op.f("ck_prescription_items_duration_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_prescription_items_quantity_positive")),
        sa.CheckConstraint("quantity_dispensed BETWEEN 0 AND quantity", name=op.f("ck_prescription_items_dispensed_within_quantity")),
        sa.ForeignKeyConstraint(["medicine_id"], ["medicines.id"], name=op.f("fk_prescription_items_medicine_id")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescriptions.id"], name=op.f("fk_prescription_items_prescription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_items")),
    )
    op.create_index(op.f("ix_prescription_items_medicine_id"), "prescription_items", ["medicine_id"], unique=False)
    op.create_index(op.f("ix_prescription_items_prescription_id"), "prescription_items", ["prescription_id"], unique=False)
    op.create_index(
        "uq_prescription_items_position",
        "prescription_items",
        ["prescription_id", "position"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "prescription_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_prescription_versions_made_by")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescriptions.id"], name=op.f("fk_prescription_versions_prescription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_versions")),
        sa.UniqueConstraint("prescription_id", "version", name=op.f("uq_prescription_versions_prescription_id_version")),
    )
    op.create_table(
        "pharmacy_dispensing_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispensing_id", sa.Uuid(), nullable=False),
        sa.Column("prescription_item_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("quantity_returned", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("batch_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pharmacy_dispensing_items_quantity_positive")),
        sa.CheckConstraint("quantity_returned BETWEEN 0 AND quantity", name=op.f("ck_pharmacy_dispensing_items_returned_within_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_pharmacy_dispensing_items_unit_price_not_negative")),
        sa.ForeignKeyConstraint(["batch_id"], ["medicine_batches.id"], name=op.f("fk_pharmacy_dispensing_items_batch_id")),
        sa.ForeignKeyConstraint(["dispensing_id"], ["pharmacy_dispensing.id"], name=op.f("fk_pharmacy_dispensing_items_dispensing_id")),
        sa.ForeignKeyConstraint(["item_id"], ["inventory_items.id"], name=op.f("fk_pharmacy_dispensing_items_item_id")),
        sa.ForeignKeyConstraint(
            ["prescription_item_id"], ["prescription_items.id"], name=op.f("fk_pharmacy_dispensing_items_prescription_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacy_dispensing_items")),
    )
    op.create_index(op.f("ix_pharmacy_dispensing_items_batch_id"), "pharmacy_dispensing_items", ["batch_id"], unique=False)
    op.create_index(op.f("ix_pharmacy_dispensing_items_dispensing_id"), "pharmacy_dispensing_items", ["dispensing_id"], unique=False)
    op.create_index(op.f("ix_pharmacy_dispensing_items_item_id"), "pharmacy_dispensing_items", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_pharmacy_dispensing_items_prescription_item_id"), "pharmacy_dispensing_items", ["prescription_item_id"], unique=False
    )
    op.create_table(
        "pharmacy_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispensing_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("returned_by", sa.Uuid(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("refund >= 0", name=op.f("ck_pharmacy_returns_refund_not_negative")),
        sa.ForeignKeyConstraint(["dispensing_id"], ["pharmacy_dispensing.id"], name=op.f("fk_pharmacy_returns_dispensing_id")),
        sa.ForeignKeyConstraint(["returned_by"], ["users.id"], name=op.f("fk_pharmacy_returns_returned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacy_returns")),
    )
    op.create_index(op.f("ix_pharmacy_returns_dispensing_id"), "pharmacy_returns", ["dispensing_id"], unique=False)
    op.create_table(
        "pharmacy_return_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("dispensing_item_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pharmacy_return_items_quantity_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["medicine_batches.id"], name=op.f("fk_pharmacy_return_items_batch_id")),
        sa.ForeignKeyConstraint(
            ["dispensing_item_id"], ["pharmacy_dispensing_items.id"], name=op.f("fk_pharmacy_return_items_dispensing_item_id")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["pharmacy_returns.id"], name=op.f("fk_pharmacy_return_items_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacy_return_items")),
    )
    op.create_index(op.f("ix_pharmacy_return_items_batch_id"), "pharmacy_return_items", ["batch_id"], unique=False)
    op.create_index(op.f("ix_pharmacy_return_items_dispensing_item_id"), "pharmacy_return_items", ["dispensing_item_id"], unique=False)
    op.create_index(op.f("ix_pharmacy_return_items_return_id"), "pharmacy_return_items", ["return_id"], unique=False)
    add_upward_keys(UPWARD_KEYS)
    protect(LEDGERS)
    run(GUARDS[dialect()])


def downgrade() -> None:
    run(DROP_GUARDS[dialect()])
    unprotect(LEDGERS)
    drop_upward_keys(UPWARD_KEYS)
    op.drop_table("pharmacy_return_items")
    op.drop_table("pharmacy_returns")
    op.drop_table("pharmacy_dispensing_items")
    op.drop_table("prescription_versions")
    op.drop_table("prescription_items")
    op.drop_table("pharmacy_dispensing")
    op.drop_table("consultation_diagnoses")
    op.drop_table("consultation_addenda")
    op.drop_table("vital_signs")
    op.drop_table("reviews")
    op.drop_table("prescriptions")
    op.drop_table("consultations")
    op.drop_table("appointment_status_log")
    op.drop_table("appointment_queue")
    op.drop_table("visits")
    op.drop_table("appointment_services")
    op.drop_table("prescription_template_items")
    op.drop_table("appointments")
    op.drop_table("prescription_templates")
