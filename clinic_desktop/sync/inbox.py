"""What came here and could not be applied: once what it waited for is there, the rows it touched become what central has by now.

It is not applied late: what others did to the same rows since has come in meanwhile, and would be undone by it.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.kernel.journal import NOTE
from clinic_desktop.sync import parking
from clinic_desktop.sync.comparing import repair
from clinic_desktop.sync.digests import travelling_tables
from clinic_desktop.sync.models import SyncParked
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.wire import WireChange, unpack

MOST = 200
"""Change sets looked at in one go."""
_OPEN_ONES = select(SyncParked.id, SyncParked.body).where(SyncParked.resolved_at.is_(None)).order_by(SyncParked.id).limit(MOST)
"""Built once: every round asks."""


def look_again(site: Site) -> int:
    """Bring what waits here up to date where that works by now; how many change sets wait no more. Raises Offline, Busy or Refused."""
    waiting = _waiting(site)
    if not waiting:
        return 0
    known = travelling_tables()
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for rows in waiting.values():
        for table, key in rows:
            wanted[table].add(key)
    done: set[tuple[str, UUID]] = set()
    for table in (name for name in known if name in wanted):
        repaired = repair(site, table, sorted(wanted[table]))
        if repaired is not None:
            done |= {(table, key) for key in wanted[table] - repaired.left}
    over = [key for key, rows in waiting.items() if rows <= done]
    with writing(site.database, "sync.retry") as tx:
        parking.forget_erased(tx)
        for key in over:
            parked = tx.session.get(SyncParked, key, with_for_update=True)
            if parked is not None and parked.resolved_at is None:
                parking.resolve(tx, parked, parking.APPLIED)
    return len(over)


def _waiting(site: Site) -> dict[UUID, set[tuple[str, UUID]]]:
    """The rows that each of them touches; only what came from central, in a database that others push to as well."""
    with site.database.read() as session:
        bodies = session.execute(_OPEN_ONES).all()
    changes = {key: unpack(WireChange, body) for key, body in bodies}
    return {
        key: {(row.table, UUID(str(row.key))) for row in change.rows if row.operation != NOTE}
        for key, change in changes.items()
        if change.origin is not None
    }
