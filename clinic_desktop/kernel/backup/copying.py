"""All rows of one database into another, whatever the engines: backups of a server, restores to one, moves between both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clinic_desktop.kernel.backup.errors import BackupFailed
from clinic_desktop.kernel.backup.rawforms import Column, Digest
from clinic_desktop.kernel.backup.sides import Rows, Side
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps

Digests = dict[str, tuple[int, str]]
"""By table: rows and digest."""


def copy_rows(source: Side, target: Side, steps: Steps = UNWATCHED) -> Digests:
    """Replace all rows of ``target`` by those of ``source``, which must be of the same revision; returns what was copied."""
    tables = source.tables()
    if tables != target.tables():
        raise BackupFailed(reason="revisions_differ")
    total, done, copied = sum(map(source.count, tables)), 0, {}
    steps.at(0, total, "copy")
    with target.unguarded():
        target.clear(list(tables))
        for table, columns in tables.items():
            digest = Digest()
            target.write(table, columns, _told(source.read(table, columns), digest, steps, done, total))
            copied[table] = (digest.rows, digest.text)
            done += digest.rows
    return copied


def _told(batches: Iterator[Rows], digest: Digest, steps: Steps, before: int, total: int) -> Iterator[Rows]:
    for rows in batches:
        digest.add(rows)
        yield rows
        steps.at(before + digest.rows, max(total, before + digest.rows), "copy")


def digests(side: Side, steps: Steps = UNWATCHED) -> Digests:
    """Rows and digest of every table."""
    found, tables = {}, side.tables()
    for number, (table, columns) in enumerate(tables.items()):
        steps.at(number, len(tables), "count")
        found[table] = _digest(side, table, columns)
    return found


def _digest(side: Side, table: str, columns: Sequence[Column]) -> tuple[int, str]:
    digest = Digest()
    for rows in side.read(table, columns):
        digest.add(rows)
    return digest.rows, digest.text


def row_counts(side: Side) -> dict[str, int]:
    """Rows of every table."""
    return {table: side.count(table) for table in side.tables()}
