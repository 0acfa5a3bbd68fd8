"""Central's rules: who may write what, what becomes of it, and what waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select

from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE, AuditLog, ChangeSet
from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.here import Here
from clinic_desktop.sync.integrate import BACK, GONE, KEPT_OTHERWISE, SAME
from clinic_desktop.sync.merge import decide, inserted
from clinic_desktop.sync.models import SyncParked, SyncParkedRow
from clinic_desktop.sync.outcomes import NEVER, Outcome, RowChange, Stamp
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.rows import RowKey, among, in_chunks
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.wire import WireChange, WireRow

CLINICS = "clinics"
_parked, _log, _origin = SyncParkedRow.__table__.c, AuditLog.__table__.c, JournalOrigin.__table__.c
# Nobody else has seen what a site could not do: only its own later work may build on it. Were others to wait for it as well,
# two sites could wait for one another for ever.
_OPEN_ONES = (
    select(_parked.entity_type, _parked.entity_id)
    .join(SyncParked, SyncParked.id == _parked.parked_id)
    .where(SyncParked.resolved_at.is_(None), SyncParked.site_id == bindparam("site_id"))
)
_WRITTEN = (
    select(_log.operation, _log.changes, ChangeSet.hlc, ChangeSet.actor_name, ChangeSet.at, _origin.origin_hlc, _origin.site_id)
    .join(ChangeSet, ChangeSet.seq == _log.seq)
    .outerjoin(JournalOrigin.__table__, _origin.seq == _log.seq)
    .where(_log.entity_type == bindparam("table"), _log.entity_id == bindparam("key"))
    .order_by(_log.seq.desc(), _log.ordinal.desc())
)
_DEEPEST = 6
"""How many rows lead at most from one to the clinic that it belongs to."""


class Deciding:
    """Rules for the change sets of one site."""

    def __init__(
        self,
        site_id: UUID,
        *,
        keeps_shared_data: bool,
        central_site: UUID,
        owns_as: UUID | None = None,
        besides: UUID | None = None,
    ) -> None:
        self.site_id, self.keeps_shared_data, self._central_site = site_id, keeps_shared_data, central_site
        self._owns_as, self._is_replica = owns_as or site_id, owns_as is not None
        """The site whose rows are its own: of a computer's copy of a LAN database the LAN's."""
        self._besides = besides
        """The parked change set that is tried again: it waits neither for itself nor for those that came after it."""
        self._waiting: set[RowKey] = set()
        self._buried: dict[RowKey, Stamp] = {}
        self._stamped: tuple[WireChange, Stamp] | None = None

    def says_otherwise(self) -> bool:
        """Central's word is what sites go by."""
        return True

    def begin(self, here: Here, changes: Sequence[WireChange]) -> None:
        """Read what waits for a person, what was deleted, and the rows that lead to clinics."""
        keys = {(row.table, row.key) for change in changes for row in change.rows if row.operation != NOTE}
        open_ones = _OPEN_ONES if self._besides is None else _OPEN_ONES.where(SyncParked.id < self._besides)
        self._waiting = {(table, str(key)) for table, key in here.connection.execute(open_ones, {"site_id": self.site_id})}
        missing = {row for row in keys if row[0] in shapes() and here.image(*row) is None}
        self._buried = _tombstones(here, missing)
        if self._is_replica:
            made = {(row.table, row.key) for change in changes for row in change.rows if row.operation == INSERT}
            self._buried |= _deleted_here(here, missing - made - self._buried.keys(), self._central_site)

    def outcome(self, here: Here, change: WireChange, shape: Shape, row: RowChange) -> Outcome:
        """Settle one row; raises Park."""
        at = row[:2]
        image = here.at(at)
        if image is None and row.operation == INSERT:  # what waits may wait for just this row
            outcome = inserted(shape, row.told) if at not in self._buried else self._decided(here, change, shape, row, image)
        elif at in self._waiting:
            raise self._wait(change, row, "depends", row.table)
        elif image is None and at not in self._buried:
            # Not deleted but never seen: a central server that came back from a backup has yet to be sent it again.
            raise self._wait(change, row, "row_missing", row.table)
        else:
            outcome = self._decided(here, change, shape, row, image)
        if not self._may(here, shape, row, image, outcome):
            raise self._wait(change, row, "not_owner" if shape.policy.kind is not Kind.SHARED else "not_keeper", row.table)
        if outcome.operation == DELETE:
            self._buried[at] = Stamp(change.hlc, self.site_id)
        elif outcome.operation == INSERT:
            self._buried.pop(at, None)
        return outcome

    def _decided(self, here: Here, change: WireChange, shape: Shape, row: RowChange, image: Values | None) -> Outcome:
        def rival(name: str) -> Stamp:
            return last_written(here, row, name, self._central_site, is_first=name in shape.policy.by_person)

        return decide(shape, image, row, self._stamp_of(change), rival, self._buried.get(row[:2]))

    def _stamp_of(self, change: WireChange) -> Stamp:
        """When and where a change set was made: the same for all its rows."""
        if self._stamped is None or self._stamped[0] is not change:
            self._stamped = (change, Stamp(change.hlc, self.site_id, change.actor_name, change.at))
        return self._stamped[1]

    def note(self, here: Here, change: WireChange, row: WireRow, details: Values) -> tuple[Shape, RowChange, Outcome] | None:
        """A site's notes are told on and do nothing; central's own words are not a site's to say."""
        if details.get("event") in (KEPT_OTHERWISE, GONE, BACK, SAME):
            raise Park("not_owner", "note")
        return None

    def _wait(self, change: WireChange, _row: RowChange, reason: str, detail: str) -> Park:
        self._waiting |= {(one.table, one.key) for one in change.rows if one.operation != NOTE}
        return Park(reason, detail)

    def _may(self, here: Here, shape: Shape, row: RowChange, image: Values | None, outcome: Outcome) -> bool:
        policy = shape.policy
        if outcome.operation is None or shape.name in _anyones(len(Base.metadata.tables)):
            return True
        if image is not None and outcome.operation != DELETE and outcome.changes.keys() <= _open(shape.name, len(Base.metadata.tables)):
            return True
        if policy.kind is Kind.SHARED:
            return self.keeps_shared_data
        if image is None and outcome.image is not None:
            return self._owns(here, shape, outcome.image)
        is_moved = outcome.operation != UPDATE or shape.name == CLINICS or not outcome.changes.keys().isdisjoint(shape.owners)
        rows = [one for one in ((image, outcome.image) if is_moved else (image,)) if one is not None]
        return all(self._owns(here, shape, one) for one in rows)

    def _owns(self, here: Here, shape: Shape, row: Values) -> bool:
        site = site_of(here, shape.name, row)
        if site is None and self._is_replica and any(row.get(one) is not None for one in shape.owners):
            return True  # a LAN that is in no chain has not named its clinics' site: all of them are its own
        return self.keeps_shared_data if site is None else site == self._owns_as


@cache
def _anyones(_tables: int) -> frozenset[str]:
    """Tables in which every site may write."""
    policies = {name: shape.policy for name, shape in shapes().items()}
    ledgers = {name for name, policy in policies.items() if policy.kind is Kind.LEDGER and policy.owner is None}
    return frozenset(ledgers | {name for name, policy in policies.items() if policy.kind in (Kind.MERGED, Kind.UNION)})


@cache
def _open(table: str, _tables: int) -> frozenset[str]:
    policy = shapes()[table].policy
    return ((policy.open_columns | policy.counters | policy.derived) - policy.closed) | {"row_version"}


def site_of(here: Here, table: str, row: Values) -> UUID | None:
    """The site that a row belongs to, by the clinic that its owner column leads to; None where it is the whole chain's."""
    column = next((one for one in shapes()[table].owners if row.get(one) is not None), None)
    if column is not None and (at := (shapes()[table].parents[column], row[column])) in here.sites and table != CLINICS:
        return here.sites[at]  # as of nearly every row
    passed: list[RowKey] = []
    for _ in range(_DEEPEST):
        if table == CLINICS:
            site = row.get("site_id")
            return here.belong(passed, None if site is None else UUID(site))
        shape = shapes()[table]
        column = next((one for one in shape.owners if row.get(one) is not None), None)
        if column is None:
            return here.belong(passed, None)
        at = (shape.parents[column], row[column])
        if at in here.sites:
            return here.belong(passed, here.sites[at])
        found = here.image(*at)
        if found is None:
            raise Park("parent_missing", f"{shape.name}.{column}")
        passed.append(at)
        table, row = at[0], found
    raise Park("parent_missing", table)


def last_written(here: Here, row: RowChange, name: str, central_site: UUID, *, is_first: bool = False) -> Stamp:
    """When and where the present value of a field was written, as the journal tells: of several who wrote it the last, or the first."""
    stamps: list[Stamp] = []
    for operation, changes, hlc, by, at, origin_hlc, site_id in here.connection.execute(
        _WRITTEN, {"table": row.table, "key": UUID(row.key)}
    ):
        told = msgspec.json.decode(changes)
        is_same = operation == NOTE and told.get("event") == SAME and name in told.get("fields", (name,))
        is_written = operation != NOTE and (name in told or operation == INSERT)
        if is_same or is_written:
            stamps.append(Stamp(hlc, central_site, by, at) if site_id is None else Stamp(origin_hlc, site_id, by, at))
        if is_written:
            break
    return min(stamps) if is_first and stamps else max(stamps, default=NEVER)


def _deleted_here(here: Here, rows: Iterable[RowKey], site_id: UUID) -> dict[RowKey, Stamp]:
    """Of rows that somebody edited on a copy: when the server's own desks deleted them, which no merge has buried."""
    log, origin = AuditLog.__table__.c, JournalOrigin.__table__.c
    found: dict[RowKey, Stamp] = {}
    for table, key in rows:
        wanted = select(ChangeSet.hlc, origin.origin_hlc, origin.site_id).join(AuditLog, AuditLog.seq == ChangeSet.seq)
        wanted = wanted.outerjoin(JournalOrigin.__table__, origin.seq == ChangeSet.seq)
        wanted = wanted.where(log.entity_type == table, log.entity_id == UUID(key), log.operation == DELETE)
        last = here.connection.execute(wanted.order_by(log.seq.desc()).limit(1)).one_or_none()
        if last is not None:
            found[table, key] = Stamp(last.hlc, site_id) if last.site_id is None else Stamp(last.origin_hlc, last.site_id)
    return found


def _tombstones(here: Here, rows: Iterable[RowKey]) -> dict[RowKey, Stamp]:
    """When and where rows were deleted, of those of which that is known."""
    is_server = here.connection.dialect.name == "postgresql"
    tables: dict[str, list[str]] = defaultdict(list)
    for table, key in rows:
        tables[table].append(key)
    found: dict[RowKey, Stamp] = {}
    mark = "%s" if is_server else "?"
    told = f"unnest({mark}::text[]) AS told(value)" if is_server else f"json_each({mark}) AS told"
    buried = f"SELECT told.value FROM {told} WHERE EXISTS (SELECT 1 FROM sync_tombstones WHERE entity_type = told.value)"
    names = list(tables) if is_server else msgspec.json.encode(list(tables)).decode()
    for (table,) in here.connection.exec_driver_sql(buried, (names,)).all() if tables else ():
        for some in in_chunks(sorted(tables[table])):
            where, parameters = among(here.connection.dialect.name, "entity_id", some)
            statement = f"SELECT entity_id, hlc, site_id FROM sync_tombstones WHERE entity_type = {mark} AND {where}"
            for key, hlc, site in here.connection.exec_driver_sql(statement, (table, *parameters)):
                found[table, str(UUID(str(key)))] = Stamp(hlc, UUID(str(site)))
    return found
