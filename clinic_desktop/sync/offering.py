"""Central's side of comparing and of first loads: digests, row hashes and whole rows, each as they are at one place of its journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.digests import digests, hashes, travelling_tables
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.retelling import REPAIR, put_right
from clinic_desktop.sync.shapes import Shape, readers, shapes
from clinic_desktop.sync.wire import AskDigests, AskHashes, AskRows, Digests, Hashes, Rows

MOST_KEYS = 2_000
"""Rows in one answer at most."""
_AT_ONCE = 500


def offer_digests(central: Database, _asked: AskDigests) -> Digests:
    """The digest of every table as it is now; the site reads up to that place and compares."""
    with central.read() as session:
        connection = session.connection()
        head = int(session.scalar(select(JournalHead.seq)) or 0)
        told = digests(connection)
        return Digests(head, {table: [(n, one.rows, one.total) for n, one in held.items()] for table, held in told.items()})


def offer_hashes(central: Database, asked: AskHashes) -> Hashes:
    """Key and hash of every row in some buckets."""
    _refuse_unknown(asked.table)
    with central.read() as session:
        head = int(session.scalar(select(JournalHead.seq)) or 0)
        found = hashes(session.connection(), asked.table, frozenset(asked.buckets))
        return Hashes(head, [(key, value.to_bytes(16)) for key, value in found.items()])


def offer_rows(central: Database, asked: AskRows) -> Rows:
    """Whole rows. Those that are asked for by key differ somewhere: central first makes sure that its own are what its journal tells."""
    _refuse_unknown(asked.table)
    if len(asked.keys) > MOST_KEYS:
        raise Refused("oversized", most=MOST_KEYS)
    if asked.keys:
        with central.write(Actor.system("sync")) as tx:
            tx.command = REPAIR
            put_right(tx, asked.table, sorted(asked.keys))
    with central.read() as session:
        connection = session.connection()
        head = int(session.scalar(select(JournalHead.seq)) or 0)
        if asked.keys:
            return Rows(head, _by_key(connection, asked.table, asked.keys), True)
        rows, is_last = _following(connection, asked.table, asked.after, min(max(asked.most_bytes, 1), 8 << 20))
        return Rows(head, rows, is_last)


def _refuse_unknown(table: str) -> None:
    if table not in travelling_tables():
        raise Refused("malformed", detail=table[:40])


def _columns(connection: Connection, shape: Shape) -> tuple[str, Any]:
    """The columns of a row as it is offered, with when it was made."""
    told = [(name, read) for name, read in readers(connection.dialect.name, shape.name, len(Base.metadata.tables)) if shape.travels(name)]
    if "created_at" in shape.stamps:
        told.append(("created_at", shape.stamp_reader(connection.dialect.name)))
    return ", ".join(f'"{name}"' for name, _ in told), told


def _spelled(told: Any, raw: Sequence[Any], key_column: str) -> tuple[UUID, str]:
    values = {name: read(value) for (name, read), value in zip(told, raw, strict=True) if value is not None}
    return UUID(values[key_column]), msgspec.json.encode(values).decode()


def _by_key(connection: Connection, table: str, keys: Sequence[UUID]) -> list[tuple[UUID, str]]:
    shape = shapes()[table]
    names, told = _columns(connection, shape)
    found = []
    for at in range(0, len(keys), 400):
        some = keys[at : at + 400]
        if connection.dialect.name == "postgresql":
            where, parameters = f'"{shape.key}" = ANY(%s)', (list(some),)
        else:
            where, parameters = f'"{shape.key}" IN ({", ".join("?" * len(some))})', tuple(key.hex for key in some)  # type: ignore[assignment]
        rows = connection.exec_driver_sql(f'SELECT {names} FROM "{table}" WHERE {where}', parameters)
        found += [_spelled(told, raw, shape.key) for raw in rows]
    return found


def _following(connection: Connection, table: str, after: UUID | None, most_bytes: int) -> tuple[list[tuple[UUID, str]], bool]:
    """Rows after a key, in the order of keys, up to a size."""
    shape, is_postgres = shapes()[table], connection.dialect.name == "postgresql"
    names, told = _columns(connection, shape)
    rows: list[tuple[UUID, str]] = []
    size = 0
    while True:
        where = "" if after is None else f'WHERE "{shape.key}" > {"%s" if is_postgres else "?"}'
        parameters = () if after is None else (after if is_postgres else after.hex,)
        statement = f'SELECT {names} FROM "{table}" {where} ORDER BY "{shape.key}" LIMIT {_AT_ONCE}'
        page = [_spelled(told, raw, shape.key) for raw in connection.exec_driver_sql(statement, parameters)]
        rows += page
        size += sum(len(text) for _, text in page)
        if len(page) < _AT_ONCE:
            return rows, True
        if size >= most_bytes:
            return rows, False
        after = page[-1][0]
