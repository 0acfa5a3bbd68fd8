"""``clinic import`` and ``clinic export`` of lists: the price list, services, medicines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.importing import plan_prices, plan_services
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock.importing import plan_medicines
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.plans import Plan, PlannedRow, RowKind
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tabular import write_table
from clinic_desktop.wording import sentence

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class List:
    """One list: what its rows are called, and how it is looked at, written and taken out."""

    name: str
    help: str
    plan: Callable[..., Plan]
    bring: Callable[..., Any]
    take: Callable[..., Any]


LISTS = (
    List("prices", "prices of services (CSV with code and price)", plan_prices, staff.import_prices, staff.export_prices),
    List("services", "services with all their columns (CSV)", plan_services, staff.import_services, staff.export_services),
    List("medicines", "medicines with all their columns (CSV)", plan_medicines, stock.import_medicines, stock.export_medicines),
)


def importer(wanted: List) -> click.Command:
    """``clinic import NAME FILE``: nothing is written when a row is refused; exit code 1 then."""

    @click.command(wanted.name, help=f"Import {wanted.help}; all of it, or nothing when a row is refused.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Only report what would happen.")
    @database_options
    def run(url: str, as_json: bool, file: Path, dry_run: bool) -> int:
        with opened(url) as database:
            with progress("Rows checked", 0) as advance:
                plan = wanted.plan(database, file, progress=advance)
            is_refused = plan.count(RowKind.REFUSED) > 0
            if not (is_refused or dry_run):
                with progress("Rows written", 0) as advance:
                    database.run(Actor.system("import"), wanted.bring, plan=plan, progress=advance)
        written = not (is_refused or dry_run)
        answer(_report(plan, written), as_json=as_json, human=_summary(plan, written))
        return 1 if is_refused else 0

    return run


def exporter(wanted: List) -> click.Command:
    """``clinic export NAME FILE``."""

    @click.command(wanted.name, help=f"Export {wanted.help}.")
    @click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
    @database_options
    def run(url: str, as_json: bool, file: Path) -> None:
        with opened(url) as database:
            sheet = database.run(Actor.system("export"), wanted.take)
        try:
            rows = write_table(file, sheet.header, sheet.rows)
        except OSError as error:
            raise click.FileError(str(file), error.strerror or "cannot be written") from error
        answer({"rows": rows, "file": str(file)}, as_json=as_json, human=f"{rows} rows written to {file}.")

    return run


def _report(plan: Plan, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        **{kind.value.lower(): plan.count(kind) for kind in RowKind},
        "ignored_columns": list(plan.ignored),
        "rows": [
            {
                "row": row.number,
                "code": row.code,
                "kind": row.kind.value,
                "changes": [{"column": _(one.title), "old": one.old, "new": one.new} for one in row.changes],
                "problems": [{"column": _(one.title), "reason": one.error.reason, "text": sentence(one.error)} for one in row.problems],
            }
            for row in plan.rows
            if row.kind is not RowKind.UNCHANGED
        ],
    }


def _summary(plan: Plan, written: bool) -> str:
    counts = ", ".join(f"{plan.count(kind)} {kind.value.lower()}" for kind in RowKind)
    head = f"{counts}." if written else f"{counts}. Nothing was written."
    told = [line for row in plan.rows for line in _lines(row)]
    ignored = [f"  columns that are not used: {', '.join(plan.ignored)}"] if plan.ignored else []
    hidden = [f"  … and {len(told) - _SHOWN} more (all of them with --json)"] if len(told) > _SHOWN else []
    return "\n".join([head, *ignored, *told[:_SHOWN], *hidden])


def _lines(row: PlannedRow) -> list[str]:
    lines = [f"  row {row.number}: {_(one.title)}: {sentence(one.error)}" for one in row.problems]
    return lines + [f"  row {row.number}: {row.code}: {_(one.title)}: {one.old or '–'} → {one.new or '–'}" for one in row.changes]
