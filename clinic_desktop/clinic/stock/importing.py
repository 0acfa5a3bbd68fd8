"""A file of medicines, looked at before anything is written; the command ``import_medicines`` writes."""

from __future__ import annotations

from pathlib import Path

from clinic_desktop.clinic.stock.columns import fits_together, medicine_fields
from clinic_desktop.clinic.stock.commands.files import Progress
from clinic_desktop.clinic.stock.listed import shelf
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.plans import Plan, plan_table
from clinic_desktop.kernel.tabular import read_table


def plan_medicines(db: Database, path: Path, *, progress: Progress = lambda _done, _total: None) -> Plan:
    """What a file of medicines would do; raises InvalidInput where it is no such file."""
    table = read_table(path)
    with db.read() as session:
        now = shelf(session)
    check = fits_together(now.barcodes, now.others, now.counted)
    return plan_table(table, medicine_fields(db.currency, taxes=now.taxes), now.known, check=check, progress=progress)
