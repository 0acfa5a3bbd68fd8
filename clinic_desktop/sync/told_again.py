"""What of a page of central's is not here yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.wire import WireChange


def as_of_origin(change: WireChange) -> WireChange:
    """A change set under the sequence that it has where it was made."""
    assert change.origin is not None
    return msgspec.structs.replace(change, seq=change.origin.seq)


def not_here_yet(connection: Connection, changes: Sequence[WireChange]) -> list[WireChange]:
    """Those that are not here yet: a central server that came back from a backup tells some again."""
    origin = JournalOrigin.__table__.c
    known: set[tuple[UUID, int]] = set()
    told = [one.origin for one in changes if one.origin is not None]
    for database_id in {one.database_id for one in told}:
        seqs = sorted(one.seq for one in told if one.database_id == database_id)
        for at in range(0, len(seqs), 500):
            wanted = select(origin.origin_seq).where(origin.database_id == database_id, origin.origin_seq.in_(seqs[at : at + 500]))
            known |= {(database_id, seq) for seq in connection.scalars(wanted)}
    return [one for one in changes if one.origin is None or (one.origin.database_id, one.origin.seq) not in known]
