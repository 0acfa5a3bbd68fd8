"""Rows in bulk, past the session: read under lock as the journal spells them, and written back in an order that keys allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.shapes import MADE_AT, Shape, readers, shapes, writers

AT_ONCE = 400
"""Keys asked for in one statement."""
RowKey = tuple[str, UUID]
"""Table and key."""


def read_rows(connection: Connection, table: str, keys: Collection[UUID], *, lock: bool = False) -> dict[UUID, Values]:
    """The rows of these keys that are there; ``lock`` holds them until the transaction ends (a file is locked as a whole)."""
    shape, dialect = shapes()[table], connection.dialect.name
    columns = readers(dialect, table, len(Base.metadata.tables))
    names = ", ".join(f'"{name}"' for name, _ in columns)
    tail = f'ORDER BY "{shape.key}" FOR UPDATE' if lock and dialect == "postgresql" else ""
    found: dict[UUID, Values] = {}
    for some in _chunks(sorted(keys)):
        where, parameters = _among(dialect, shape.key, some)
        for raw in connection.exec_driver_sql(f'SELECT {names} FROM "{table}" WHERE {where} {tail}', parameters):
            values = {name: None if value is None else read(value) for (name, read), value in zip(columns, raw, strict=True)}
            found[UUID(values[shape.key])] = values
    return found


def which_exist(connection: Connection, table: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of these keys that are there."""
    key, dialect = shapes()[table].key, connection.dialect.name
    found: set[UUID] = set()
    for some in _chunks(sorted(keys)):
        where, parameters = _among(dialect, key, some)
        rows = connection.exec_driver_sql(f'SELECT "{key}" FROM "{table}" WHERE {where}', parameters)
        found |= {value if isinstance(value, UUID) else UUID(value) for (value,) in rows}
    return found


def same_values(connection: Connection, table: str, values: Mapping[str, Any]) -> list[UUID]:
    """Keys of the rows that have just these values."""
    shape, dialect = shapes()[table], connection.dialect.name
    write, mark = writers(dialect, table, len(Base.metadata.tables)), _mark(dialect)
    where = " AND ".join(f'"{name}" = {mark}' for name in values)
    parameters = tuple(write[name](value) for name, value in values.items())
    rows = connection.exec_driver_sql(f'SELECT "{shape.key}" FROM "{table}" WHERE {where}', parameters)
    return [value if isinstance(value, UUID) else UUID(value) for (value,) in rows]


def _among(dialect: str, column: str, keys: Sequence[UUID]) -> tuple[str, tuple[Any, ...]]:
    if dialect == "postgresql":
        return f'"{column}" = ANY(%s)', (list(keys),)
    return f'"{column}" IN ({", ".join("?" * len(keys))})', tuple(key.hex for key in keys)


def _chunks(keys: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))


def _mark(dialect: str) -> str:
    return "%s" if dialect == "postgresql" else "?"


class Writing:
    """What is to be written of one or more change sets: first in the order of keys, all in few statements."""

    def __init__(self) -> None:
        self.inserts: dict[RowKey, tuple[Values, str]] = {}
        self.updates: dict[RowKey, tuple[Values, str]] = {}
        self.deletes: list[RowKey] = []
        self._sealing: dict[RowKey, tuple[Values, str]] = {}
        self._aside: dict[RowKey, tuple[Values, str]] = {}
        self._regained: dict[RowKey, tuple[Values, str]] = {}

    def insert(self, row: RowKey, image: Values, at: str) -> None:
        """A new row, as it will be."""
        policy = shapes()[row[0]].policy
        if policy.unsealed and policy.sealed is not None and policy.sealed(image):
            self._sealing[row] = ({name: image[name] for name in policy.unsealed}, at)
            image = {**image, **policy.unsealed}
        self.inserts[row] = (dict(image), at)

    def update(self, row: RowKey, values: Values, at: str, *, is_sealing: bool = False) -> None:
        """New values of some columns; those that seal a row are written when all that belongs to it is there."""
        if row in self.inserts and not (is_sealing or row in self._sealing):
            self.inserts[row][0].update(values)
            return
        changes = self._sealing if is_sealing or row in self._sealing else self.updates
        known = changes.get(row)
        changes[row] = ({**known[0], **values} if known else dict(values), at)

    def give_way(self, row: RowKey, values: Values, at: str) -> None:
        """New values of a row that makes room for another one, which is written after it."""
        if row in self.inserts or row in self.updates:
            self.update(row, values, at)
        else:
            self._aside[row] = ({**self._aside.get(row, ({}, at))[0], **values}, at)

    def write_first(self, row: RowKey) -> None:
        """What a row becomes makes room for others."""
        if row in self.updates:
            self._aside[row] = self.updates.pop(row)

    def share_at_first(self, row: RowKey, values: Values) -> None:
        """A new row that must be there before the one that makes room for it can name it: it gives way itself until then."""
        if row in self.inserts and row not in self._regained:
            image, at = self.inserts[row]
            self._regained[row] = ({name: image.get(name) for name in values}, at)
            self.inserts[row] = (image | values, at)

    def names_new_row(self, row: RowKey, values: Values) -> bool:
        """Whether values of a row name one that is not written yet."""
        named = ((parent, values.get(column)) for column, parent in shapes()[row[0]].parents.items())
        return any(key is not None and (parent, UUID(key)) in self.inserts for parent, key in named)

    def delete(self, row: RowKey) -> None:
        """A row goes."""
        self.updates.pop(row, None)
        self._sealing.pop(row, None)
        if self.inserts.pop(row, None) is None:
            self.deletes.append(row)

    def write(self, connection: Connection) -> None:
        """Carry it out: what goes makes room first, then new rows after those that they name, then changes."""
        order = {name: place for place, name in enumerate(table_order())}
        for table, gone in sorted(_by_table(self.deletes).items(), key=lambda one: -order[one[0]]):
            _delete(connection, shapes()[table], gone)
        late: dict[RowKey, tuple[Values, str]] = {}
        arrived = _by_table(self.inserts)
        # A change may free the value that a new row takes, and a new row may be what a change names.
        aside = {row: told for row, told in self._aside.items() if not self.names_new_row(row, told[0])}
        changes = {row: told for row, told in self.updates.items() if not self.names_new_row(row, told[0])}
        _update_all(connection, aside)
        _update_all(connection, changes)
        for table in sorted(arrived, key=order.__getitem__):
            self._insert(connection, shapes()[table], arrived[table], late)
        _update_all(connection, late)
        _update_all(connection, {row: told for row, told in self._aside.items() if row not in aside})
        _update_all(connection, {row: told for row, told in self.updates.items() if row not in changes})
        _update_all(connection, self._regained)
        _update_all(connection, self._sealing)

    def _insert(self, connection: Connection, shape: Shape, keys: Sequence[UUID], late: dict[RowKey, tuple[Values, str]]) -> None:
        """Insert rows of one table; a key in a circle (of the table itself, or of a later one) is set once all are there."""
        dialect = connection.dialect.name
        write, columns = writers(dialect, shape.name, len(Base.metadata.tables)), tuple(shape.kinds)
        circular = circular_columns()[shape.name]
        lines = []
        for key in keys:
            image, at = self.inserts[shape.name, key]
            put_off = {name: image[name] for name in circular if image.get(name) is not None and self._is_new(shape, name, image[name])}
            if put_off:
                late[shape.name, key] = (put_off, at)
            values = {**image, **dict.fromkeys(put_off)}
            lines.append(_line(values, columns, write) + _made(shape, image, at, dialect))
        names = ", ".join(f'"{name}"' for name in (*columns, *shape.stamps))
        marks = ", ".join([_mark(dialect)] * (len(columns) + len(shape.stamps)))
        connection.exec_driver_sql(f'INSERT INTO "{shape.name}" ({names}) VALUES ({marks})', lines)

    def _is_new(self, shape: Shape, column: str, key: str) -> bool:
        return (shape.parents[column], UUID(key)) in self.inserts


def _line(values: Values, columns: Iterable[str], write: Mapping[str, Callable[[Any], Any]]) -> tuple[Any, ...]:
    return tuple(None if (value := values.get(name)) is None else write[name](value) for name in columns)


def _made(shape: Shape, image: Values, at: str, dialect: str) -> tuple[str, ...]:
    """Both stamps of a new row; one that came whole says itself when it was made."""
    return _stamps(shape, image.get(MADE_AT, at), dialect)


def _stamps(shape: Shape, at: str, dialect: str) -> tuple[str, ...]:
    spelled = f"{at[:10]} {at[11:19]}.{at[20:-1] or '000000'}" if dialect == "sqlite" else at
    return (spelled,) * len(shape.stamps)


def _update_all(connection: Connection, updates: Mapping[RowKey, tuple[Values, str]]) -> None:
    dialect, mark = connection.dialect.name, _mark(connection.dialect.name)
    alike: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = defaultdict(list)
    for (table, key), (values, at) in updates.items():
        columns, shape = tuple(values), shapes()[table]
        write = writers(dialect, table, len(Base.metadata.tables))
        stamp = _stamps(shape, at, dialect)[:1] if "updated_at" in shape.stamps else ()
        alike[table, columns].append((*_line(values, columns, write), *stamp, key if dialect == "postgresql" else key.hex))
    for (table, columns), lines in alike.items():
        shape = shapes()[table]
        stamp_column = ("updated_at",) if "updated_at" in shape.stamps else ()
        places = ", ".join(f'"{name}" = {mark}' for name in (*columns, *stamp_column))
        connection.exec_driver_sql(f'UPDATE "{table}" SET {places} WHERE "{shape.key}" = {mark}', lines)


def _delete(connection: Connection, shape: Shape, keys: Sequence[UUID]) -> None:
    for some in _chunks(keys):
        where, parameters = _among(connection.dialect.name, shape.key, some)
        connection.exec_driver_sql(f'DELETE FROM "{shape.name}" WHERE {where}', parameters)


def _by_table(rows: Iterable[RowKey]) -> dict[str, list[UUID]]:
    tables: dict[str, list[UUID]] = defaultdict(list)
    for table, key in rows:
        tables[table].append(key)
    return tables


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
