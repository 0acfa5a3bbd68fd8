"""Many rows of one table into it: a server takes them as one text and makes rows of it itself, a file takes them line by line."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.rows import among, in_chunks
from clinic_desktop.sync.shapes import STAMPS, Shape, shapes
from clinic_desktop.sync.spelling import as_sqlite_instant, write_of

Lines = Callable[[Sequence[Values]], list[tuple[Any, ...]]]


def insert_rows(connection: Connection, shape: Shape, rows: Sequence[Values]) -> None:
    """Add rows, each with all its columns and stamps."""
    columns = (*shape.kinds, *shape.stamps)
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        told = f'SELECT {names} FROM json_populate_recordset(NULL::"{shape.name}", %s::json)'
        connection.exec_driver_sql(f'INSERT INTO "{shape.name}" ({names}) {told}', (_as_text(shape, rows),))
        return
    marks, lines = ", ".join("?" * len(columns)), _lines_of(shape.name, columns, len(Base.metadata.tables))
    connection.exec_driver_sql(f'INSERT INTO "{shape.name}" ({names}) VALUES ({marks})', lines(rows))


def update_rows(connection: Connection, shape: Shape, columns: tuple[str, ...], rows: Sequence[Values], *, one_by_one: bool) -> None:
    """Change the same columns of rows, each given with its key."""
    if connection.dialect.name == "postgresql":
        places = ", ".join(f'"{name}" = told."{name}"' for name in columns)
        told = f'FROM json_populate_recordset(NULL::"{shape.name}", %s::json) AS told'
        statement = f'UPDATE "{shape.name}" AS kept SET {places} {told} WHERE kept."{shape.key}" = told."{shape.key}"'
        for some in ([one] for one in rows) if one_by_one else [rows]:
            connection.exec_driver_sql(statement, (_as_text(shape, some),))
        return
    lines = _lines_of(shape.name, (*columns, shape.key), len(Base.metadata.tables))
    places = ", ".join(f'"{name}" = ?' for name in columns)
    connection.exec_driver_sql(f'UPDATE "{shape.name}" SET {places} WHERE "{shape.key}" = ?', lines(rows))


def delete_rows(connection: Connection, shape: Shape, keys: Sequence[str]) -> None:
    """Take rows away."""
    for some in in_chunks(keys):
        where, parameters = among(connection.dialect.name, shape.key, some)
        connection.exec_driver_sql(f'DELETE FROM "{shape.name}" WHERE {where}', parameters)


def _as_text(shape: Shape, rows: Sequence[Values]) -> str:
    """Rows as JSON: a server reads the journal's own spelling, but for bytes."""
    raw = [name for name, kind in shape.kinds.items() if kind == "bytes"]
    if raw:
        rows = [row | {name: f"\\x{b64decode(row[name]).hex()}" for name in raw if row.get(name) is not None} for row in rows]
    return msgspec.json.encode(rows).decode()


@cache
def _lines_of(table: str, columns: tuple[str, ...], _tables: int) -> Lines:
    """What turns rows into what the driver of a file takes: column by column, for in many rows alike is done fastest alike."""
    values, writes = itemgetter(*columns, columns[0]), []  # of a single column it would give the bare value
    for at, name in enumerate(columns):
        write = as_sqlite_instant if name in STAMPS and name not in shapes()[table].kinds else write_of("sqlite", table, name)
        if write is not None:
            writes.append((at, write))

    def lines(rows: Sequence[Values]) -> list[tuple[Any, ...]]:
        told: list[Sequence[Any]] = []
        told += list(zip(*map(values, rows), strict=True))[:-1]
        for at, write in writes:
            spelled = {value: write(value) for value in set(told[at]) if value is not None}
            told[at] = [spelled.get(value) for value in told[at]]
        return list(zip(*told, strict=True))

    return lines
