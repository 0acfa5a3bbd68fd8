"""The journal as it travels: pages of change sets after a cursor, without what never leaves a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.capture import SECRET, VERSION
from clinic_desktop.kernel.journal import DELETE, NOTE, UPDATE, AuditLog, ChangeSet, canonical
from clinic_desktop.kernel.journal_secrets import JournalSecret
from clinic_desktop.kernel.merging import Kind
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.rows import read_rows
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.wire import Origin, WireChange, WireRow, WireSecret

LATEST = (1 << 63) - 1
AT_ONCE = 300
"""Change sets read in one go."""
_HEADER_BYTES = 120


class Read(NamedTuple):
    """A change set as the journal has it, and where it was made when that was elsewhere."""

    head: Any
    rows: Sequence[Any]
    origin: Origin | None


def journal_after(connection: Connection, after: int, *, own_only: bool = False) -> Iterator[Read]:
    """All change sets after a sequence, in order, or those that this database did itself."""
    o = JournalOrigin.__table__.c
    joined = select(ChangeSet.__table__, o.site_id, o.database_id, o.origin_seq, o.origin_hlc, o.origin_hash).outerjoin(
        JournalOrigin.__table__, o.seq == ChangeSet.seq
    )
    if own_only:
        joined = joined.where(o.seq.is_(None))
    while True:
        heads = connection.execute(joined.where(ChangeSet.seq > after).order_by(ChangeSet.seq).limit(AT_ONCE)).all()
        if not heads:
            return
        rows: dict[int, list[Any]] = defaultdict(list)
        logs = select(AuditLog.__table__).where(AuditLog.seq.in_([head.seq for head in heads]))
        for row in connection.execute(logs.order_by(AuditLog.seq, AuditLog.ordinal)):
            rows[row.seq].append(row)
        for head in heads:
            is_own = head.database_id is None
            origin = None if is_own else Origin(head.site_id, head.database_id, head.origin_seq, head.origin_hlc, bytes(head.origin_hash))
            yield Read(head, rows[head.seq], origin)
        after = heads[-1].seq


def own_changes(connection: Connection, after: int, most_bytes: int, latest: int = LATEST, looked: int = 0) -> list[WireChange]:
    """A page of what this database did itself after a sequence; ``latest`` brings clocks that ran ahead back to the present.

    Through ``looked`` it is known that there is nothing: what others did may be long.
    """
    page: list[WireChange] = []
    size, last = 0, after
    for read in journal_after(connection, max(after, looked), own_only=True):
        rows, secrets = travelling(connection, read.rows)
        if not rows:
            continue
        page.append(as_wire(read.head, last, _clock(read.head, latest), rows, secrets))
        last, size = read.head.seq, size + _size(rows)
        if size >= most_bytes:
            break
    return page


def _clock(head: Any, latest: int) -> int:
    """A clock once ahead stays ahead in the journal: what was written after it was put right goes by the time of day.

    The sequence keeps apart what comes out at the same moment: by its clock and its site a writing is known from all others.
    """
    if head.hlc <= latest:
        return int(head.hlc)
    return min(int(head.at.timestamp() * 1000) << 16, latest) | (int(head.seq) & 0xFFFF)


def as_wire(head: Any, after: int, hlc: int, rows: list[WireRow], secrets: list[WireSecret], origin: Origin | None = None) -> WireChange:
    """A change set of the journal as it travels."""
    return WireChange(
        seq=head.seq,
        after=after,
        hlc=hlc,
        hash=bytes(head.hash),
        at=head.at.astimezone(UTC),
        actor_id=head.actor_id,
        actor_name=head.actor_name,
        workstation_id=head.workstation_id,
        command=head.command,
        reason=head.reason,
        rows=rows,
        secrets=secrets,
        origin=origin,
    )


def _size(rows: Sequence[WireRow]) -> int:
    return _HEADER_BYTES + sum(len(row.changes) + 40 for row in rows)


def size_of(change: WireChange) -> int:
    """About how many bytes a change set takes, unpacked."""
    return _size(change.rows)


def travelling(
    connection: Connection, logs: Sequence[Any], wanted: Callable[[Any], bool] = lambda _log: True
) -> tuple[list[WireRow], list[WireSecret]]:
    """The rows of one change set that leave the database, with the secrets among them."""
    rows: list[WireRow] = []
    secrets: list[WireSecret] = []
    known = shapes()
    for log in logs:
        shape = known.get(log.entity_type)
        if not wanted(log) or (shape is not None and shape.policy.kind is Kind.LOCAL and log.operation != NOTE):
            continue
        changes = log.changes if shape is None or log.operation == NOTE else _without_local(shape, log.changes)
        if changes is None:
            continue
        if f'"{SECRET}"' in changes and shape is not None and log.operation != DELETE:
            secrets += [WireSecret(len(rows), name, value) for name, value in _secrets(connection, shape, log).items()]
        rows.append(WireRow(log.entity_type, log.entity_id, log.operation, changes))
    return rows, secrets


def _without_local(shape: Shape, changes: str) -> str | None:
    """The told changes without columns that stay here; None when an update is left with nothing."""
    if VERSION not in changes and not shape.policy.stays_here:
        return changes
    told: dict[str, Any] = msgspec.json.decode(changes)
    left = {name: value for name, value in told.items() if name in shape.moving}
    return canonical(left) if left else None


def _secrets(connection: Connection, shape: Shape, log: Any) -> dict[str, str]:
    """The secret values of one journal entry as JSON; of one that has forgotten them, what the row holds now."""
    kept = select(JournalSecret.field, JournalSecret.value).where(JournalSecret.seq == log.seq, JournalSecret.ordinal == log.ordinal)
    found = {name: value for name, value in connection.execute(kept) if shape.travels(name)}
    told: dict[str, Any] = msgspec.json.decode(log.changes)
    named = {name for name in shape.secrets & told.keys() if (told[name][1] if log.operation == UPDATE else told[name]) == SECRET}
    if log.operation == NOTE:
        return found
    missing = {name for name in named if shape.travels(name)} - found.keys()
    if missing:
        row = read_rows(connection, shape.name, [log.entity_id]).get(log.entity_id, {})
        found |= {name: msgspec.json.encode(row.get(name)).decode() for name in missing}
    return found


def own_head(connection: Connection) -> tuple[int, UUID]:
    """The newest sequence of this database, and its id."""
    row = connection.exec_driver_sql("SELECT h.seq, i.database_id FROM journal_head h CROSS JOIN database_identity i").one()
    key = row.database_id
    return int(row.seq), key if isinstance(key, UUID) else UUID(key)
