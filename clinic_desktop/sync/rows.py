"""Rows in bulk, past the session: read under lock as the journal spells them, and written back in an order that keys allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.shapes import shapes
from clinic_desktop.sync.spelling import read_of, write_of

T = TypeVar("T")

AT_ONCE = 400
"""Keys asked for in one statement."""
RowKey = tuple[str, str]
"""Table and key, as the journal spells it."""


def read_rows(connection: Connection, table: str, keys: Collection[UUID], *, lock: bool = False) -> dict[UUID, Values]:
    """The rows of these keys that are there; ``lock`` holds them until the transaction ends (a file is locked as a whole)."""
    return {UUID(key): image for key, image in images(connection, table, [str(key) for key in keys], lock=lock).items()}


def images(connection: Connection, table: str, keys: Collection[str], *, lock: bool = False) -> dict[str, Values]:
    """The same by keys as the journal spells them."""
    shape, dialect = shapes()[table], connection.dialect.name
    reading = read_of(dialect, table, tuple(shape.kinds))
    is_locked = lock and dialect == "postgresql" and shape.policy.kind is not Kind.LEDGER  # nobody changes those, nor may lock them
    tail = f'ORDER BY "{shape.key}" FOR UPDATE' if is_locked else ""
    found: dict[str, Values] = {}
    for some in in_chunks(sorted(keys)):
        where, parameters = among(dialect, shape.key, some)
        for raw in connection.exec_driver_sql(f'SELECT {reading.columns} FROM "{table}" WHERE {where} {tail}', parameters).all():
            values = reading.values(raw)
            found[values[shape.key]] = values
    return found


def which_exist(connection: Connection, table: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of these keys that are there."""
    return {UUID(key) for key in present(connection, table, [str(key) for key in keys])}


def present(connection: Connection, table: str, keys: Collection[str]) -> set[str]:
    """The same by keys as the journal spells them."""
    key, dialect = shapes()[table].key, connection.dialect.name
    reading, found = read_of(dialect, table, (key,)), set[str]()
    for some in in_chunks(sorted(keys)):
        where, parameters = among(dialect, key, some)
        rows = connection.exec_driver_sql(f'SELECT {reading.columns} FROM "{table}" WHERE {where}', parameters).all()
        found.update(reading.line(raw)[0] for raw in rows)
    return found


def same_values(connection: Connection, table: str, values: Mapping[str, Any]) -> list[str]:
    """Keys of the rows that have just these values."""
    shape, dialect = shapes()[table], connection.dialect.name
    reading, mark = read_of(dialect, table, (shape.key,)), "%s" if dialect == "postgresql" else "?"
    writes = {name: write_of(dialect, table, name) for name in values}
    parameters = tuple(value if (write := writes[name]) is None else write(value) for name, value in values.items())
    where = " AND ".join(f'"{name}" = {mark}' for name in values)
    rows = connection.exec_driver_sql(f'SELECT {reading.columns} FROM "{table}" WHERE {where}', parameters)
    return [reading.line(raw)[0] for raw in rows]


def among(dialect: str, column: str, keys: Sequence[UUID] | Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """A condition that a column is one of these keys, with its parameters."""
    if dialect == "postgresql":
        return f'"{column}" = ANY(%s::uuid[])', (f"{{{','.join(map(str, keys))}}}",)
    return f'"{column}" IN ({", ".join("?" * len(keys))})', tuple(str(key).replace("-", "") for key in keys)


def in_chunks(keys: Sequence[T]) -> Iterable[Sequence[T]]:
    """As many keys at once as one statement takes."""
    return (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))


def table_order() -> list[str]:
    """Every table that travels, after those that its rows name."""
    return _order(len(Base.metadata.tables))


@cache
def _order(_tables: int) -> list[str]:
    known = shapes()
    return [str.__str__(table.name) for table in Base.metadata.sorted_tables if table.name in known]


def circular_columns() -> dict[str, frozenset[str]]:
    """By table, the columns that may name a row of the same table, or of one that comes later in the order."""
    return _circular(len(Base.metadata.tables))


@cache
def _circular(_tables: int) -> dict[str, frozenset[str]]:
    place = {name: number for number, name in enumerate(table_order())}
    return {
        name: frozenset(column for column, parent in shape.parents.items() if place.get(parent, -1) >= place[name])
        for name, shape in shapes().items()
    }
