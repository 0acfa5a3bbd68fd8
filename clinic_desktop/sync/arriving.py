"""What of a push is new to central: each change set once, in a row without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.outbox import LATEST
from clinic_desktop.sync.wire import WireChange

HASH_BYTES = 32
_o = JournalOrigin.__table__.c
_MINE = _o.database_id == bindparam("database_id")
# Built once: every push asks.
_HELD_TO = select(func.max(_o.origin_seq)).where(_MINE)
_HELD_HASH = select(_o.origin_hash).where(_MINE, _o.origin_seq == bindparam("at"))


def not_taken_yet(
    connection: Connection, taken: SyncTaken, changes: Sequence[WireChange], latest: int, now: datetime
) -> tuple[list[WireChange], WireChange | None]:
    """Those that are not here yet, and how far the row goes; those that came before must be the very same. ``latest``: of all clocks.

    Central may hold more than it remembers to have taken: the journal that it replayed when it came back from a backup.
    """
    last = taken.taken_seq
    held_to = max(last, _held_to(connection, taken.database_id))
    fresh: list[WireChange] = []
    newest: WireChange | None = None
    for change in changes:
        held = _held_hash(connection, taken.database_id, change.seq) if change.seq <= held_to else None
        if held not in (None, change.hash):
            raise Refused("diverged", seq=change.seq)
        if change.seq <= taken.taken_seq:
            continue
        if change.after != last:
            raise Refused("gap", expected=last, got=change.after)
        _refuse_malformed(change)
        if change.hlc > latest:
            if newest is not None:
                break
            raise Refused("clock_ahead", now=now.isoformat())
        newest, last = change, change.seq
        if held is None:
            fresh.append(change)
    return fresh, newest


def _refuse_malformed(change: WireChange) -> None:
    if change.seq <= change.after or change.origin is not None or change.is_whole or change.echo:
        raise Refused("malformed", detail="order")
    if change.seq > LATEST or change.hlc < 0 or len(change.hash) != HASH_BYTES:
        raise Refused("malformed", detail="sizes")


def _held_to(connection: Connection, database_id: UUID) -> int:
    return int(connection.scalar(_HELD_TO, {"database_id": database_id}) or 0)


def _held_hash(connection: Connection, database_id: UUID, seq: int) -> bytes | None:
    found = connection.scalar(_HELD_HASH, {"database_id": database_id, "at": seq})
    return None if found is None else bytes(found)
