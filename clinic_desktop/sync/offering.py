"""Central's side of comparing and of first loads: row hashes and whole rows, each as they are at one place of its journal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.digests import Stretch, hashes, travelling_tables
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncParked, SyncParkedRow, SyncTaken
from clinic_desktop.sync.retelling import REPAIR, put_right
from clinic_desktop.sync.rows import among, in_chunks
from clinic_desktop.sync.shapes import MADE_AT, Shape, shapes
from clinic_desktop.sync.spelling import Reading, read_of
from clinic_desktop.sync.telling import head_of
from clinic_desktop.sync.wire import AskHashes, AskRows, Hashes, Mark, Rows

_p, _r = SyncParked.__table__.c, SyncParkedRow.__table__.c
_SET_ASIDE = (
    select(_r.entity_id)
    .join_from(SyncParkedRow.__table__, SyncParked.__table__, _p.id == _r.parked_id)
    .where(_p.resolved_at.is_(None), _p.site_id == bindparam("site_id"), _r.entity_type == bindparam("table"))
    .distinct()
)
MOST_KEYS = 2_000
"""Rows in one answer at most."""
_AT_ONCE = 500


def offer_hashes(central: Database, asked: AskHashes) -> Hashes:
    """Key and hash of every row in some buckets of a stretch."""
    _refuse_unknown(asked.table)
    with central.read() as session:
        head = head_of(session.connection())
        found = hashes(session.connection(), asked.table, frozenset(asked.buckets), Stretch(asked.after, asked.through))
        return Hashes(head, [(key, value.to_bytes(16)) for key, value in found.items()])


def offer_rows(central: Database, asked: AskRows, asking: UUID) -> Rows:
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
        head = head_of(connection)
        aside = sorted({*_set_aside(session, asked.table, asking), *_to_come(session, asked.marks)})
        if asked.keys:
            return Rows(head, _by_key(connection, asked.table, asked.keys), True, aside)
        rows, is_last = _following(connection, asked.table, asked.after, min(max(asked.most_bytes, 1), 8 << 20))
        return Rows(head, rows, is_last, aside, _empty_after(connection, asked.table) if is_last else [])


def _set_aside(session: Session, table: str, site_id: UUID) -> list[UUID]:
    return list(session.connection().scalars(_SET_ASIDE, {"site_id": site_id, "table": table}))


def _to_come(session: Session, marks: Sequence[Mark]) -> list[UUID]:
    """Rows of what central has lost and their sites will send again: until then others may be the only ones who have them."""
    if not marks:
        return []
    # All of them: a row a site is little, and how many databases a caller names is up to the caller.
    known = select(SyncTaken.database_id, SyncTaken.taken_seq).where(~SyncTaken.is_former)
    taken: dict[UUID, int] = dict(session.execute(known).all())
    return [key for key, database_id, seq in marks if seq > taken.get(database_id, seq)]


def _refuse_unknown(table: str) -> None:
    if table not in travelling_tables():
        raise Refused("malformed", detail=table[:40])


def _reading(connection: Connection, shape: Shape) -> Reading:
    """The columns of a row as it is offered, with when it was made."""
    told = [name for name in shape.kinds if shape.travels(name)]
    return read_of(connection.dialect.name, shape.name, (*told, *(name for name in (MADE_AT,) if name in shape.stamps)))


def _spelled(reading: Reading, raw: Sequence[Any], key_column: str) -> tuple[UUID, str]:
    values = {name: value for name, value in reading.values(raw).items() if value is not None}
    return UUID(values[key_column]), msgspec.json.encode(values, order="deterministic").decode()


def _by_key(connection: Connection, table: str, keys: Sequence[UUID]) -> list[tuple[UUID, str]]:
    shape = shapes()[table]
    reading = _reading(connection, shape)
    found = []
    for some in in_chunks(keys):
        where, parameters = among(connection.dialect.name, shape.key, some)
        rows = connection.exec_driver_sql(f'SELECT {reading.columns} FROM "{table}" WHERE {where}', parameters)
        found += [_spelled(reading, raw, shape.key) for raw in rows]
    return found


def _following(connection: Connection, table: str, after: UUID | None, most_bytes: int) -> tuple[list[tuple[UUID, str]], bool]:
    """Rows after a key, in the order of keys, up to a size."""
    shape, is_postgres = shapes()[table], connection.dialect.name == "postgresql"
    reading = _reading(connection, shape)
    key = f'"{table}"."{shape.key}"'  # by itself the name would be that of the selected text, and every page would sort all that is left
    rows: list[tuple[UUID, str]] = []
    size = 0
    while True:
        where = "" if after is None else f"WHERE {key} > {'%s' if is_postgres else '?'}"
        parameters = () if after is None else (after if is_postgres else after.hex,)
        statement = f'SELECT {reading.columns} FROM "{table}" {where} ORDER BY {key} LIMIT {_AT_ONCE}'
        page = [_spelled(reading, raw, shape.key) for raw in connection.exec_driver_sql(statement, parameters)]
        rows += page
        size += sum(len(text) for _, text in page)
        if len(page) < _AT_ONCE:
            return rows, True
        if size >= most_bytes:
            return rows, False
        after = page[-1][0]


def _empty_after(connection: Connection, table: str) -> list[str]:
    """The tables that follow without any row, up to the first that has one."""
    tables = travelling_tables()
    rest = tables[tables.index(table) + 1 :]
    return list(takewhile(lambda name: connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first() is None, rest))
