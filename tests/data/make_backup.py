"""Makes ``clinic-<revision>.clinicbackup``, a small backup of today's release: ``python -m tests.data.make_backup``, once a migration.

It stays in the tree, so that every later release is seen to restore what this one has written.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.frontdesk.commands import walk_in
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.backup.routine import back_up
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import newest_revision
from tests.clinic.world import World, build_world

FOLDER = Path(__file__).parent
PASSPHRASE = "an older release"
MADE_AT = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
PATIENTS = (("Asha", "Rao", "9820011001"), ("Om", "Prakash", "9820011002"), ("فاطمة", "الزهراء", "9820011003"))
"""Who is in the backup; all of them walked in, in this order."""


def fill(world: World) -> None:
    """Register the patients and have them walk in."""
    desk = world.actor("receptionist")
    for first, last, phone in PATIENTS:
        born = date(1990, 3, 5)
        details: dict[str, Any] = {"first_name": first, "last_name": last, "gender": Gender.FEMALE, "date_of_birth": born}
        patient = world.db.run(desk, register_patient, key=new_id(), clinic_id=world.clinic_id, phone=phone, **details)
        wish: dict[str, Any] = {"doctor_id": world.doctor_id, "service_id": world.services["CONS"]}
        world.db.run(desk, walk_in, key=new_id(), clinic_id=world.clinic_id, patient_id=patient.id, **wish)


def make(folder: Path) -> Path:
    """Write the backup into the folder and say where it is."""
    load_departments()
    with TemporaryDirectory() as name:
        place = Path(name)
        backups = place / "backups"
        backups.mkdir()
        with closing(Database.open(f"sqlcipher:///{place / 'clinic.db'}", passphrase=PASSPHRASE, clock=lambda: MADE_AT)) as database:
            upgrade(database)
            fill(build_world(database))
            taken = back_up(database, backups, reason="MANUAL")
        return Path(shutil.copy(taken.path, folder / f"clinic-{newest_revision()}.clinicbackup"))


if __name__ == "__main__":
    made = make(FOLDER)
    sys.stdout.write(f"{made.name}: {made.stat().st_size // 1024} kB\n")
