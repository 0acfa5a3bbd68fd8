"""Stock, invoices, payments and settlements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import add_upward_keys, dialect, drop_upward_keys, protect, run, unprotect, upward_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LEDGERS = {
    "credit_note_items": ("id",),
    "credit_notes": ("id",),
    "daily_settlement_lines": ("id",),
    "daily_settlements": ("id",),
    "doctor_settlements": ("id",),
    "payment_allocations": ("id",),
    "payments": ("id",),
    "refunds": ("id",),
    "stock_movements": ("id",),
}
"""Append-only tables and their keys."""

UPWARD_KEYS = (("fk_wallet_transactions_invoice_id", "wallet_transactions", "invoice_id", "invoices"),)
"""References of earlier tables to tables of this revision."""

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER invoices_frozen BEFORE UPDATE ON invoices WHEN OLD.status <> 'DRAFT' AND (NEW.id IS NOT OLD.id OR NEW.number IS NOT OLD.number OR NEW.clinic_id IS NOT OLD.clinic_id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.visit_id IS NOT OLD.visit_id OR NEW.business_date IS NOT OLD.business_date OR NEW.subtotal IS NOT OLD.subtotal OR NEW.discount IS NOT OLD.discount OR NEW.tax IS NOT OLD.tax OR NEW.tax_included IS NOT OLD.tax_included OR NEW.total IS NOT OLD.total OR NEW.due_date IS NOT OLD.due_date OR NEW.issued_at IS NOT OLD.issued_at OR NEW.issued_by IS NOT OLD.issued_by OR NEW.generated_by IS NOT OLD.generated_by OR NEW.created_at IS NOT OLD.created_at OR NEW.status = 'DRAFT' OR OLD.number IS NULL) BEGIN SELECT RAISE(ABORT, 'billing guard invoices_frozen'); END",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard invoices_no_delete'); END",
        "CREATE TRIGGER invoice_items_frozen BEFORE UPDATE ON invoice_items WHEN EXISTS (SELECT 1 FROM invoices i WHERE i.id = OLD.invoice_id AND i.status <> 'DRAFT') OR NEW.invoice_id IS NOT OLD.invoice_id BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_frozen'); END",
        "CREATE TRIGGER invoice_items_no_delete BEFORE DELETE ON invoice_items WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_no_delete'); END",
        "CREATE TRIGGER invoice_items_within_total BEFORE INSERT ON invoice_items WHEN NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = NEW.invoice_id AND i.status <> 'DRAFT' AND i.total < NEW.total + (SELECT COALESCE(SUM(o.total), 0) FROM invoice_items o WHERE o.invoice_id = NEW.invoice_id AND o.removed_at IS NULL)) BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_within_total'); END",
        "CREATE TRIGGER till_sessions_frozen BEFORE UPDATE ON till_sessions WHEN OLD.status = 'CLOSED' BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_frozen'); END",
        "CREATE TRIGGER till_sessions_no_delete BEFORE DELETE ON till_sessions WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_no_delete'); END",
        "CREATE TRIGGER payments_day_open BEFORE INSERT ON payments WHEN EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.payments_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM payments e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard payments_day_open'); END",
        "CREATE TRIGGER refunds_day_open BEFORE INSERT ON refunds WHEN EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.refunds_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM refunds e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard refunds_day_open'); END",
        "CREATE TRIGGER credit_notes_day_open BEFORE INSERT ON credit_notes WHEN EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.credits_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM credit_notes e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard credit_notes_day_open'); END",
        "CREATE TRIGGER invoices_never_replace BEFORE INSERT ON invoices WHEN EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard invoices_never_replace'); END",
        "CREATE TRIGGER invoice_items_never_replace BEFORE INSERT ON invoice_items WHEN EXISTS (SELECT 1 FROM invoice_items WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_never_replace'); END",
        "CREATE TRIGGER till_sessions_never_replace BEFORE INSERT ON till_sessions WHEN EXISTS (SELECT 1 FROM till_sessions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_never_replace'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_invoices_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.status <> 'DRAFT' AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.clinic_id IS DISTINCT FROM OLD.clinic_id OR NEW.patient_id IS DISTINCT FROM OLD.patient_id OR NEW.visit_id IS DISTINCT FROM OLD.visit_id OR NEW.business_date IS DISTINCT FROM OLD.business_date OR NEW.subtotal IS DISTINCT FROM OLD.subtotal OR NEW.discount IS DISTINCT FROM OLD.discount OR NEW.tax IS DISTINCT FROM OLD.tax OR NEW.tax_included IS DISTINCT FROM OLD.tax_included OR NEW.total IS DISTINCT FROM OLD.total OR NEW.due_date IS DISTINCT FROM OLD.due_date OR NEW.issued_at IS DISTINCT FROM OLD.issued_at OR NEW.issued_by IS DISTINCT FROM OLD.issued_by OR NEW.generated_by IS DISTINCT FROM OLD.generated_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.status = 'DRAFT' OR OLD.number IS NULL) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoices_frozen BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_invoices_frozen()",
        "ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_frozen",
        "CREATE FUNCTION refuse_invoices_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_invoices_no_delete()",
        "ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_no_delete",
        "CREATE FUNCTION refuse_invoice_items_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM invoices i WHERE i.id = OLD.invoice_id AND i.status <> 'DRAFT') OR NEW.invoice_id IS DISTINCT FROM OLD.invoice_id THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoice_items_frozen BEFORE UPDATE ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_frozen()",
        "ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_frozen",
        "CREATE FUNCTION refuse_invoice_items_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoice_items_no_delete BEFORE DELETE ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_no_delete()",
        "ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_no_delete",
        "CREATE FUNCTION refuse_invoice_items_within_total() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = NEW.invoice_id AND i.status <> 'DRAFT' AND i.total < NEW.total + (SELECT COALESCE(SUM(o.total), 0) FROM invoice_items o WHERE o.invoice_id = NEW.invoice_id AND o.removed_at IS NULL)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoice_items_within_total BEFORE INSERT ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_within_total()",
        "ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_within_total",
        "CREATE FUNCTION refuse_till_sessions_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.status = 'CLOSED' THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER till_sessions_frozen BEFORE UPDATE ON till_sessions FOR EACH ROW EXECUTE FUNCTION refuse_till_sessions_frozen()",
        "ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_frozen",
        "CREATE FUNCTION refuse_till_sessions_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER till_sessions_no_delete BEFORE DELETE ON till_sessions FOR EACH ROW EXECUTE FUNCTION refuse_till_sessions_no_delete()",
        "ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_no_delete",
        "CREATE FUNCTION refuse_payments_day_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.payments_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM payments e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER payments_day_open BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION refuse_payments_day_open()",
        "ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_day_open",
        "CREATE FUNCTION refuse_refunds_day_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.refunds_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM refunds e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER refunds_day_open BEFORE INSERT ON refunds FOR EACH ROW EXECUTE FUNCTION refuse_refunds_day_open()",
        "ALTER TABLE refunds ENABLE ALWAYS TRIGGER refunds_day_open",
        "CREATE FUNCTION refuse_credit_notes_day_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.credits_total < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM credit_notes e WHERE e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER credit_notes_day_open BEFORE INSERT ON credit_notes FOR EACH ROW EXECUTE FUNCTION refuse_credit_notes_day_open()",
        "ALTER TABLE credit_notes ENABLE ALWAYS TRIGGER credit_notes_day_open",
        "CREATE FUNCTION refuse_billing_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER invoices_never_truncate BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate()",
        "ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_never_truncate",
        "CREATE TRIGGER invoice_items_never_truncate BEFORE TRUNCATE ON invoice_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate()",
        "ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_never_truncate",
        "CREATE TRIGGER till_sessions_never_truncate BEFORE TRUNCATE ON till_sessions FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate()",
        "ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_never_truncate",
    ),
}
"""What the database itself holds true, an engine each."""

DROP_GUARDS = {
    "sqlite": (
        "DROP TRIGGER invoices_frozen",
        "DROP TRIGGER invoices_no_delete",
        "DROP TRIGGER invoice_items_frozen",
        "DROP TRIGGER invoice_items_no_delete",
        "DROP TRIGGER invoice_items_within_total",
        "DROP TRIGGER till_sessions_frozen",
        "DROP TRIGGER till_sessions_no_delete",
        "DROP TRIGGER payments_day_open",
        "DROP TRIGGER refunds_day_open",
        "DROP TRIGGER credit_notes_day_open",
        "DROP TRIGGER invoices_never_replace",
        "DROP TRIGGER invoice_items_never_replace",
        "DROP TRIGGER till_sessions_never_replace",
    ),
    "postgresql": (
        "DROP TRIGGER invoices_frozen ON invoices",
        "DROP TRIGGER invoices_no_delete ON invoices",
        "DROP TRIGGER invoice_items_frozen ON invoice_items",
        "DROP TRIGGER invoice_items_no_delete ON invoice_items",
        "DROP TRIGGER invoice_items_within_total ON invoice_items",
        "DROP TRIGGER till_sessions_frozen ON till_sessions",
        "DROP TRIGGER till_sessions_no_delete ON till_sessions",
        "DROP TRIGGER payments_day_open ON payments",
        "DROP TRIGGER refunds_day_open ON refunds",
        "DROP TRIGGER credit_notes_day_open ON credit_notes",
        "DROP TRIGGER invoices_never_truncate ON invoices",
        "DROP TRIGGER invoice_items_never_truncate ON invoice_items",
        "DROP TRIGGER till_sessions_never_truncate ON till_sessions",
        "DROP FUNCTION refuse_invoices_frozen()",
        "DROP FUNCTION refuse_invoices_no_delete()",
        "DROP FUNCTION refuse_invoice_items_frozen()",
        "DROP FUNCTION refuse_invoice_items_no_delete()",
        "DROP FUNCTION refuse_invoice_items_within_total()",
        "DROP FUNCTION refuse_till_sessions_frozen()",
        "DROP FUNCTION refuse_till_sessions_no_delete()",
        "DROP FUNCTION refuse_payments_day_open()",
        "DROP FUNCTION refuse_refunds_day_open()",
        "DROP FUNCTION refuse_credit_notes_day_open()",
        "DROP FUNCTION refuse_billing_truncate()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("tax_number", sa.Text(), nullable=True),
        sa.Column("payment_terms", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("name", name=op.f("uq_suppliers_name")),
    )
    op.create_table(
        "daily_settlements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("payments_total", sa.BigInteger(), nullable=False),
        sa.Column("refunds_total", sa.BigInteger(), nullable=False),
        sa.Column("net_total", sa.BigInteger(), nullable=False),
        sa.Column("credits_total", sa.BigInteger(), nullable=False),
        sa.Column("till_count", sa.Integer(), nullable=False),
        sa.Column("till_difference", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("signed_off_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("net_total = payments_total - refunds_total", name=op.f("ck_daily_settlements_net_adds_up")),
        sa.CheckConstraint(
            "payments_total >= 0 AND refunds_total >= 0 AND credits_total >= 0", name=op.f("ck_daily_settlements_totals_not_negative")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_daily_settlements_clinic_id")),
        sa.ForeignKeyConstraint(["signed_off_by"], ["users.id"], name=op.f("fk_daily_settlements_signed_off_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_settlements")),
        sa.UniqueConstraint("clinic_id", "business_date", name=op.f("uq_daily_settlements_clinic_id_business_date")),
    )
    op.create_table(
        "inventory_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("MEDICINE", "OPTICAL", "CONSUMABLE", "OTHER", name="itemkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("pack_size", sa.Integer(), nullable=False),
        sa.Column("min_stock", sa.Integer(), nullable=False),
        sa.Column("max_stock", sa.Integer(), nullable=True),
        sa.Column("reorder_quantity", sa.Integer(), nullable=True),
        sa.Column("storage_location", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("tax_configuration_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_inventory_items_cost_not_negative")),
        sa.CheckConstraint("max_stock IS NULL OR min_stock <= max_stock", name=op.f("ck_inventory_items_min_not_above_max")),
        sa.CheckConstraint("min_stock >= 0", name=op.f("ck_inventory_items_min_stock_not_negative")),
        sa.CheckConstraint("pack_size >= 1", name=op.f("ck_inventory_items_pack_size_positive")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_inventory_items_price_not_negative")),
        sa.CheckConstraint("reorder_quantity IS NULL OR reorder_quantity > 0", name=op.f("ck_inventory_items_reorder_quantity_positive")),
        sa.ForeignKeyConstraint(["tax_configuration_id"], ["tax_configurations.id"], name=op.f("fk_inventory_items_tax_configuration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_items")),
        sa.UniqueConstraint("barcode", name=op.f("uq_inventory_items_barcode")),
        sa.UniqueConstraint("code", name=op.f("uq_inventory_items_code")),
    )
    op.create_index("ix_inventory_items_active_name", "inventory_items", ["is_active", "kind", "name"], unique=False)
    op.create_index(op.f("ix_inventory_items_tax_configuration_id"), "inventory_items", ["tax_configuration_id"], unique=False)
    op.create_table(
        "stock_locations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_stock_locations_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_locations")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("uq_stock_locations_clinic_id_name")),
    )
    op.create_table(
        "daily_settlement_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "CASH",
                "CARD",
                "UPI",
                "BANK_TRANSFER",
                "WALLET",
                "INSURANCE",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("cashier_id", sa.Uuid(), nullable=False),
        sa.Column("payment_count", sa.Integer(), nullable=False),
        sa.Column("payments_total", sa.BigInteger(), nullable=False),
        sa.Column("refund_count", sa.Integer(), nullable=False),
        sa.Column("refunds_total", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_daily_settlement_lines_cashier_id")),
        sa.ForeignKeyConstraint(["settlement_id"], ["daily_settlements.id"], name=op.f("fk_daily_settlement_lines_settlement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_settlement_lines")),
        sa.UniqueConstraint(
            "settlement_id", "method", "cashier_id", name=op.f("uq_daily_settlement_lines_settlement_id_method_cashier_id")
        ),
    )
    op.create_table(
        "doctor_settlements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.Column("adjustment", sa.BigInteger(), nullable=False),
        sa.Column("adjustment_reason", sa.Text(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("adjustment = 0 OR adjustment_reason IS NOT NULL", name=op.f("ck_doctor_settlements_adjustment_has_reason")),
        sa.CheckConstraint("paid = earned + adjustment", name=op.f("ck_doctor_settlements_paid_adds_up")),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_doctor_settlements_period_in_order")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_doctor_settlements_clinic_id")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_doctor_settlements_doctor_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_doctor_settlements_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctor_settlements")),
        sa.UniqueConstraint("doctor_id", "clinic_id", "period_to", name=op.f("uq_doctor_settlements_doctor_id_clinic_id_period_to")),
    )
    op.create_table(
        "medicine_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("batch_number", sa.Text(), nullable=False),
        sa.Column("expiry", sa.Date(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum("RECEIVED", "RETURNED", name="batchorigin", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("quantity_on_hand", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("OK", "QUARANTINE", "RECALLED", "EXPIRED", name="batchstatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("movement_count", sa.Integer(), nullable=False),
        sa.Column("last_moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_medicine_batches_cost_not_negative")),
        sa.CheckConstraint("movement_count >= 0", name=op.f("ck_medicine_batches_movement_count_not_negative")),
        sa.CheckConstraint("price IS NULL OR price >= 0", name=op.f("ck_medicine_batches_price_not_negative")),
        sa.CheckConstraint("quantity_on_hand >= 0", name=op.f("ck_medicine_batches_quantity_on_hand_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["inventory_items.id"], name=op.f("fk_medicine_batches_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["stock_locations.id"], name=op.f("fk_medicine_batches_location_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_medicine_batches_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine_batches")),
    )
    op.create_index("ix_medicine_batches_batch_number", "medicine_batches", ["batch_number"], unique=False)
    op.create_index("ix_medicine_batches_location_expiry", "medicine_batches", ["location_id", "expiry"], unique=False)
    op.create_index(
        "ix_medicine_batches_pickable",
        "medicine_batches",
        ["item_id", "location_id", "expiry"],
        unique=False,
        sqlite_where=sa.text("quantity_on_hand > 0"),
        postgresql_where=sa.text("quantity_on_hand > 0"),
    )
    op.create_index(op.f("ix_medicine_batches_supplier_id"), "medicine_batches", ["supplier_id"], unique=False)
    op.create_index(
        "uq_medicine_batches_dated",
        "medicine_batches",
        ["item_id", "location_id", "batch_number", "expiry", "origin"],
        unique=True,
        sqlite_where=sa.text("expiry IS NOT NULL"),
        postgresql_where=sa.text("expiry IS NOT NULL"),
    )
    op.create_index(
        "uq_medicine_batches_undated",
        "medicine_batches",
        ["item_id", "location_id", "batch_number", "origin"],
        unique=True,
        sqlite_where=sa.text("expiry IS NULL"),
        postgresql_where=sa.text("expiry IS NULL"),
    )
    op.create_table(
        "medicines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("generic_name", sa.Text(), nullable=True),
        sa.Column("strength", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("manufacturer", sa.Text(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("is_controlled", sa.Boolean(), nullable=False),
        sa.Column("ingredients", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["inventory_items.id"], name=op.f("fk_medicines_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicines")),
        sa.UniqueConstraint("item_id", name=op.f("uq_medicines_item_id")),
    )
    op.create_table(
        "stock_adjustments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("PENDING", "POSTED", "REJECTED", name="adjustmentstatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status <> 'POSTED' OR posted_at IS NOT NULL", name=op.f("ck_stock_adjustments_posted_has_time")),
        sa.CheckConstraint(
            "approved_by IS NULL OR requested_by IS NULL OR approved_by <> requested_by", name=op.f("ck_stock_adjustments_two_persons")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_stock_adjustments_value_not_negative")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_stock_adjustments_approved_by")),
        sa.ForeignKeyConstraint(["location_id"], ["stock_locations.id"], name=op.f("fk_stock_adjustments_location_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_stock_adjustments_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_adjustments")),
    )
    op.create_index("ix_stock_adjustments_location_status", "stock_adjustments", ["location_id", "status"], unique=False)
    op.create_table(
        "till_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("cashier_id", sa.Uuid(), nullable=False),
        sa.Column("workstation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status", sa.Enum("OPEN", "CLOSED", name="tillstatus", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opening_float", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("count_sheet", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'OPEN' OR (closed_at IS NULL AND counted IS NULL)", name=op.f("ck_till_sessions_open_is_not_counted")
        ),
        sa.CheckConstraint(
            "status = 'OPEN' OR (closed_at IS NOT NULL AND counted IS NOT NULL AND expected IS NOT NULL)",
            name=op.f("ck_till_sessions_closed_is_counted"),
        ),
        sa.CheckConstraint("counted IS NULL OR difference = counted - expected", name=op.f("ck_till_sessions_difference_adds_up")),
        sa.CheckConstraint("opening_float >= 0", name=op.f("ck_till_sessions_float_not_negative")),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_till_sessions_cashier_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_till_sessions_clinic_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_till_sessions_closed_by")),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstations.id"], name=op.f("fk_till_sessions_workstation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_sessions")),
    )
    op.create_index("ix_till_sessions_cashier", "till_sessions", ["cashier_id", "status"], unique=False)
    op.create_index("ix_till_sessions_day", "till_sessions", ["clinic_id", "business_date", "status"], unique=False)
    op.create_index(
        "uq_till_sessions_open",
        "till_sessions",
        ["cashier_id"],
        unique=True,
        sqlite_where=sa.text("status = 'OPEN'"),
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("tender_index", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "CASH",
                "CARD",
                "UPI",
                "BANK_TRANSFER",
                "WALLET",
                "INSURANCE",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tendered", sa.BigInteger(), nullable=False),
        sa.Column("change_given", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("PENDING", "COMPLETED", "FAILED", name="paymentstatus", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("till_session_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("change_given = 0 OR method = 'CASH'", name=op.f("ck_payments_change_only_in_cash")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.CheckConstraint("tender_index >= 0", name=op.f("ck_payments_tender_index_not_negative")),
        sa.CheckConstraint("tendered = amount + change_given AND change_given >= 0", name=op.f("ck_payments_change_adds_up")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_payments_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_payments_patient_id")),
        sa.ForeignKeyConstraint(["received_by"], ["users.id"], name=op.f("fk_payments_received_by")),
        sa.ForeignKeyConstraint(["till_session_id"], ["till_sessions.id"], name=op.f("fk_payments_till_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("receipt_number", "tender_index", name=op.f("uq_payments_receipt_number_tender_index")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_payments_transaction_id")),
    )
    op.create_index("ix_payments_day", "payments", ["clinic_id", "business_date", "method"], unique=False)
    op.create_index("ix_payments_patient", "payments", ["patient_id", "business_date"], unique=False)
    op.create_index(op.f("ix_payments_till_session_id"), "payments", ["till_session_id"], unique=False)
    op.create_table(
        "stock_adjustment_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("adjustment_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_adjustment_lines_quantity_not_zero")),
        sa.ForeignKeyConstraint(["adjustment_id"], ["stock_adjustments.id"], name=op.f("fk_stock_adjustment_lines_adjustment_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["medicine_batches.id"], name=op.f("fk_stock_adjustment_lines_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_adjustment_lines")),
        sa.UniqueConstraint("adjustment_id", "batch_id", name=op.f("uq_stock_adjustment_lines_adjustment_id_batch_id")),
    )
    op.create_index(op.f("ix_stock_adjustment_lines_batch_id"), "stock_adjustment_lines", ["batch_id"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "RECEIPT",
                "DISPENSE",
                "RETURN",
                "ADJUSTMENT",
                "TRANSFER_IN",
                "TRANSFER_OUT",
                "CONSUMPTION",
                "EXPIRED",
                "DAMAGED",
                "COUNT",
                name="movementkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("previous_stock", sa.Integer(), nullable=False),
        sa.Column("new_stock", sa.Integer(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reference_type", sa.Text(), nullable=True),
        sa.Column("reference_id", sa.Uuid(), nullable=True),
        sa.Column("moved_by", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("entry_number > 1 OR previous_stock = 0", name=op.f("ck_stock_movements_starts_empty")),
        sa.CheckConstraint("entry_number >= 1", name=op.f("ck_stock_movements_entry_number_positive")),
        sa.CheckConstraint("new_stock >= 0", name=op.f("ck_stock_movements_new_stock_not_negative")),
        sa.CheckConstraint("previous_stock + quantity = new_stock", name=op.f("ck_stock_movements_stock_adds_up")),
        sa.CheckConstraint("previous_stock >= 0", name=op.f("ck_stock_movements_previous_stock_not_negative")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_movements_quantity_not_zero")),
        sa.ForeignKeyConstraint(["batch_id"], ["medicine_batches.id"], name=op.f("fk_stock_movements_batch_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["users.id"], name=op.f("fk_stock_movements_moved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sa.UniqueConstraint("batch_id", "entry_number", name=op.f("uq_stock_movements_batch_id_entry_number")),
    )
    op.create_index("ix_stock_movements_moved_at", "stock_movements", ["moved_at"], unique=False)
    op.create_index("ix_stock_movements_reference", "stock_movements", ["reference_type", "reference_id"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PENDING",
                "PARTIAL",
                "PAID",
                "OVERDUE",
                "CANCELLED",
                name="invoicestatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("tax_included", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("generated_by", sa.Uuid(), nullable=True),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number IS NOT NULL OR status IN ('DRAFT', 'CANCELLED')", name=op.f("ck_invoices_issued_has_number")),
        sa.CheckConstraint("status <> 'DRAFT' OR number IS NULL", name=op.f("ck_invoices_draft_has_no_number")),
        sa.CheckConstraint("status <> 'PAID' OR balance = 0", name=op.f("ck_invoices_paid_owes_nothing")),
        sa.CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name=op.f("ck_invoices_number_when_issued")),
        sa.CheckConstraint("number IS NOT NULL OR (paid = 0 AND credited = 0)", name=op.f("ck_invoices_draft_has_no_money")),
        sa.CheckConstraint("paid + credited + balance = total", name=op.f("ck_invoices_balance_adds_up")),
        sa.CheckConstraint("paid >= 0 AND credited >= 0 AND balance >= 0", name=op.f("ck_invoices_money_not_negative")),
        sa.CheckConstraint("subtotal >= 0 AND discount >= 0 AND total >= 0", name=op.f("ck_invoices_amounts_not_negative")),
        sa.CheckConstraint("tax_included >= 0 AND tax_included <= tax", name=op.f("ck_invoices_tax_included_within_tax")),
        sa.CheckConstraint("total = subtotal - discount + tax - tax_included", name=op.f("ck_invoices_total_adds_up")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_invoices_clinic_id")),
        sa.ForeignKeyConstraint(["generated_by"], ["users.id"], name=op.f("fk_invoices_generated_by")),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_invoices_issued_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_invoices_patient_id")),
        *upward_key(["visit_id"], ["visits.id"], name="fk_invoices_visit_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    op.create_index("ix_invoices_day", "invoices", ["clinic_id", "business_date", "status"], unique=False)
    op.create_index("ix_invoices_due", "invoices", ["clinic_id", "status", "due_date"], unique=False)
    op.create_index("ix_invoices_patient", "invoices", ["patient_id", "status", "business_date"], unique=False)
    op.create_index(op.f("ix_invoices_visit_id"), "invoices", ["visit_id"], unique=False)
    op.create_index(
        "uq_invoices_visit_draft",
        "invoices",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("status = 'DRAFT'"),
        postgresql_where=sa.text("status = 'DRAFT'"),
    )
    op.create_table(
        "credit_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount = net + tax", name=op.f("ck_credit_notes_amount_adds_up")),
        sa.CheckConstraint("amount > 0 AND net >= 0 AND tax >= 0", name=op.f("ck_credit_notes_amount_positive")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_credit_notes_approved_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_credit_notes_clinic_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_credit_notes_invoice_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_credit_notes_issued_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_credit_notes_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_notes_number")),
    )
    op.create_index("ix_credit_notes_day", "credit_notes", ["clinic_id", "business_date"], unique=False)
    op.create_index(op.f("ix_credit_notes_invoice_id"), "credit_notes", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_credit_notes_patient_id"), "credit_notes", ["patient_id"], unique=False)
    op.create_table(
        "invoice_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "CONSULTATION",
                "SERVICE",
                "MEDICINE",
                "LAB",
                "OPTICAL",
                "REPAIR",
                "OTHER",
                name="linekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("teeth", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax_configuration_id", sa.Uuid(), nullable=True),
        sa.Column("tax_name", sa.Text(), nullable=True),
        sa.Column("tax_rate_basis_points", sa.Integer(), nullable=False),
        sa.Column("tax_is_inclusive", sa.Boolean(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("doctor_id", sa.Uuid(), nullable=True),
        sa.Column("doctor_share_basis_points", sa.Integer(), nullable=False),
        sa.Column("doctor_share", sa.BigInteger(), nullable=False),
        sa.Column("center_share", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removal_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("discount >= 0 AND discount <= quantity * unit_price", name=op.f("ck_invoice_items_discount_within_price")),
        sa.CheckConstraint("doctor_id IS NOT NULL OR doctor_share = 0", name=op.f("ck_invoice_items_share_has_doctor")),
        sa.CheckConstraint(
            "doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0", name=op.f("ck_invoice_items_shares_add_up")
        ),
        sa.CheckConstraint("doctor_share_basis_points BETWEEN 0 AND 10000", name=op.f("ck_invoice_items_doctor_rate_within_bounds")),
        sa.CheckConstraint(
            "quantity * unit_price - discount = net + CASE WHEN tax_is_inclusive THEN tax ELSE 0 END",
            name=op.f("ck_invoice_items_net_adds_up"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_items_quantity_positive")),
        sa.CheckConstraint("tax_rate_basis_points BETWEEN 0 AND 10000", name=op.f("ck_invoice_items_tax_rate_within_bounds")),
        sa.CheckConstraint("total = net + tax", name=op.f("ck_invoice_items_total_adds_up")),
        sa.CheckConstraint("unit_price >= 0 AND net >= 0 AND tax >= 0", name=op.f("ck_invoice_items_amounts_not_negative")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_invoice_items_doctor_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_items_invoice_id")),
        sa.ForeignKeyConstraint(["tax_configuration_id"], ["tax_configurations.id"], name=op.f("fk_invoice_items_tax_configuration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_items")),
    )
    op.create_index("ix_invoice_items_doctor", "invoice_items", ["doctor_id", "invoice_id"], unique=False)
    op.create_index(op.f("ix_invoice_items_invoice_id"), "invoice_items", ["invoice_id"], unique=False)
    op.create_index("ix_invoice_items_source", "invoice_items", ["source_type", "source_id"], unique=False)
    op.create_table(
        "payment_allocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_allocations_amount_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_payment_allocations_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_allocations_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_allocations")),
        sa.UniqueConstraint("payment_id", "invoice_id", name=op.f("uq_payment_allocations_payment_id_invoice_id")),
    )
    op.create_index(op.f("ix_payment_allocations_invoice_id"), "payment_allocations", ["invoice_id"], unique=False)
    op.create_table(
        "credit_note_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credit_note_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_item_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("doctor_share", sa.BigInteger(), nullable=False),
        sa.Column("center_share", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount = net + tax", name=op.f("ck_credit_note_items_amount_adds_up")),
        sa.CheckConstraint("amount > 0 AND net >= 0 AND tax >= 0", name=op.f("ck_credit_note_items_amount_positive")),
        sa.CheckConstraint(
            "doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0", name=op.f("ck_credit_note_items_shares_add_up")
        ),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_notes.id"], name=op.f("fk_credit_note_items_credit_note_id")),
        sa.ForeignKeyConstraint(["invoice_item_id"], ["invoice_items.id"], name=op.f("fk_credit_note_items_invoice_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note_items")),
    )
    op.create_index(op.f("ix_credit_note_items_credit_note_id"), "credit_note_items", ["credit_note_id"], unique=False)
    op.create_index(op.f("ix_credit_note_items_invoice_item_id"), "credit_note_items", ["invoice_item_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "CASH",
                "CARD",
                "UPI",
                "BANK_TRANSFER",
                "WALLET",
                "INSURANCE",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("till_session_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("refunded_by", sa.Uuid(), nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> refunded_by", name=op.f("ck_refunds_second_person")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_refunds_approved_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_refunds_clinic_id")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_notes.id"], name=op.f("fk_refunds_credit_note_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_refunds_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.ForeignKeyConstraint(["refunded_by"], ["users.id"], name=op.f("fk_refunds_refunded_by")),
        sa.ForeignKeyConstraint(["till_session_id"], ["till_sessions.id"], name=op.f("fk_refunds_till_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("number", name=op.f("uq_refunds_number")),
    )
    op.create_index(op.f("ix_refunds_credit_note_id"), "refunds", ["credit_note_id"], unique=False)
    op.create_index("ix_refunds_day", "refunds", ["clinic_id", "business_date", "method"], unique=False)
    op.create_index(op.f("ix_refunds_invoice_id"), "refunds", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index(op.f("ix_refunds_till_session_id"), "refunds", ["till_session_id"], unique=False)
    add_upward_keys(UPWARD_KEYS)
    protect(LEDGERS)
    run(GUARDS[dialect()])


def downgrade() -> None:
    run(DROP_GUARDS[dialect()])
    unprotect(LEDGERS)
    drop_upward_keys(UPWARD_KEYS)
    op.drop_table("refunds")
    op.drop_table("credit_note_items")
    op.drop_table("payment_allocations")
    op.drop_table("invoice_items")
    op.drop_table("credit_notes")
    op.drop_table("invoices")
    op.drop_table("stock_movements")
    op.drop_table("stock_adjustment_lines")
    op.drop_table("payments")
    op.drop_table("till_sessions")
    op.drop_table("stock_adjustments")
    op.drop_table("medicines")
    op.drop_table("medicine_batches")
    op.drop_table("doctor_settlements")
    op.drop_table("daily_settlement_lines")
    op.drop_table("stock_locations")
    op.drop_table("inventory_items")
    op.drop_table("daily_settlements")
    op.drop_table("suppliers")
