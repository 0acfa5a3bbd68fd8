"""Sync: sites, what a person has to decide after a merge, and the rules that sites which cannot see each other may both follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, free_value, protect, reword, run, unprotect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HELD = "status NOT IN ('CANCELLED', 'NO_SHOW')"
OPEN = "status = 'OPEN'"
LEDGERS = {"wallet_transactions": ("id",)}

CHECKS = (
    ("invoices", "money_not_negative", "paid >= 0 AND credited >= 0 AND balance >= 0", "paid >= 0 AND credited >= 0"),
    ("invoices", "paid_owes_nothing", "status <> 'PAID' OR balance = 0", "status <> 'PAID' OR balance <= 0"),
)
"""Table, name, and what it said and says."""
DISPENSED = (
    ("dispensed_within_quantity", "quantity_dispensed BETWEEN 0 AND quantity"),
    ("dispensed_not_negative", "quantity_dispensed >= 0"),
)
VALUES = (
    ("time_slots", "uq_time_slots_doctor_id_slot_date_start_time", "doctor_id, slot_date, start_time"),
    ("payments", "uq_payments_transaction_id", "transaction_id"),
)
"""What was unique by itself and is now within a clinic."""
WITHIN_CLINIC = (
    ("time_slots", "uq_time_slots_start", ["clinic_id", "doctor_id", "slot_date", "start_time"]),
    ("payments", "uq_payments_transaction_id", ["clinic_id", "transaction_id"]),
)


def upgrade() -> None:
    _sites()
    _conflicts()
    for table, name, before, after in CHECKS:
        _check(table, (name, before), (name, after))
    _check("prescription_items", *DISPENSED)
    _nullable_seed(is_nullable=True)
    for table, name, _ in VALUES:
        if dialect() == "sqlite":
            free_value(table, name)
        else:
            op.drop_constraint(name, table, type_="unique")
    for table, name, columns in WITHIN_CLINIC:
        op.create_index(name, table, columns, unique=True)
    _appointments(per_clinic=True)
    _tills(["cashier_id", "clinic_id"])
    _wallets(per_clinic=True)


def downgrade() -> None:
    _wallets(per_clinic=False)
    _tills(["cashier_id"])
    _appointments(per_clinic=False)
    for table, name, _ in WITHIN_CLINIC:
        op.drop_index(name, table)
    for table, name, columns in VALUES:
        if dialect() == "sqlite":
            run([f"CREATE UNIQUE INDEX {name} ON {table} ({columns})"])
        else:
            op.create_unique_constraint(name, table, columns.split(", "))
    _nullable_seed(is_nullable=False)
    _check("prescription_items", *reversed(DISPENSED))
    for table, name, before, after in reversed(CHECKS):
        _check(table, (name, after), (name, before))
    op.drop_table("sync_conflicts")
    op.drop_index(op.f("ix_clinics_site_id"), "clinics")
    run(["ALTER TABLE clinics DROP COLUMN site_id"])
    op.drop_table("sites")


def _record_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _sites() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keeps_shared_data", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_record_columns(),
        sa.CheckConstraint("length(code) BETWEEN 2 AND 5 AND code = upper(code)", name=op.f("ck_sites_code_is_short_capital")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("code", name=op.f("uq_sites_code")),
    )
    # Not batch mode, which would drop triggers: both engines take a column together with its reference.
    kind = "UUID" if dialect() == "postgresql" else "CHAR(32)"
    run([f"ALTER TABLE clinics ADD COLUMN site_id {kind} CONSTRAINT fk_clinics_site_id REFERENCES sites (id)"])
    op.create_index(op.f("ix_clinics_site_id"), "clinics", ["site_id"], unique=False)


def _conflicts() -> None:
    op.create_table(
        "sync_conflicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            _choice("conflictkind", "FIELD", "DELETED", "DOUBLE_BOOKING", "OVERPAID", "OVERDISPENSED", "CLASH", "MERGE_CYCLE"),
            nullable=False,
        ),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("kept_value", sa.Text(), nullable=True),
        sa.Column("kept_by", sa.Text(), nullable=True),
        sa.Column("kept_site_id", sa.Uuid(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("other_value", sa.Text(), nullable=True),
        sa.Column("other_by", sa.Text(), nullable=True),
        sa.Column("other_site_id", sa.Uuid(), nullable=True),
        sa.Column("other_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_site_id", sa.Uuid(), nullable=True),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", _choice("conflictstatus", "OPEN", "DECIDED"), nullable=False),
        sa.Column("decision", _choice("decision", "KEPT", "OTHER", "DONE"), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint(
            "(status = 'DECIDED') = (decision IS NOT NULL) AND (status = 'DECIDED') = (decided_at IS NOT NULL)",
            name=op.f("ck_sync_conflicts_decided_when_decided"),
        ),
        sa.CheckConstraint("kind <> 'FIELD' OR field IS NOT NULL", name=op.f("ck_sync_conflicts_field_named")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_sync_conflicts_decided_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_sync_conflicts_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflicts")),
    )
    op.create_index("ix_sync_conflicts_open", "sync_conflicts", ["status", "detected_at"], unique=False)
    op.create_index("ix_sync_conflicts_entity", "sync_conflicts", ["entity_type", "entity_id"], unique=False)
    op.create_index(op.f("ix_sync_conflicts_patient_id"), "sync_conflicts", ["patient_id"], unique=False)
    op.create_index(op.f("ix_sync_conflicts_decided_by"), "sync_conflicts", ["decided_by"], unique=False)


def _check(table: str, before: tuple[str, str], after: tuple[str, str]) -> None:
    """Replace one CHECK by another; names without their prefix."""
    if dialect() == "sqlite":
        spelt = [f"CONSTRAINT ck_{table}_{name} CHECK ({said})" for name, said in (before, after)]
        reword(table, (spelt[0], spelt[1]))
        return
    op.drop_constraint(op.f(f"ck_{table}_{before[0]}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{after[0]}"), table, sa.text(after[1]))


def _nullable_seed(*, is_nullable: bool) -> None:
    words = ("seed BLOB NOT NULL", "seed BLOB")
    if dialect() == "sqlite":
        reword("card_signing_keys", (words[0], words[1]) if is_nullable else (words[1], words[0]))
    else:
        op.alter_column("card_signing_keys", "seed", nullable=is_nullable)


def _appointments(*, per_clinic: bool) -> None:
    """One appointment at a time: of a doctor's place and of a patient, within a clinic or anywhere."""
    op.drop_index("uq_appointments_place", "appointments")
    clinic = ["clinic_id"] if per_clinic else []
    place = [*clinic, "doctor_id", "start_time", "slot_place"]
    held = sa.text(HELD)
    op.create_index("uq_appointments_place", "appointments", place, unique=True, sqlite_where=held, postgresql_where=held)
    if dialect() == "postgresql":
        for name in ("ex_appointments_doctor", "ex_appointments_patient"):
            run([f"ALTER TABLE appointments DROP CONSTRAINT {name}"])
        same = {"doctor": ["doctor_id", "slot_place"], "patient": ["patient_id"]}
        for who, columns in same.items():
            equal = ", ".join(f"{column} WITH =" for column in [*clinic, *columns])
            times = "tstzrange(start_time, end_time) WITH &&"
            run([f"ALTER TABLE appointments ADD CONSTRAINT ex_appointments_{who} EXCLUDE USING gist ({equal}, {times}) WHERE ({HELD})"])
        return
    moments = {
        "trg_appointments_overlap_insert": "BEFORE INSERT ON appointments",
        "trg_appointments_overlap_update": f"BEFORE UPDATE OF {', '.join(clinic)}{', ' if clinic else ''}doctor_id, patient_id, slot_place, "
        "start_time, end_time, status ON appointments",
    }
    for name, moment in moments.items():
        run([f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} {moment} WHEN NEW.{HELD} BEGIN {_refusals(per_clinic)} END"])


def _refusals(per_clinic: bool) -> str:
    within = "a.clinic_id = NEW.clinic_id AND " if per_clinic else ""
    overlap = (
        f"a.id <> NEW.id AND {within}a.{HELD} AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time "
        "AND a.start_time > datetime(NEW.start_time, '-24 hours')"
    )
    return (
        "SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') "
        "WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001; "
        "SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a "
        f"WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND {overlap}); "
        "SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a "
        f"WHERE a.patient_id = NEW.patient_id AND {overlap});"
    )


def _tills(columns: list[str]) -> None:
    op.drop_index("uq_till_sessions_open", "till_sessions")
    is_open = sa.text(OPEN)
    op.create_index("uq_till_sessions_open", "till_sessions", columns, unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _wallets(*, per_clinic: bool) -> None:
    """Lay the wallet's chains down anew: a chain a patient and clinic, or one a patient. No table names a wallet's entries."""
    shared = "id, patient_id, type, amount, balance_after, description, appointment_id, invoice_id, created_by"
    times = "created_at, updated_at, row_version"
    numbered = "sequence" if per_clinic else "row_number() OVER (PARTITION BY patient_id ORDER BY created_at, id)"
    clinic = "(SELECT p.clinic_id FROM patients p WHERE p.id = w.patient_id)"
    unprotect(LEDGERS)
    run([f"CREATE TEMPORARY TABLE kept_entries AS SELECT w.*{f', {clinic} AS of_clinic' if per_clinic else ''} FROM wallet_transactions w"])
    op.drop_table("wallet_transactions")
    _wallet_table(per_clinic=per_clinic)
    into, out = (f"{shared}, {times}, sequence{extra}" for extra in ((", clinic_id", ", of_clinic") if per_clinic else ("", "")))
    out = out.replace("sequence", numbered)
    run([f"INSERT INTO wallet_transactions ({into}) SELECT {out} FROM kept_entries", "DROP TABLE kept_entries"])
    protect(LEDGERS)


def _wallet_table(*, per_clinic: bool) -> None:
    unique = ("patient_id", "clinic_id", "sequence") if per_clinic else ("patient_id", "sequence")
    keys = {"appointment_id": "appointments", "created_by": "users", "invoice_id": "invoices", "patient_id": "patients"}
    keys |= {"clinic_id": "clinics"} if per_clinic else {}
    op.create_table(
        "wallet_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        *([sa.Column("clinic_id", sa.Uuid(), nullable=False)] if per_clinic else []),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", _choice("walletkind", "deposit", "withdrawal", "payment", "refund"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        *_record_columns(),
        sa.CheckConstraint("amount > 0", name=op.f("ck_wallet_transactions_amount_positive")),
        sa.CheckConstraint("balance_after >= 0", name=op.f("ck_wallet_transactions_balance_not_negative")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_wallet_transactions_sequence_positive")),
        *(sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_wallet_transactions_{name}")) for name, to in keys.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_transactions")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_wallet_transactions_{'_'.join(unique)}")),
    )
    for name in ("appointment_id", "created_by", "invoice_id", *(["clinic_id"] if per_clinic else [])):
        op.create_index(op.f(f"ix_wallet_transactions_{name}"), "wallet_transactions", [name], unique=False)
