"""What the database itself refuses: the text of a consent never changes, nor what was signed; a withdrawal stays."""

from __future__ import annotations

_TEXT = ("type", "language", "version", "title", "body", "valid_from", "is_draft")
_SIGNED = ("type", "template_id", "template_version", "signed_at", "signed_as", "guardian", "signature_document_id", "witness")

# (table, name, the columns that the trigger watches, the condition in which it refuses)
_GUARDS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("consent_templates", "consent_templates_text", _TEXT, "changed"),
    ("patient_consents", "patient_consents_signed", _SIGNED, "changed"),
    ("patient_consents", "patient_consents_withdrawn", ("withdrawn_at",), "OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL"),
)
_POSTGRES_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def guarded_triggers() -> list[str]:
    """Names of the triggers, the same on both engines."""
    return [name for _, name, _, _ in _GUARDS]


def guard_ddl(dialect_name: str) -> list[str]:
    """Statements that create the triggers; the migration runs them."""
    statements: list[str] = []
    for table, name, columns, says in _GUARDS:
        condition = _differs(columns, dialect_name) if says == "changed" else says
        when = f"BEFORE UPDATE OF {', '.join(columns)} ON {table}"
        if dialect_name != "postgresql":
            refused = f"BEGIN SELECT RAISE(ABORT, 'sealed record of {table}'); END"
            statements.append(f"CREATE TRIGGER {name} {when} WHEN {condition} {refused}")
            continue
        statements.append(_POSTGRES_FUNCTION.format(name=name, condition=condition))
        statements.append(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
        statements.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return statements


def drop_guard_ddl(dialect_name: str) -> list[str]:
    """Statements that take the triggers off again."""
    if dialect_name != "postgresql":
        return [f"DROP TRIGGER {name}" for name in guarded_triggers()]
    return [s for table, name, _, _ in _GUARDS for s in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")]


def _differs(columns: tuple[str, ...], dialect_name: str) -> str:
    other = "IS DISTINCT FROM" if dialect_name == "postgresql" else "IS NOT"
    return " OR ".join(f"OLD.{column} {other} NEW.{column}" for column in columns)
