"""Writing a change set's rows: a server is told in one statement, as everybody waits for whoever has the journal's head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Connection, Table, TextClause, bindparam, insert, text

CHANNEL = "clinic_journal"
"""Where a server tells each commit's sequence number to whoever listens: a hint, nothing that anybody relies on."""
_SET_HEAD = "UPDATE journal_head SET hash = :hash, hlc = :hlc WHERE id = 1"

Rows = Sequence[Mapping[str, Any]]


def write_rows(connection: Connection, head: Mapping[str, Any], rows: Mapping[Table, Rows]) -> None:
    """Set the head (``hash`` and ``hlc``) and add the rows of each table; listeners hear of it when the transaction commits."""
    rows = {table: added for table, added in rows.items() if added}  # a table of a later revision is not even named
    if connection.dialect.name == "postgresql":
        columns = {_name(table, one.key): [row[one.key] for row in added] for table, added in rows.items() for one in table.columns}
        connection.execute(_all_at_once(tuple(rows)), {**head, **columns})
        return
    connection.execute(text(_SET_HEAD), head)
    for table, added in rows.items():
        connection.execute(insert(table), added)


@cache
def _all_at_once(tables: tuple[Table, ...]) -> TextClause:
    """One round trip instead of one for each table; a column comes as an array, which PostgreSQL takes apart."""
    parts = [f"head AS ({_SET_HEAD} RETURNING seq)"]
    parameters = []
    for table in tables:
        names = [_name(table, column.key) for column in table.columns]
        columns, given = ", ".join(column.name for column in table.columns), ", ".join(f":{name}" for name in names)
        parts.append(f"{table.name}_rows AS (INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({given}))")
        parameters += [bindparam(name, type_=ARRAY(column.type)) for name, column in zip(names, table.columns, strict=True)]
    said = f"SELECT pg_notify('{CHANNEL}', seq::text) FROM head"
    return text(f"WITH {', '.join(parts)} {said}").bindparams(*parameters)


def _name(table: Table, key: str) -> str:
    return f"{table.name}_{key}"
