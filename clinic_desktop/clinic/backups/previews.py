"""What a restore would bring, in the clinic's own words: whose it is, what happened last, how many of what people count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic_desktop.clinic.privacy.queries import erased_after
from clinic_desktop.kernel.backup.planning import LastChange, Preview
from clinic_desktop.kernel.backup.workfiles import reading
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.schema import is_current

COUNTED = ("patients", "appointments", "visits", "consultations", "prescriptions", "invoices", "payments", "stock_movements", "users")
"""Tables by which people know their clinic."""


@dataclass(frozen=True, slots=True)
class RestorePreviewRow:
    """A restore as it is offered for confirmation."""

    hospital: str | None
    file: str
    taken_at: datetime
    change_sets: int
    """Replayed after the backup."""
    last: LastChange | None
    counts: Mapping[str, int]
    clock_set_back: bool
    is_other: bool
    """What is there now is another database, or went another way: all of it would be put aside."""
    lost_change_sets: int
    lost_since: datetime | None
    lost: Mapping[str, int]
    undone_erasures: Sequence[str]
    """Numbers of erasures that would have to be repeated, and of whom."""


def told(found: Preview, present: Database | None) -> RestorePreviewRow:
    """A preview for people; ``present`` is the database that would be put aside."""
    manifest, lost = found.plan.backup.manifest, found.lost
    with reading(found.plan.backup.path, found.plan.data_key) as copy:
        name = copy.execute("SELECT name FROM hospitals LIMIT 1").fetchone() if "hospitals" in manifest.tables else None
    return RestorePreviewRow(
        hospital=None if name is None else name[0],
        file=found.plan.backup.path.name,
        taken_at=manifest.taken_at,
        change_sets=found.change_sets,
        last=found.last,
        counts={table: found.tables[table] for table in COUNTED if table in found.tables},
        clock_set_back=found.clock_set_back,
        is_other=lost is not None and lost.is_other,
        lost_change_sets=0 if lost is None else lost.change_sets,
        lost_since=None if lost is None else lost.since,
        lost={} if lost is None else {table: lost.rows[table] for table in COUNTED if table in lost.rows},
        undone_erasures=undone_erasures(found, present),
    )


def undone_erasures(found: Preview, present: Database | None) -> list[str]:
    """Erasures that the present database has done and the restored one would not have."""
    if present is None or found.lost is None or not is_current(present):
        return []
    with present.read() as session:
        return erased_after(session, None if found.last is None else found.last.at)
