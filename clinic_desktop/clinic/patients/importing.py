"""Taking over an old register from a file: checked first, then written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.clinic.patients.commands.taking_over import IMPORT, TakenOver, take_over_register
from clinic_desktop.clinic.patients.legacy.drafts import Draft, Refusal, drafts
from clinic_desktop.clinic.patients.legacy.drafts import Problem as Problem
from clinic_desktop.clinic.patients.legacy.pairs import DuplicatePair, pairs_among, reported
from clinic_desktop.clinic.patients.legacy.reading import SourceTable, read_table
from clinic_desktop.clinic.patients.queries.takeover import known_people, numbers_taken
from clinic_desktop.clinic.patients.region import PHONE_REGION
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor

SOURCE = "legacy-register"
"""The system whose numbers an import keeps, unless it is given another name."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do: records, refused rows, and pairs for review."""

    imported: int
    refused: tuple[Refusal, ...]
    duplicates: tuple[DuplicatePair, ...]
    is_dry_run: bool


def import_patients(
    db: Database,
    actor: Actor,
    path: Path | str,
    *,
    clinic_id: UUID,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    source: str = SOURCE,
) -> ImportReport:
    """Import a CSV register. ``progress`` hears (done, total); a number imported before from ``source`` is refused."""
    actor.require(IMPORT, "patients.import_patients")
    table = read_table(Path(path))
    rows = len(table.rows)
    total = rows if dry_run else 2 * rows  # a row is checked, then written
    tell = progress or _silent
    accepted, refused = _check(db, table, clinic_id, source, lambda done, _: tell(done, total))
    if dry_run:
        taken_over = _rehearse(db, accepted)
    else:
        taken_over = db.run(
            actor,
            take_over_register,
            clinic_id=clinic_id,
            drafts=accepted,
            source=source,
            progress=lambda done: tell(rows + done, total),
        )
    tell(total, total)
    return ImportReport(taken_over.imported, tuple(refused), taken_over.pairs, dry_run)


def _silent(_done: int, _total: int) -> None:
    return None


def _check(
    db: Database, table: SourceTable, clinic_id: UUID, source: str, progress: Callable[[int, int], None]
) -> tuple[list[Draft], list[Refusal]]:
    with db.read() as session:
        today = clinic_today(session, clinic_id, db.clock())
        region = setting_value(session, PHONE_REGION, clinic_id=clinic_id)
    accepted, refused = drafts(table, today=today, region=region, progress=progress)
    with db.read() as session:
        taken = numbers_taken(session, source, (draft.number for draft in accepted if draft.number))
    again = [Refusal(draft.row, "registration_number", "number_already_imported") for draft in accepted if draft.number in taken]
    return [draft for draft in accepted if draft.number not in taken], sorted(refused + again, key=lambda one: one.row)


def _rehearse(db: Database, accepted: list[Draft]) -> TakenOver:
    with db.read() as session:
        known = known_people(session, accepted)
    return TakenOver(len(accepted), reported(pairs_among(accepted, known), accepted, known))
