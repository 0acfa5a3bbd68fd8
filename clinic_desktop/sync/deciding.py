"""Central's rules: who may write what, what becomes of it, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog, ChangeSet
from clinic_desktop.kernel.merging import Kind, Policy, Values
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.integrate import BACK, GONE, KEPT_OTHERWISE, SAME, Here, Park
from clinic_desktop.sync.merge import NEVER, Outcome, RowChange, Stamp, decide
from clinic_desktop.sync.models import SyncParked, SyncParkedRow, SyncTombstone
from clinic_desktop.sync.rows import RowKey
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.wire import WireChange, WireRow

CLINICS = "clinics"
_DEEPEST = 6
"""How many rows lead at most from one to the clinic that it belongs to."""


class Deciding:
    """Rules for the change sets of one site."""

    def __init__(self, site_id: UUID, *, keeps_shared_data: bool, central_site: UUID, besides: UUID | None = None) -> None:
        self.site_id, self.keeps_shared_data, self._central_site = site_id, keeps_shared_data, central_site
        self._besides = besides
        """The parked change set that is tried again: it waits neither for itself nor for those that came after it."""
        self._waiting: set[RowKey] = set()
        self._buried: dict[RowKey, Stamp] = {}

    def says_otherwise(self) -> bool:
        """Central's word is what sites go by."""
        return True

    def begin(self, here: Here, changes: Sequence[WireChange]) -> None:
        """Read what waits for a person, what was deleted, and the rows that lead to clinics."""
        keys = {(row.table, row.key) for change in changes for row in change.rows}
        parked = SyncParkedRow.__table__.c
        open_ones = select(parked.entity_type, parked.entity_id).join(SyncParked, SyncParked.id == parked.parked_id)
        open_ones = open_ones.where(SyncParked.resolved_at.is_(None))
        if self._besides is not None:
            open_ones = open_ones.where(SyncParked.id < self._besides)
        self._waiting = {(table, key) for table, key in here.connection.execute(open_ones)}
        missing = {row for row in keys if row[0] in shapes() and here.image(*row) is None}
        self._buried = _tombstones(here, missing)

    def outcome(self, here: Here, change: WireChange, shape: Shape, row: RowChange) -> Outcome:
        """Settle one row; raises Park."""
        image = here.image(row.table, row.key)
        is_awaited = image is None and row.operation == INSERT  # what waits may wait for just this row
        if (row.table, row.key) in self._waiting and not is_awaited:
            raise self._wait(change, row, "depends", row.table)
        if image is None and row.operation != INSERT and (row.table, row.key) not in self._buried:
            # Not deleted but never seen: a central server that came back from a backup has yet to be sent it again.
            raise self._wait(change, row, "row_missing", row.table)
        outcome = decide(
            shape,
            image,
            row,
            Stamp(change.hlc, self.site_id, change.actor_name, change.at),
            lambda name: last_written(here, row, name, self._central_site, is_first=name in shape.policy.by_person),
            self._buried.get((row.table, row.key)),
        )
        if not self._may(here, shape, row, image, outcome):
            raise self._wait(change, row, "not_owner" if shape.policy.kind is not Kind.SHARED else "not_keeper", row.table)
        if outcome.operation == DELETE:
            self._buried[row.table, row.key] = Stamp(change.hlc, self.site_id)
        elif outcome.operation == INSERT:
            self._buried.pop((row.table, row.key), None)
        return outcome

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
        if outcome.operation is None:
            return True
        if policy.kind in (Kind.MERGED, Kind.UNION) or (policy.kind is Kind.LEDGER and policy.owner is None):
            return True
        if image is not None and outcome.operation != DELETE and outcome.changes.keys() <= _open(policy):
            return True
        rows = [one for one in (image, outcome.image) if one is not None]
        if policy.kind is Kind.SHARED:
            return self.keeps_shared_data
        return all(self._owns(here, shape, one) for one in rows)

    def _owns(self, here: Here, shape: Shape, row: Values) -> bool:
        site = site_of(here, shape.name, row)
        return self.keeps_shared_data if site is None else site == self.site_id


def _open(policy: Policy) -> frozenset[str]:
    return policy.open_columns | policy.counters | policy.derived | {"row_version"}


def site_of(here: Here, table: str, row: Values) -> UUID | None:
    """The site that a row belongs to, by the clinic that its owner column leads to; None where it is the whole chain's."""
    for _ in range(_DEEPEST):
        if table == CLINICS:
            site = row.get("site_id")
            return None if site is None else UUID(site)
        shape = shapes()[table]
        column = next((one for one in (shape.policy.owner, shape.policy.or_owner) if one is not None and row.get(one) is not None), None)
        if column is None:
            return None
        table, key = shape.parents[column], UUID(row[column])
        found = here.image(table, key)
        if found is None:
            raise Park("parent_missing", f"{shape.name}.{column}")
        row = found
    raise Park("parent_missing", table)


def last_written(here: Here, row: RowChange, name: str, central_site: UUID, *, is_first: bool = False) -> Stamp:
    """When and where the present value of a field was written, as the journal tells: of several who wrote it the last, or the first."""
    log, origin = AuditLog.__table__.c, JournalOrigin.__table__.c
    wanted = (
        select(log.operation, log.changes, ChangeSet.hlc, ChangeSet.actor_name, ChangeSet.at, origin.origin_hlc, origin.site_id)
        .join(ChangeSet, ChangeSet.seq == log.seq)
        .outerjoin(JournalOrigin.__table__, origin.seq == log.seq)
        .where(log.entity_type == row.table, log.entity_id == row.key)
        .order_by(log.seq.desc(), log.ordinal.desc())
    )
    stamps: list[Stamp] = []
    for operation, changes, hlc, by, at, origin_hlc, site_id in here.connection.execute(wanted):
        told = msgspec.json.decode(changes)
        is_same = operation == NOTE and told.get("event") == SAME and name in told.get("fields", (name,))
        is_written = operation != NOTE and (name in told or operation == INSERT)
        if is_same or is_written:
            stamps.append(Stamp(hlc, central_site, by, at) if site_id is None else Stamp(origin_hlc, site_id, by, at))
        if is_written:
            break
    return min(stamps) if is_first and stamps else max(stamps, default=NEVER)


def _tombstones(here: Here, rows: set[RowKey]) -> dict[RowKey, Stamp]:
    stone = SyncTombstone.__table__.c
    found: dict[RowKey, Stamp] = {}
    for table in {table for table, _ in rows}:
        keys = sorted(key for name, key in rows if name == table)
        for at in range(0, len(keys), 400):
            wanted = select(stone.entity_id, stone.hlc, stone.site_id).where(
                stone.entity_type == table, stone.entity_id.in_(keys[at : at + 400])
            )
            found |= {(table, key): Stamp(hlc, site_id) for key, hlc, site_id in here.connection.execute(wanted)}
    return found
