"""Files of services and prices, looked at before anything is written; the commands ``import_services`` and ``import_prices`` write."""

from __future__ import annotations

from pathlib import Path

from clinic_desktop.clinic.staff.columns import price_fields, same_name, service_fields
from clinic_desktop.clinic.staff.commands.files import Progress
from clinic_desktop.clinic.staff.listed import known_services, referred
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.plans import Plan, plan_table
from clinic_desktop.kernel.tabular import read_table


def plan_services(db: Database, path: Path, *, progress: Progress = lambda _done, _total: None) -> Plan:
    """What a file of services would do; raises InvalidInput where it is no such file."""
    table = read_table(path)
    with db.read() as session:
        departments, taxes = referred(session)
        known = known_services(session)
    fields = service_fields(db.currency, departments=departments, taxes=taxes)
    return plan_table(table, fields, known, progress=progress)


def plan_prices(db: Database, path: Path, *, progress: Progress = lambda _done, _total: None) -> Plan:
    """What a price list would do: it changes prices and adds nothing; raises InvalidInput where it is no such file."""
    table = read_table(path)
    with db.read() as session:
        known = known_services(session)
    return plan_table(table, price_fields(db.currency), known, needed=("price",), may_add=False, check=same_name, progress=progress)
