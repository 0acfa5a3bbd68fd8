"""Where every simulated run begins: central and three sites that agree, with a few patients, built once and copied."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.organisation.models import Site as SiteRow
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.sync.site import Site
from tests.clinic.world import TIMEZONE, build_world
from tests.databases import address_of, copy_of, fresh
from tests.sharing import PLACE
from tests.sync.chain import Chain, caller, renewed
from tests.sync.people import BEGINS
from tests.sync.simulator import CODES, Simulator
from tests.sync.troubled import Place, Way

Built = list[tuple[str, str, UUID]]


def begin(folder: Path) -> Simulator:
    """Central and three sites that agree, with a few patients; copies of what is built once."""
    frozen = lambda: BEGINS  # noqa: E731 - the clock of what is built
    central, built = fresh("sqlite", folder, frozen, recipe="simulator", build=_build)
    made = Simulator(folder, central, [])
    central.clock = lambda: made.now
    for code, address, clinic_id in built:
        database = copy_of(address, folder, frozen)
        way = Way(central, database)
        way.heard, way.who = [], caller(database)
        made.places.append(Place(code, database, clinic_id, way, Site(database, way, page_bytes=3_000)))
        made.set_clock(made.places[-1])
    return made


def _build(central: Database) -> Built:
    folder, chain = Path(os.environ[PLACE]), Chain(central)
    databases = [fresh("sqlite", folder, lambda: BEGINS)[0] for _ in CODES]
    for one in (central, *databases):
        renewed(one)
    world = build_world(databases[0])
    more = [world.db.run(world.system(), organisation.add_clinic, code=code, name=code, timezone=TIMEZONE) for code in ("NTH", "STH")]
    clinics = [world.clinic_id, *more]
    with world.db.write(world.system()) as tx:
        tx.command = "test.sites"
        for database, code, clinic_id in zip(databases, CODES, clinics, strict=True):
            tx.add(SiteRow(id=caller(database).site_id, code=code, name=code, keeps_shared_data=code == "MAIN", is_active=True))
            tx.session.get_one(Clinic, clinic_id).site_id = caller(database).site_id
    for name in ("Asha", "Usha", "Nisha"):
        details: dict[str, Any] = {"first_name": name, "gender": Gender.FEMALE, "date_of_birth": date(1980, 1, 1)}
        world.db.run(world.system(), patients.register_patient, key=new_id(), clinic_id=world.clinic_id, **details)
    for database, code in zip(databases, CODES, strict=True):
        chain.join(code, database, keeps_shared_data=code == "MAIN")
    chain.settle()
    for database in databases:
        database.close()
    return [(code, address_of(database), clinic_id) for code, database, clinic_id in zip(CODES, databases, clinics, strict=True)]
