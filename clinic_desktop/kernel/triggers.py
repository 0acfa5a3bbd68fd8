"""Database triggers that keep ledgers append-only on both engines; migrations install them, tests list them."""

from __future__ import annotations

from collections.abc import Sequence


def append_only_ddl(table: str, keys: Sequence[str], dialect: str) -> list[str]:
    """Statements that make ``table`` refuse update, delete, replace and truncate."""
    return _postgres(table) if dialect == "postgresql" else _sqlite(table, keys)


def drop_append_only_ddl(table: str, dialect: str) -> list[str]:
    """Statements that take the triggers off again."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER {name} ON {table}" for name in append_only_triggers(table, dialect)]
    return [f"DROP TRIGGER {name}" for name in append_only_triggers(table, dialect)]


def append_only_triggers(table: str, dialect: str) -> list[str]:
    """Names of the triggers that guard one table."""
    if dialect == "postgresql":
        return [f"{table}_append_only", f"{table}_no_truncate"]
    return [f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace"]


POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
DROP_POSTGRES_FUNCTION = "DROP FUNCTION refuse_change()"


def _postgres(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]


def _sqlite(table: str, keys: Sequence[str]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only table {table}'); END"
    # INSERT OR REPLACE deletes without a DELETE trigger when recursive_triggers is off, so a second row of a key is refused too.
    same_key = " AND ".join(f"{key} = NEW.{key}" for key in keys)
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_key}) {refuse}",
    ]
