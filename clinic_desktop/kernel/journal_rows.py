"""Writing change sets' rows: a server is told in one statement, as everybody waits for whoever has the journal's head.

Values come as the journal spells them. A server makes rows of one text by itself; a file takes them line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, TextClause, text

CHANNEL = "clinic_journal"
"""Where a server tells each commit to whoever listens: a hint, nothing that anybody relies on."""
_HINT_PARTS = 3
_SET_HEAD = "UPDATE journal_head SET hash = :hash, hlc = :hlc WHERE id = 1"
_SET_HEAD_HERE = "UPDATE journal_head SET hash = ?, hlc = ? WHERE id = 1"
"""The same as the driver of files takes it, with nothing in between: every transaction runs it."""


class Lines(NamedTuple):
    """Rows to be added to one table; ``kinds`` are those of its columns that engines spell in a way of their own."""

    table: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    """Of each column: uuid, instant, bytes, or nothing."""
    rows: Sequence[Sequence[Any]]


def write_rows(connection: Connection, head: Mapping[str, Any], added: Sequence[Lines], hint: str) -> None:
    """Set the head (``hash`` and ``hlc``) and add the rows of each table; listeners hear the hint when the transaction commits."""
    added = [one for one in added if one.rows]  # a table of a later revision is not even named
    if connection.dialect.name == "postgresql":
        told = {one.table: _as_text(one) for one in added}
        connection.execute(_all_at_once(tuple((one.table, one.columns) for one in added)), {**head, **told, "hint": hint})
        return
    connection.exec_driver_sql(_SET_HEAD_HERE, (head["hash"], head["hlc"]))
    for one in added:
        add_lines(connection, one)


def hint_of(seq: int, digest: bytes, tables: Iterable[str]) -> str:
    """A change set in so few words that whoever hears them need not read it: its sequence, its hash and the tables of its rows."""
    return f"{seq} {digest.hex()} {','.join(sorted(set(tables)))}"


def read_hint(hint: str) -> tuple[int, bytes, list[str]] | None:
    """What a hint says; None where it does not say it all, or is no hint of ours: anybody with a login may say anything here."""
    parts = hint.split(" ")
    try:
        return (int(parts[0]), bytes.fromhex(parts[1]), parts[2].split(",")) if len(parts) == _HINT_PARTS else None
    except ValueError:
        return None


def add_lines(connection: Connection, added: Lines) -> None:
    """Add rows to one table."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_insertion(added.table, added.columns)), {added.table: _as_text(added)})
        return
    spelled = [tuple(one) for one in _respelled(added, _IN_A_FILE)]
    connection.exec_driver_sql(_line_by_line(added.table, added.columns), spelled if len(spelled) > 1 else spelled[0])


@cache
def _line_by_line(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _all_at_once(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> TextClause:
    """One round trip instead of one for each table."""
    parts = [f"head AS ({_SET_HEAD} RETURNING seq)", *(f"{table}_rows AS ({_insertion(table, columns)})" for table, columns in tables)]
    return text(f"WITH {', '.join(parts)} SELECT pg_notify('{CHANNEL}', :hint)")


def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(CAST(NULL AS {table}), CAST(:{table} AS json))"


def _as_text(added: Lines) -> str:
    """Rows as JSON, of which PostgreSQL makes rows itself."""
    return msgspec.json.encode([dict(zip(added.columns, row, strict=True)) for row in _respelled(added, _ON_A_SERVER)]).decode()


def _respelled(added: Lines, spells: _Spells) -> Sequence[Sequence[Any]]:
    """Rows as an engine takes them."""
    own = [(at, spells[kind]) for at, kind in enumerate(added.kinds) if kind in spells]
    if not own:
        return added.rows
    columns: list[Sequence[Any]] = list(zip(*added.rows, strict=True))
    for at, spell in own:
        columns[at] = spell(columns[at])
    return list(zip(*columns, strict=True))


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


_Spells = Mapping[str, Callable[[Sequence[Any]], Sequence[Any]]]
"""By kind, what spells the values of a whole column."""
_IN_A_FILE: _Spells = {
    "uuid": lambda keys: [None if key is None else str(key).replace("-", "") for key in keys],
    "instant": lambda times: [_stored(at) for at in times],
}
_ON_A_SERVER: _Spells = {"bytes": lambda values: [f"\\x{raw.hex()}" for raw in values]}
