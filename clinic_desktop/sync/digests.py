"""Whether two databases hold the same: per table and 256 buckets of ids a count and a sum of row hashes, whatever the order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.rows import table_order
from clinic_desktop.sync.shapes import Shape, readers, shapes

BUCKETS = 256
_WIDTH = 1 << 128
_encode = msgspec.msgpack.Encoder().encode


class Bucket(NamedTuple):
    """How many rows, and the sum of their hashes as 16 bytes."""

    rows: int
    total: bytes


Digest = dict[int, Bucket]
"""By bucket; an empty one is left out."""


def travelling_tables() -> list[str]:
    """Every table that travels, parents first."""
    known = shapes()
    return [name for name in table_order() if known[name].policy.kind is not Kind.LOCAL]


def travelling_columns(shape: Shape) -> list[str]:
    """The columns of a table that travel, in the order of their names: both ends hash alike."""
    return sorted(name for name in shape.kinds if shape.travels(name))


def bucket_of(key: UUID) -> int:
    """In which bucket a row lies: the last byte of its id, which is random."""
    return key.bytes[15]


def row_hash(shape: Shape, values: Mapping[str, Any]) -> int:
    """A row's hash, over what of it travels."""
    told = [values.get(name) for name in travelling_columns(shape)]
    return int.from_bytes(blake2b(_encode(told), digest_size=16).digest())


def digest(connection: Connection, table: str) -> Digest:
    """The digest of one table."""
    shape = shapes()[table]
    counts, totals = [0] * BUCKETS, [0] * BUCKETS
    for key, values in _all_rows(connection, shape):
        bucket = bucket_of(key)
        counts[bucket] += 1
        totals[bucket] = (totals[bucket] + row_hash(shape, values)) % _WIDTH
    return {n: Bucket(counts[n], totals[n].to_bytes(16)) for n in range(BUCKETS) if counts[n]}


def hashes(connection: Connection, table: str, buckets: Collection[int]) -> dict[UUID, int]:
    """The hash of each row of some buckets."""
    shape = shapes()[table]
    return {key: row_hash(shape, values) for key, values in _all_rows(connection, shape) if bucket_of(key) in buckets}


def digests(connection: Connection) -> dict[str, Digest]:
    """The digest of every table that travels."""
    return {table: digest(connection, table) for table in travelling_tables()}


def _all_rows(connection: Connection, shape: Shape) -> Iterator[tuple[UUID, Values]]:
    columns = readers(connection.dialect.name, shape.name, len(Base.metadata.tables))
    wanted = [(name, read) for name, read in columns if shape.travels(name)]
    names = ", ".join(f'"{name}"' for name, _ in wanted)
    result = connection.execution_options(yield_per=1_000).exec_driver_sql(f'SELECT {names} FROM "{shape.name}"')
    for raw in result:
        values = {name: None if value is None else read(value) for (name, read), value in zip(wanted, raw, strict=True)}
        yield UUID(values[shape.key]), values
