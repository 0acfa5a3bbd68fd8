"""Database triggers that freeze issued invoices, closed tills and settled days on both engines (Money M3, M8).

The migration that creates the tables runs ``guard_ddl``. Whoever loads a snapshot in another order than it
happened needs nothing special: inserts are refused only where they would exceed a frozen total.
"""

from __future__ import annotations

_FROZEN = (
    "id", "number", "clinic_id", "patient_id", "visit_id", "business_date", "subtotal", "discount", "tax", "tax_included", "total",
    "due_date", "issued_at", "issued_by", "generated_by", "created_at",
)  # fmt: skip
_ITEM_ISSUED = "EXISTS (SELECT 1 FROM invoices i WHERE i.id = {row}.invoice_id AND i.status <> 'DRAFT')"
_ITEM_EXCEEDS = (
    "NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = NEW.invoice_id AND i.status <> 'DRAFT' "
    "AND i.total < NEW.total + (SELECT COALESCE(SUM(o.total), 0) FROM invoice_items o "
    "WHERE o.invoice_id = NEW.invoice_id AND o.removed_at IS NULL))"
)


_DAY = "d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date"
_SAME = "e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date"


def _day_exceeds(table: str, of: str) -> str:
    """Money of a settled day that its settlement does not count; what a copy's till took may come in late: a later one counts it."""
    return (
        "EXISTS (SELECT 1 FROM daily_settlements d JOIN till_sessions t ON t.id = NEW.till_session_id "
        f"WHERE t.series IS NULL AND {_DAY} AND d.{of}_total - COALESCE(d.{of}_away, 0) < NEW.amount + "
        f"(SELECT COALESCE(SUM(e.amount), 0) FROM {table} e JOIN till_sessions o ON o.id = e.till_session_id "
        f"WHERE o.series IS NULL AND {_SAME}))"
    )


_CREDITS_EXCEED = (
    f"NEW.series IS NULL AND EXISTS (SELECT 1 FROM daily_settlements d WHERE {_DAY} "
    "AND d.credits_total - COALESCE(d.credits_away, 0) < NEW.amount + "
    f"(SELECT COALESCE(SUM(e.amount), 0) FROM credit_notes e WHERE e.series IS NULL AND {_SAME}))"
)


def _guards(changed: str) -> list[tuple[str, str, str, str]]:
    """(name, table, event, condition of refusal); ``changed`` is how the engine spells NULL-safe inequality."""
    frozen = " OR ".join(f"NEW.{column} {changed} OLD.{column}" for column in _FROZEN)
    return [
        ("invoices_frozen", "invoices", "UPDATE", f"OLD.status <> 'DRAFT' AND ({frozen} OR NEW.status = 'DRAFT' OR OLD.number IS NULL)"),
        ("invoices_no_delete", "invoices", "DELETE", "TRUE"),
        ("invoice_items_frozen", "invoice_items", "UPDATE", f"{_ITEM_ISSUED.format(row='OLD')} OR NEW.invoice_id {changed} OLD.invoice_id"),
        ("invoice_items_no_delete", "invoice_items", "DELETE", "TRUE"),
        ("invoice_items_within_total", "invoice_items", "INSERT", _ITEM_EXCEEDS),
        ("till_sessions_frozen", "till_sessions", "UPDATE", "OLD.status = 'CLOSED'"),
        ("till_sessions_no_delete", "till_sessions", "DELETE", "TRUE"),
        ("payments_day_open", "payments", "INSERT", _day_exceeds("payments", "payments")),
        ("refunds_day_open", "refunds", "INSERT", _day_exceeds("refunds", "refunds")),
        ("credit_notes_day_open", "credit_notes", "INSERT", _CREDITS_EXCEED),
    ]


_REPLACED = ("invoices", "invoice_items", "till_sessions")
"""Tables whose rows change while they are open, so ``INSERT OR REPLACE`` and TRUNCATE need a guard of their own."""


def guard_ddl(dialect_name: str) -> list[str]:
    """Statements that install the guards; run them after the tables exist."""
    return _postgres() if dialect_name == "postgresql" else _sqlite()


def drop_guard_ddl(dialect_name: str) -> list[str]:
    """Statements that take the guards off again."""
    if dialect_name == "postgresql":
        names = [(name, table) for name, table, _, _ in _guards("")] + [(f"{table}_never_truncate", table) for table in _REPLACED]
        drops = [f"DROP TRIGGER {name} ON {table}" for name, table in names]
        return [*drops, *(f"DROP FUNCTION refuse_{name}()" for name, _, _, _ in _guards("")), "DROP FUNCTION refuse_billing_truncate()"]
    return [f"DROP TRIGGER {name}" for name in guard_names(dialect_name)]


def guard_names(dialect_name: str) -> list[str]:
    """Names of all triggers that ``guard_ddl`` installs."""
    suffix = "never_truncate" if dialect_name == "postgresql" else "never_replace"
    return [name for name, _, _, _ in _guards("")] + [f"{table}_{suffix}" for table in _REPLACED]


def _sqlite() -> list[str]:
    ddl = [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'billing guard {name}'); END"
        for name, table, event, condition in _guards("IS NOT")
    ]
    # INSERT OR REPLACE deletes without a DELETE trigger when recursive_triggers is off.
    return ddl + [
        f"CREATE TRIGGER {table}_never_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, 'billing guard {table}_never_replace'); END"
        for table in _REPLACED
    ]


def _refusal(name: str, condition: str) -> str:
    # A function of its own each: a WHEN clause may not hold a subquery on Postgres.
    return (
        f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )


def _postgres() -> list[str]:
    ddl = []
    for name, table, event, condition in _guards("IS DISTINCT FROM"):
        ddl.append(_refusal(name, condition))
        ddl.append(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()")
        ddl.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    ddl.append(_refusal("billing_truncate", "TRUE"))
    for table in _REPLACED:
        name = f"{table}_never_truncate"
        ddl.append(f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate()")
        ddl.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return ddl
