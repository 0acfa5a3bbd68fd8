"""What revisions are made of beyond Alembic's own operations. Released revisions call these: add new ones, never change one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
