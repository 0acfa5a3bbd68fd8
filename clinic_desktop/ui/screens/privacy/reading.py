"""What the privacy screen reads and runs off the UI thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from clinic_desktop.clinic.patients.queries import PatientRow, patient_by_number
from clinic_desktop.clinic.privacy import queries
from clinic_desktop.clinic.privacy.commands import note_verified
from clinic_desktop.clinic.privacy.queries import ArchiveRow, OpeningRow, RequestRow, RuleRow, Verified
from clinic_desktop.clinic.privacy.retention.running import RetentionPlan, RetentionRun, plan_retention, run_retention
from clinic_desktop.clinic.privacy.rules import ExportWay
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.late import late

if TYPE_CHECKING:
    from clinic_desktop.documents.compose.exporting import Written

WRITE_EXPORT = late("clinic_desktop.documents.compose.exporting:write_export")


@dataclass(frozen=True, slots=True)
class Privacy:
    """Everything that the screen shows but the plan."""

    rules: list[RuleRow]
    archives: list[ArchiveRow]
    requests: list[RequestRow]
    openings: list[OpeningRow]


def privacy(session: Any) -> Privacy:
    """Rules, archives, requests and openings."""
    return Privacy(
        queries.retention_rules(session), queries.archives(session), queries.privacy_requests(session), queries.openings(session)
    )


def planned(*, db: Any, today: date) -> RetentionPlan:
    """What may leave today."""
    with db.read() as session:
        return plan_retention(session, today)


def archived(*, db: Any, actor: Any, folder: Path, today: date, progress: Any) -> RetentionRun:
    """Archive what may leave today."""
    return run_retention(db, actor, folder, today=today, progress=progress.report)


def verified(*, db: Any, actor: Any, path: Path) -> Verified:
    """Read an archive again, and note that it is whole."""
    keys = () if db.data_key is None else (db.data_key,)
    with db.read() as session:
        found = queries.verify_file(session, path, data_keys=keys)
    if found.is_known:
        db.run(actor, note_verified, archive_id=found.archive_id)
    return found


def exported(*, db: Any, actor: Any, request_id: UUID, path: Path, way: ExportWay, language: Language, progress: Any) -> Written:
    """Write all of a patient's data."""
    written: Written = WRITE_EXPORT(db, actor, request_id=request_id, path=path, way=way, language=language, progress=progress.report)
    return written


def patient_named(session: Any, *, number: str) -> PatientRow:
    """The patient with this number; refused at the field."""
    found = patient_by_number(session, number.strip().upper())
    if found is None:
        raise InvalidInput("number", "no_such_patient")
    return found
