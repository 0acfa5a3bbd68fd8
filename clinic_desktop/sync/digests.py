"""Whether two databases hold the same: per table and 256 buckets of ids a count and a sum of row hashes, whatever the order.

A large table is gone through in stretches of its keys, by the index of its primary key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from hashlib import blake2b
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Kind
from clinic_desktop.sync.rows import table_order
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.spelling import read_of

BUCKETS = 256
_WIDTH = 1 << 128
AT_ONCE = 1_000
"""Rows of one statement."""
_encode = msgspec.msgpack.Encoder().encode


class Bucket(NamedTuple):
    """How many rows, and the sum of their hashes as 16 bytes."""

    rows: int
    total: bytes


Digest = dict[int, Bucket]
"""By bucket; an empty one is left out."""


class Stretch(NamedTuple):
    """The rows of a table after one key up to another; None: from its beginning, to its end."""

    after: UUID | None = None
    through: UUID | None = None


WHOLE = Stretch()


def travelling_tables() -> list[str]:
    """Every table that travels, parents first."""
    known = shapes()
    return [name for name in table_order() if known[name].policy.kind is not Kind.LOCAL]


def travelling_columns(shape: Shape) -> list[str]:
    """The columns of a table that travel, in the order of their names: both ends hash alike."""
    return sorted(name for name in shape.kinds if shape.travels(name))


def digest(connection: Connection, table: str, stretch: Stretch = WHOLE) -> Digest:
    """The digest of one table, or of a stretch of it."""
    sums = _Sums()
    for key, number in _hashes(connection, shapes()[table], stretch):
        sums.add(key, number)
    return sums.digest()


def next_digest(connection: Connection, table: str, after: UUID | None, most_rows: int, until: float) -> tuple[Digest, UUID | None]:
    """The digest of the rows that follow a key, not much longer than ``until``; with the last of them unless the table ends there."""
    sums, rows, size = _Sums(), 0, min(AT_ONCE, most_rows)
    for page in _pages(connection, shapes()[table], Stretch(after), size):
        for key, number in page:
            sums.add(key, number)
        rows += len(page)
        if len(page) == size and (rows >= most_rows or monotonic() >= until):
            return sums.digest(), UUID(page[-1][0])
    return sums.digest(), None


def hashes(connection: Connection, table: str, buckets: Collection[int], stretch: Stretch = WHOLE) -> dict[UUID, int]:
    """The hash of each row of some buckets."""
    return {UUID(key): number for key, number in _hashes(connection, shapes()[table], stretch) if int(key[-2:], 16) in buckets}


class _Sums:
    """What adds up to a digest. A row's bucket is the last byte of its key, which is random."""

    def __init__(self) -> None:
        self._counts, self._totals = [0] * BUCKETS, [0] * BUCKETS

    def add(self, key: str, number: int) -> None:
        bucket = int(key[-2:], 16)
        self._counts[bucket] += 1
        self._totals[bucket] += number

    def digest(self) -> Digest:
        told = zip(range(BUCKETS), self._counts, self._totals, strict=True)
        return {number: Bucket(rows, (total % _WIDTH).to_bytes(16)) for number, rows, total in told if rows}


def _hashes(connection: Connection, shape: Shape, stretch: Stretch) -> Iterator[tuple[str, int]]:
    return (told for page in _pages(connection, shape, stretch) for told in page)


def _pages(connection: Connection, shape: Shape, stretch: Stretch, size: int = AT_ONCE) -> Iterator[list[tuple[str, int]]]:
    """Key and hash of every row of a stretch, over what of it travels, in the order of keys; only the last page is not full."""
    dialect, columns = connection.dialect.name, travelling_columns(shape)
    reading, place = read_of(dialect, shape.name, tuple(columns)), columns.index(shape.key)
    key, after = f'"{shape.name}"."{shape.key}"', stretch.after  # by itself the name would be that of the selected text
    while True:
        where, parameters = _within(dialect, key, Stretch(after, stretch.through))
        statement = f'SELECT {reading.columns} FROM "{shape.name}"{where} ORDER BY {key} LIMIT {size}'
        told = [reading.line(raw) for raw in connection.exec_driver_sql(statement, parameters)]
        yield [(line[place], int.from_bytes(blake2b(_encode(line), digest_size=16).digest())) for line in told]
        if len(told) < size:
            return
        after = UUID(told[-1][place])


def _within(dialect: str, key: str, stretch: Stretch) -> tuple[str, tuple[Any, ...]]:
    """The condition that a key lies in a stretch, with its parameters."""
    is_server = dialect == "postgresql"
    bounds = [(sign, bound) for sign, bound in ((">", stretch.after), ("<=", stretch.through)) if bound is not None]
    told = " AND ".join(f"{key} {sign} {'%s' if is_server else '?'}" for sign, _ in bounds)
    return (f" WHERE {told}" if told else ""), tuple(bound if is_server else bound.hex for _, bound in bounds)
