"""``clinic retention``: what may leave, into which archive it went, and whether that can still be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.privacy.queries import PatientShown, shown_patient, verify_file
from clinic_desktop.clinic.privacy.retention.holding import Held
from clinic_desktop.clinic.privacy.retention.planning import TablePlan
from clinic_desktop.clinic.privacy.retention.running import RetentionPlan, plan_retention, run_retention
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor

_WHY = {
    Held.OPEN: "not over",
    Held.CHILD: "of a child",
    Held.NEEDED: "needed by {by}",
    Held.PART: "part of {by} that stay",
}
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def retention() -> None:
    """Records that need not be kept any longer: plan, archive, verify, show."""


@retention.command("plan")
@database_options
def plan(url: str, as_json: bool) -> int:
    """Say what may leave today, and what is old and stays."""
    with opened(url) as database, database.read() as session:
        found = plan_retention(session, _today(database))
    answer(_as_object(found), as_json=as_json, human=_as_text(found))
    return 0


@retention.command("run")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where the archives go.")
@database_options
def run(url: str, as_json: bool, folder: Path) -> int:
    """Archive what may leave today, read the archive again, then let it go."""
    with opened(url) as database, progress("Archiving", 1) as advance:
        done = run_retention(
            database,
            Actor.system("clinic retention"),
            folder,
            today=_today(database),
            progress=lambda at, total, _label: advance(at, total or 1),
        )
    found = {"archives": list(done.files), "rows": done.rows, "change_sets": done.change_sets}
    human = "\n".join([f"{done.rows} rows and {done.change_sets} change sets left.", *(f"  {name}" for name in done.files)])
    answer(found, as_json=as_json, human=human)
    return 0


@retention.command("verify")
@_FILE
@database_options
def verify(url: str, as_json: bool, file: Path) -> int:
    """Read an archive from beginning to end: it is whole, and what the database says it is."""
    with opened(url) as database, database.read() as session:
        found = verify_file(session, file, data_keys=_keys(database))
    told = {"ok": True, "known": found.is_known, "made_at": found.made_at.isoformat(), "rows": found.rows, "tables": found.tables}
    known = "" if found.is_known else " This database has no record of it: its rows were not taken out here."
    answer(told, as_json=as_json, human=f"{file.name} is whole: {found.rows} rows of {found.made_at:%Y-%m-%d}.{known}")
    return 0


@retention.command("show")
@_FILE
@click.option("--patient", "number", required=True, help="The patient's number.")
@database_options
def show(url: str, as_json: bool, file: Path, number: str) -> int:
    """Show everything that an archive holds of one patient."""
    with opened(url) as database, database.read() as session:
        found = shown_patient(session, file, number=number, data_keys=_keys(database))
    if found.patient_id is None:
        raise NotFound(entity="patients", key=number)
    told = {"patient": number, "rows": {name: list(rows) for name, rows in found.rows.items()}, "names": found.labels}
    answer(told, as_json=as_json, human=_rows_text(found))
    return 0


def _today(database: Database) -> date:
    return database.clock().date()


def _keys(database: Database) -> tuple[bytes, ...]:
    return () if database.data_key is None else (database.data_key,)


def _as_object(found: RetentionPlan) -> dict[str, Any]:
    tables = {
        one.table: {
            "kind": one.kind.value,
            "leaving": one.leaving,
            "staying": [{"why": s.why.value, "by": s.by, "rows": s.rows} for s in one.staying],
        }
        for one in found.rows.tables
    }
    kept_from = {kind.value: day.isoformat() for kind, day in found.rows.cutoffs.items()}
    return {"rows": found.rows.total, "change_sets": found.journal.change_sets, "kept_from": kept_from, "tables": tables}


def _as_text(found: RetentionPlan) -> str:
    head = f"{found.rows.total} rows and {found.journal.change_sets} change sets may leave."
    return "\n".join([head, *(_line(one) for one in found.rows.tables)])


def _line(one: TablePlan) -> str:
    stays = ", ".join(f"{s.rows} {_WHY[s.why].format(by=s.by)}" for s in one.staying)
    return f"  {one.table:<28} {one.leaving:>8} leave" + (f"; stay: {stays}" if stays else "")


def _rows_text(found: PatientShown) -> str:
    lines = []
    for name, rows in found.rows.items():
        lines.append(f"{name} ({len(rows)})")
        for row in rows:
            shown = {key: found.labels.get(str(value), value) for key, value in row.items() if value is not None and key != "row_version"}
            lines.append("  " + ", ".join(f"{key}: {value}" for key, value in shown.items()))
    return "\n".join(lines)
