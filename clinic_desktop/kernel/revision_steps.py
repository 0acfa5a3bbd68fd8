"""What revisions are made of beyond Alembic's own operations. Released revisions call these: add new ones, never change one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.triggers import DROP_POSTGRES_FUNCTION, POSTGRES_FUNCTION, append_only_ddl, drop_append_only_ddl


def dialect() -> str:
    """sqlite or postgresql."""
    return op.get_bind().dialect.name


def run(statements: Iterable[str]) -> None:
    """Execute statements as they are written."""
    for statement in statements:
        # psycopg reads % as a placeholder, the driver of SQLite does not
        op.get_bind().exec_driver_sql(statement.replace("%", "%%") if dialect() == "postgresql" else statement)


def protect(ledgers: Mapping[str, Sequence[str]]) -> None:
    """Make tables append-only, given their key columns."""
    for table, keys in ledgers.items():
        run(append_only_ddl(table, keys, dialect()))


def unprotect(ledgers: Iterable[str]) -> None:
    """Take the append-only triggers off again."""
    for table in ledgers:
        run(drop_append_only_ddl(table, dialect()))


def prepare_engine() -> None:
    """Extensions and functions that later steps rest on."""
    if dialect() == "postgresql":
        run(["CREATE EXTENSION IF NOT EXISTS pg_trgm", "CREATE EXTENSION IF NOT EXISTS btree_gist", POSTGRES_FUNCTION])


def release_engine() -> None:
    """Undo prepare_engine; extensions stay, since others may use them."""
    if dialect() == "postgresql":
        run([DROP_POSTGRES_FUNCTION])


def found_database() -> None:
    """Write the journal's genesis head and give the database its identity."""
    head = sa.table("journal_head", sa.column("id"), sa.column("seq"), sa.column("hash", sa.LargeBinary()), sa.column("hlc"))
    op.get_bind().execute(head.insert().values(id=1, seq=0, hash=bytes(32), hlc=0))
    identity = sa.table("database_identity", sa.column("database_id", sa.Uuid()), sa.column("site_id", sa.Uuid()))
    made: tuple[UUID, UUID] = (new_id(), new_id())
    op.get_bind().execute(identity.insert().values(database_id=made[0], site_id=made[1]))


def upward_key(columns: Sequence[str], targets: Sequence[str], *, name: str) -> list[sa.ForeignKeyConstraint]:
    """A reference to a table of a later revision: SQLite takes it at once, Postgres gets it by ``add_upward_keys``."""
    return [sa.ForeignKeyConstraint(columns, targets, name=name)] if dialect() == "sqlite" else []


def add_upward_keys(keys: Iterable[tuple[str, str, str, str]]) -> None:
    """Postgres: add (name, table, column, target table) references once their targets exist."""
    if dialect() == "postgresql":
        for name, table, column, target in keys:
            op.create_foreign_key(name, table, target, [column], ["id"])


def drop_upward_keys(keys: Iterable[tuple[str, str, str, str]]) -> None:
    """Undo add_upward_keys."""
    if dialect() == "postgresql":
        for name, table, _, _ in keys:
            op.drop_constraint(name, table, type_="foreignkey")


def reword(table: str, *wordings: tuple[str, str]) -> None:
    """SQLite: change the words of a table's CREATE statement where its rows stay as they are, as a CHECK that lets more pass.

    Batch mode would drop the table's triggers, and no foreign key may be broken for a moment inside a transaction.
    """
    _rewrite(_wordings(table, wordings))


def free_value(table: str, constraint: str) -> None:
    """SQLite: take a UNIQUE constraint off a table: its index becomes one of its own, which can be dropped."""
    words = f", \n\tCONSTRAINT {constraint} UNIQUE ("
    statement = _statement(table)
    if words not in statement:
        run([f"DROP INDEX {constraint}"])  # a downgrade put it there
        return
    columns = statement.partition(words)[2].partition(")")[0]
    place = statement[: statement.index(words)].count(" UNIQUE (") + 2  # the primary key's is the first
    automatic = f"sqlite_autoindex_{table}_"
    behind = statement.count(" UNIQUE (") + 1
    turned = f"CREATE UNIQUE INDEX {constraint} ON {table} ({columns})"
    changes: list[tuple[str, tuple[str, ...]]] = [
        ("UPDATE sqlite_master SET name = ?, sql = ? WHERE name = ?", (constraint, turned, f"{automatic}{place}"))
    ]
    renamed = "UPDATE sqlite_master SET name = ? WHERE name = ?"
    changes += [(renamed, (f"{automatic}{number - 1}", f"{automatic}{number}")) for number in range(place + 1, behind + 1)]
    _rewrite([*changes, *_wordings(table, ((f"{words}{columns})", ""),))])
    run([f"DROP INDEX {constraint}"])


def _wordings(table: str, wordings: Sequence[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    statement = _statement(table)
    for before, after in wordings:
        if statement.count(before) != 1:
            raise ValueError(f"{table} does not say {before!r} once")
        statement = statement.replace(before, after)
    return [("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (statement, table))]


def _statement(table: str) -> str:
    return str(_master("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())


def _master(statement: str, values: tuple[str, ...]) -> sa.CursorResult[Any]:
    return op.get_bind().exec_driver_sql(statement, values)


def _rewrite(changes: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Write to SQLite's own table of statements, and have it read them again."""
    _master("PRAGMA writable_schema = ON", ())
    for statement, values in changes:
        if _master(statement, values).rowcount != 1:
            raise ValueError(f"nothing to change: {values}")
    version = int(_master("PRAGMA schema_version", ()).scalar_one())
    _master(f"PRAGMA schema_version = {version + 1}", ())
    _master("PRAGMA writable_schema = RESET", ())
