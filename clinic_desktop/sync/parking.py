"""Change sets that could not be applied: kept whole, with what they touch, until a person has them tried again or sets them aside."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.reconciling.events import ParkedChanged
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import NOTE
from clinic_desktop.sync.entering import Prepared
from clinic_desktop.sync.integrate import Integration, Rules
from clinic_desktop.sync.models import SyncParked, SyncParkedRow
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.wire import Origin, WireChange, pack, unpack

APPLIED, DISCARDED = "applied", "discarded"
PARENTS = ("parent_missing", "row_missing")
FOLLOWED = ("depends", *PARENTS)
"""Reasons that may be over once another change set went in."""


def park(tx: Tx, site_id: UUID, database_id: UUID, parked: Sequence[tuple[WireChange, Park]]) -> None:
    """Set change sets aside, and say so in the journal."""
    for change, why in parked:
        row = tx.session.scalars(
            select(SyncParked).where(SyncParked.database_id == database_id, SyncParked.origin_seq == change.seq)
        ).one_or_none()
        if row is not None:
            continue
        row = SyncParked(
            id=new_id(),
            site_id=site_id,
            database_id=database_id,
            origin_seq=change.seq,
            reason=why.reason,
            detail=why.detail,
            body=pack(change),
            parked_at=tx.now,
            resolved_at=None,
            resolution=None,
        )
        tx.session.add(row)
        tx.session.flush()
        for table, key in sorted({(one.table, one.key) for one in change.rows if one.operation != NOTE}):
            tx.session.add(SyncParkedRow(parked_id=row.id, entity_type=table, entity_id=UUID(key)))
        tx.note("sync_parked", SyncParked.__tablename__, row.id, reason=why.reason, site_id=site_id, seq=change.seq)
        tx.emit(ParkedChanged(row.id))


_WAITING = (
    select(SyncParked)
    .where(SyncParked.resolved_at.is_(None), SyncParked.reason.in_(bindparam("reasons", expanding=True)))
    .order_by(SyncParked.id)
    .with_for_update()
)
"""Built once: every page that comes in asks."""


def waiting(tx: Tx, reasons: Collection[str] = FOLLOWED) -> Sequence[SyncParked]:
    """What waits for other change sets, in the order in which it was set aside."""
    return tx.session.scalars(_WAITING, {"reasons": tuple(reasons)}).all()


def try_one(tx: Tx, parked: SyncParked, change: WireChange, origin: Origin, rules: Rules) -> list[tuple[Prepared, int]]:
    """Apply what was set aside, if it goes in by now; otherwise why it does not is as of now."""
    came = Integration(tx, rules).take([change], [origin])
    if came.parked:
        ((_, why),) = came.parked
        parked.reason, parked.detail = why.reason, why.detail
    else:
        resolve(tx, parked, APPLIED)
    return came.taken


def resolve(tx: Tx, parked: SyncParked, resolution: str) -> None:
    """It is out of the way: ``applied`` or ``discarded``. What it would have done is told no more: of an erased person, nowhere."""
    parked.resolved_at, parked.resolution, parked.body = tx.now, resolution, b""
    tx.note("sync_unparked", SyncParked.__tablename__, parked.id, resolution=resolution)
    tx.emit(ParkedChanged(parked.id))


def discard(tx: Tx, *, parked_id: UUID) -> None:
    """Set a change set aside for good, as a person decided; nothing of one that is out of the way already."""
    parked = tx.session.get(SyncParked, parked_id, with_for_update=True)
    if parked is not None and parked.resolved_at is None:
        tx.command = "sync.discard"
        resolve(tx, parked, DISCARDED)


IDENTITY = ("patients", "patient_identifiers")
"""Where it stands who a patient is."""


def forget_erased(tx: Tx) -> None:
    """What waits and tells who an erased patient was must neither stay here nor bring that back."""
    for parked in tx.session.scalars(select(SyncParked).where(SyncParked.resolved_at.is_(None)).with_for_update()):
        rows = [row for row in unpack(WireChange, parked.body).rows if row.table in IDENTITY and row.operation != NOTE]
        named = {UUID(one) for row in rows for one in _KEY.findall(f"{row.key} {row.changes}")}
        if named and tx.session.scalar(select(Patient.id).where(Patient.id.in_(named), Patient.erased_at.is_not(None)).limit(1)):
            resolve(tx, parked, DISCARDED)


_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
