"""Sites that disagree, for the tests of the desktop: made by the real engine and real commands."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access.commands import sync_permissions
from clinic_desktop.clinic.organisation.models import Site as SiteRow
from clinic_desktop.clinic.patients.commands import edit_patient
from clinic_desktop.clinic.patients.details import PatientDetails
from clinic_desktop.clinic.patients.queries import patient
from clinic_desktop.clinic.reconciling.commands import open_tasks
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.mending import ConflictKind, Task
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import World, build_world
from tests.databases import drop
from tests.sync.chain import Chain, caller, empty_databases, renewed
from tests.ui.screens.frontdesk import FrontDesk

HERE, THERE = date(1990, 5, 4), date(1990, 4, 5)
"""A birth date, as two sites wrote it while they could not see each other."""
SHARED_PHONE = "98765 43210"


def edit(db: Database, world: World, patient_id: UUID, **changed: Any) -> None:
    """Change a patient's record at one site."""
    with db.read() as session:
        now = patient(session, patient_id)
    told = {name: getattr(now, name) for name in ("first_name", "last_name", "gender", "date_of_birth")} | changed
    details = PatientDetails(**told)
    actor = world.at(db).actor("receptionist")
    db.run(actor, edit_patient, patient_id=patient_id, row_version=now.row_version, details=details, phone=None)


def build_disagreement(db: Database) -> tuple[World, UUID]:
    """The clinic of the tests as a site, and a patient whose birth date two sites changed at once; returns the patient's id."""
    renewed(db)
    world = build_world(db)
    asha = FrontDesk(world).patient()
    with ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory()))
        central, city = empty_databases("sqlite", folder, db.clock, 2)
        for one in (central, city):
            after.callback(drop, one)
            one.run(Actor.system("start"), sync_permissions)
        chain = Chain(central)
        chain.join("MAIN", db, keeps_shared_data=True)
        chain.join("CITY", city)
        db.run(Actor.system("test"), _name_sites, {"Main house": caller(db).site_id, "City": caller(city).site_id})
        chain.settle()
        edit(db, world, asha.id, date_of_birth=HERE)
        edit(city, world, asha.id, date_of_birth=THERE, last_name="Rao-Iyer")
        chain.settle()
        assert chain.differences() == []
    db.run(Actor.system("test"), _task, asha.id)
    return world, asha.id


def _name_sites(tx: Tx, names: dict[str, UUID]) -> None:
    tx.command = "test.sites"
    for name, key in names.items():
        tx.add(SiteRow(id=key, code=name[:4].upper(), name=name, keeps_shared_data=name[0] == "M", is_active=True))


def _task(tx: Tx, patient_id: UUID) -> None:
    """What a mend opens when both houses took the money."""
    tx.command = "test.task"
    facts = {"number": "INV-2026-00007", "amount": 45_000}
    open_tasks(tx, tasks=[Task(ConflictKind.OVERPAID, "invoices", UUID(int=7), patient_id, facts)])
