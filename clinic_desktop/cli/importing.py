"""``clinic import``: take over what another system kept."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from clinic_desktop.cli.lists import LISTS, importer
from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.organisation.queries import ClinicRow, clinics
from clinic_desktop.clinic.patients.importing import ImportReport, import_patients
from clinic_desktop.kernel.security import Actor

_SHOWN = 20


@click.group("import")
def importing() -> None:
    """Take over records from files."""


for one in LISTS:
    importing.add_command(importer(one))


@importing.command("patients")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only report what would happen.")
@click.option("--clinic", "code", default=None, help="Code of the clinic that the patients belong to, where there are several.")
@database_options
def patients(url: str, as_json: bool, file: Path, dry_run: bool, code: str | None) -> None:
    """Import a patient register (CSV); refused rows are listed by number, likely duplicates are flagged for review."""
    with opened(url) as database:
        with database.read() as session:
            clinic_id = _chosen(clinics(session), code).id
        with progress("Rows", 0) as advance:
            report = import_patients(database, Actor.system("import"), file, clinic_id=clinic_id, dry_run=dry_run, progress=advance)
    answer(msgspec.to_builtins(report), as_json=as_json, human=_summary(report, dry_run))


def _chosen(known: list[ClinicRow], code: str | None) -> ClinicRow:
    """The clinic of a code; the only one when no code is given."""
    matching = [clinic for clinic in known if code is None or clinic.code == code]
    if len(matching) != 1:
        codes = ", ".join(clinic.code for clinic in known)
        raise click.UsageError(f"which clinic? give --clinic with one of: {codes}" if known else "this database holds no clinic yet")
    return matching[0]


def _summary(report: ImportReport, dry_run: bool) -> str:
    verb = "would be imported" if dry_run else "imported"
    lines = [
        f"{report.imported} patients {verb}, {len(report.refused)} rows refused, {len(report.duplicates)} likely duplicates to review."
    ]
    lines += [f"  row {refusal.row}: {refusal.field}: {refusal.reason}" for refusal in report.refused[:_SHOWN]]
    lines += [f"  {pair.a} and {pair.b}: {pair.score:.2f}, {pair.reason}" for pair in report.duplicates[:_SHOWN]]
    hidden = max(0, len(report.refused) - _SHOWN) + max(0, len(report.duplicates) - _SHOWN)
    return "\n".join(lines + ([f"  … and {hidden} more (all of them with --json)"] if hidden else []))
