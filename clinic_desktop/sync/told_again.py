"""What of a page of central's is not here yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, select

from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.wire import WireChange

_o = JournalOrigin.__table__.c
_KNOWN = select(_o.origin_seq).where(_o.database_id == bindparam("database_id"), _o.origin_seq.in_(bindparam("seqs", expanding=True)))
"""Built once: every page that comes in asks."""


def as_of_origin(change: WireChange) -> WireChange:
    """A change set under the sequence that it has where it was made."""
    assert change.origin is not None
    return msgspec.structs.replace(change, seq=change.origin.seq)


def not_here_yet(connection: Connection, changes: Sequence[WireChange]) -> list[WireChange]:
    """Those that are not here yet: a central server that came back from a backup tells some again."""
    known: set[tuple[UUID, int]] = set()
    told = [one.origin for one in changes if one.origin is not None]
    for database_id in {one.database_id for one in told}:
        seqs = sorted(one.seq for one in told if one.database_id == database_id)
        for at in range(0, len(seqs), 500):
            found = connection.scalars(_KNOWN, {"database_id": database_id, "seqs": seqs[at : at + 500]})
            known |= {(database_id, seq) for seq in found}
    return [one for one in changes if one.origin is None or (one.origin.database_id, one.origin.seq) not in known]
