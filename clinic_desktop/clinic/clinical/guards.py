"""Database triggers: a signed consultation, its diagnoses, and a prescription that has left draft cannot be changed or deleted."""

from __future__ import annotations

_NOT_DRAFT = "(SELECT p.status FROM prescriptions p WHERE p.id = {row}.prescription_id) <> 'DRAFT'"
_SIGNED = "(SELECT c.status FROM consultations c WHERE c.id = {row}.consultation_id) = 'SIGNED'"

_PRESCRIPTION_COLUMNS = (
    *("number", "clinic_id", "patient_id", "doctor_id", "visit_id", "business_date", "diagnosis", "notes"),
    *("follow_up_date", "valid_until", "version", "override_reason", "activated_at"),
)
_ITEM_COLUMNS = (
    *("prescription_id", "position", "medicine_id", "dose", "unit", "route", "frequency", "duration_days"),
    *("quantity", "instructions", "substitution_allowed", "removed_at"),
)

# (table, name, when the trigger fires, the condition in which it refuses)
_GUARDS: tuple[tuple[str, str, str, str], ...] = (
    ("consultations", "consultations_signed_update", "UPDATE", "OLD.status = 'SIGNED'"),
    ("consultations", "consultations_signed_delete", "DELETE", "OLD.status = 'SIGNED'"),
    ("consultation_diagnoses", "consultation_diagnoses_signed_insert", "INSERT", _SIGNED.format(row="NEW")),
    (
        "consultation_diagnoses",
        "consultation_diagnoses_signed_update",
        "UPDATE",
        f"{_SIGNED.format(row='OLD')} OR {_SIGNED.format(row='NEW')}",
    ),
    ("consultation_diagnoses", "consultation_diagnoses_signed_delete", "DELETE", _SIGNED.format(row="OLD")),
    ("prescriptions", "prescriptions_sealed_update", f"UPDATE OF {', '.join(_PRESCRIPTION_COLUMNS)}", "OLD.status <> 'DRAFT'"),
    ("prescriptions", "prescriptions_sealed_reopen", "UPDATE OF status", "OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT'"),
    ("prescriptions", "prescriptions_sealed_delete", "DELETE", "OLD.status <> 'DRAFT'"),
    ("prescription_items", "prescription_items_sealed_insert", "INSERT", _NOT_DRAFT.format(row="NEW")),
    (
        "prescription_items",
        "prescription_items_sealed_update",
        f"UPDATE OF {', '.join(_ITEM_COLUMNS)}",
        f"{_NOT_DRAFT.format(row='OLD')} OR {_NOT_DRAFT.format(row='NEW')}",
    ),
    ("prescription_items", "prescription_items_sealed_delete", "DELETE", _NOT_DRAFT.format(row="OLD")),
)

_POSTGRES_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""


def guarded_triggers() -> list[str]:
    """Names of the triggers, the same on both engines."""
    return [name for _, name, _, _ in _GUARDS]


def guard_ddl(dialect_name: str) -> list[str]:
    """Statements that create the triggers; the migration of the clinical tables runs them."""
    if dialect_name != "postgresql":
        return [
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'sealed record of {table}'); END"
            for table, name, when, condition in _GUARDS
        ]
    statements: list[str] = []
    for table, name, when, condition in _GUARDS:
        statements.append(_POSTGRES_FUNCTION.format(name=name, condition=condition))
        statements.append(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        statements.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return statements


def drop_guard_ddl(dialect_name: str) -> list[str]:
    """Statements that take the triggers off again."""
    if dialect_name != "postgresql":
        return [f"DROP TRIGGER {name}" for name in guarded_triggers()]
    return [s for table, name, _, _ in _GUARDS for s in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")]
