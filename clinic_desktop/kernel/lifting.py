"""The guards against deleting, taken off for one transaction: what left into an archive may go. They are there again at its end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

_SQLITE = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables AND upper(sql) LIKE '%BEFORE DELETE ON%'"
).bindparams(bindparam("tables", expanding=True))
# Of pg_trigger.tgtype: 2 is BEFORE, 8 is DELETE.
_POSTGRES = text(
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 2 <> 0 AND tgtype & 8 <> 0"
    " AND tgrelid::regclass::text IN :tables ORDER BY 1, 2"
).bindparams(bindparam("tables", expanding=True))


@contextmanager
def deletable(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Rows of these tables can be deleted in here. A failure rolls the transaction back, and the guards with it."""
    if not tables:
        yield
        return
    lift, replace = _of_postgres(connection, tables) if connection.dialect.name == "postgresql" else _of_sqlite(connection, tables)
    for statement in lift:
        connection.exec_driver_sql(statement)
    yield
    for statement in replace:
        connection.exec_driver_sql(statement)


def _of_sqlite(connection: Connection, tables: Collection[str]) -> tuple[list[str], list[str]]:
    found = connection.execute(_SQLITE, {"tables": list(tables)}).all()
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]


def _of_postgres(connection: Connection, tables: Collection[str]) -> tuple[list[str], list[str]]:
    # Switched off, not dropped: dropping would keep every reader waiting until this transaction ends.
    found = connection.execute(_POSTGRES, {"tables": list(tables)}).all()
    return (
        [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for table, name in found],
        [f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"' for table, name in found],
    )
