"""What follows from a merge at central: tombstones, conflicts for a person, and what departments mend."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from clinic_desktop.clinic.reconciling.commands import open_tasks
from clinic_desktop.clinic.reconciling.events import ConflictFound
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.reconciling.rules import ConflictStatus
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.journal import DELETE, NOTE
from clinic_desktop.kernel.mending import ConflictKind, Task, mend
from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync import parking
from clinic_desktop.sync.deciding import site_of
from clinic_desktop.sync.entering import Integrated, Prepared
from clinic_desktop.sync.here import Here
from clinic_desktop.sync.models import SyncTombstone
from clinic_desktop.sync.outcomes import Contest, Entered, RowChange, Stamp
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.rows import RowKey
from clinic_desktop.sync.shapes import shapes

PATIENTS = "patients"


def follow_up(tx: Tx, came: Integrated) -> int:
    """After a page was applied; returns how many new things a person has to look at."""
    _bury(tx, came)
    here, opened = Here(tx.session.connection()), 0
    tasks: list[Task] = []
    for prepared, _seq in came.taken:
        opened += sum(_open_contest(tx, here, prepared, row, contest) for row, contest in prepared.contests)
        tasks += [_task(here, ConflictKind.DELETED, (row.table, row.key)) for row in prepared.edited_and_deleted]
        tasks += [_task(here, ConflictKind(kind), row, UUID(other[1])) for row, other, kind in prepared.gave_way]
    if any(_erases(entry) for prepared, _seq in came.taken for entry in prepared.entries):
        parking.forget_erased(tx)
    return opened + open_tasks(tx, tasks=[*tasks, *mend(tx, *came.touched())])


def _erases(entry: Entered) -> bool:
    return entry.entity_type == PATIENTS and entry.operation != NOTE and "erased_at" in entry.changes


def _task(here: Here, kind: ConflictKind, row: RowKey, *about: UUID) -> Task:
    return Task(kind, row[0], UUID(row[1]), patient_id=_patient_of(row, here.image(*row)), about=about)


def _bury(tx: Tx, came: Integrated) -> None:
    """Remember which rows were deleted, when and where."""
    for prepared, seq in came.taken:
        for entry in prepared.entries:
            if entry.operation == DELETE:
                stone = tx.session.get(SyncTombstone, (entry.entity_type, UUID(entry.key)))
                if stone is None:
                    stone = SyncTombstone(entity_type=entry.entity_type, entity_id=UUID(entry.key))
                    tx.session.add(stone)
                stone.seq, stone.hlc, stone.site_id = seq, prepared.origin.hlc, prepared.origin.site_id


def _open_contest(tx: Tx, here: Here, prepared: Prepared, row: RowChange, contest: Contest) -> bool:
    """Two values for one field: both are kept, with who wrote them; the id follows from both, so one contest is told once."""
    change, rival = prepared.change, contest.rival
    came = Stamp(prepared.origin.hlc, prepared.origin.site_id, change.actor_name, change.at)
    stands, other = (came, rival) if contest.is_fresh else (rival, came)
    marks = sorted(f"{one.hlc}:{one.site_id}" for one in (came, rival))
    key = id_of(ConflictKind.FIELD.value, row.table, row.key, contest.field, *marks)
    if tx.session.get(SyncConflict, key) is not None:
        return False
    image = here.image(row.table, row.key)
    tx.add(
        SyncConflict(
            id=key,
            kind=ConflictKind.FIELD,
            entity_type=row.table,
            entity_id=UUID(row.key),
            field=contest.field,
            patient_id=_patient_of((row.table, row.key), image),
            kept_value=_json(contest.stands),
            kept_by=stands.by,
            kept_site_id=stands.site_id,
            kept_at=stands.at,
            other_value=_json(contest.other),
            other_by=other.by,
            other_site_id=other.site_id,
            other_at=other.at,
            owner_site_id=_owner(here, row.table, image),
            detected_at=tx.now,
            status=ConflictStatus.OPEN,
        )
    )
    tx.emit(ConflictFound(key))
    return True


def _patient_of(row: RowKey, image: Values | None) -> UUID | None:
    if image is None:
        return None
    key = image["id"] if row[0] == PATIENTS else image.get("patient_id")
    return None if key is None else UUID(key)


def _owner(here: Here, table: str, image: Values | None) -> UUID | None:
    if image is None or table not in shapes():
        return None
    try:
        return site_of(here, table, image)
    except Park:
        return None


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
