"""A row as the journal tells it: what stands in the table may have been changed by a failing disk, and by nobody else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, select

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog, Entry
from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.rows import in_chunks, read_rows
from clinic_desktop.sync.shapes import instant_text, shapes
from clinic_desktop.sync.staging import Writing
from clinic_desktop.sync.wire import Mark

REPAIR = "sync.repair"


def retold(connection: Connection, table: str, key: UUID) -> Values | None:
    """What the journal made of a row, without secrets; None where it was deleted, or the journal does not know its beginning."""
    log, shape = AuditLog.__table__.c, shapes()[table]
    wanted = select(log.operation, log.changes).where(log.entity_type == table, log.entity_id == key, log.operation != NOTE)
    values: Values | None = None
    for operation, changes in connection.execute(wanted.order_by(log.seq, log.ordinal)):
        told = msgspec.json.decode(changes)
        if operation == INSERT:
            values = {name: told.get(name) for name in shape.kinds}
        elif operation == DELETE:
            values = None
        elif values is not None:
            values |= {name: new for name, (_, new) in told.items() if name in values}
    return values


def marks_on(connection: Connection, table: str, keys: Sequence[UUID]) -> list[Mark]:
    """By which change sets of others rows are here as they are: of each database the newest."""
    log, origin = AuditLog.__table__.c, JournalOrigin.__table__.c
    newest = select(log.entity_id, origin.database_id, func.max(origin.origin_seq)).join_from(
        AuditLog.__table__, JournalOrigin.__table__, origin.seq == log.seq
    )
    # What central brought by itself has no place in anybody's journal, and a number below nought.
    found = newest.where(log.entity_type == table, log.operation != NOTE, origin.origin_seq > 0)
    by_row = found.group_by(log.entity_id, origin.database_id)
    return [Mark(*one) for some in in_chunks(keys) for one in connection.execute(by_row.where(log.entity_id.in_(some)))]


def put_right(tx: Tx, table: str, keys: Collection[UUID]) -> list[UUID]:
    """Give rows back what the journal tells of them, and say so in it; returns those that held something else."""
    connection, shape = tx.session.connection(), shapes()[table]
    stored, writing, repaired = read_rows(connection, table, keys, lock=True), Writing(), []
    for key in keys:
        told, held = retold(connection, table, key), stored.get(key)
        if told is None or held is None:
            continue
        wrong = {name: told[name] for name in shape.kinds if name not in shape.secrets and held[name] != told[name]}
        if wrong:
            writing.update((table, str(key)), wrong, instant_text(tx.now))
            tx.capture.add(Entry(table, key, NOTE, {"event": "sync_repaired", "fields": sorted(wrong)}))
            repaired.append(key)
    writing.write(connection)
    return repaired
