"""A clinic on a small disk, in a process of its own: ``python -m tests.faults.full_child URL BALLAST`` tells how it went, a line a fact."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients.commands.documents import Description
from clinic_desktop.clinic.patients.filing import attach_file
from clinic_desktop.clinic.patients.models import Patient, PatientDocument
from clinic_desktop.clinic.patients.rules import DocumentCategory
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.store import store_of
from clinic_desktop.wording import sentence
from tests.clinic.patients.desk import register
from tests.clinic.world import World, build_world

MOST = 5_000


def say(fact: str, value: object) -> None:
    print(fact, value, flush=True)


def fill(ballast: Path) -> None:
    """Somebody else's film takes all the room that is left."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def refused_at_last(world: World) -> tuple[int, DatabaseUnavailable | None]:
    """Register until it is refused: how many were accepted."""
    for number in range(MOST):
        try:
            register(world, f"Guest {number}", remarks="x" * 900)
        except DatabaseUnavailable as refusal:
            return number, refusal
    return MOST, None


def attached(world: World, patient_id: UUID, *, kilobytes: int) -> bool:
    """Attach a letter to a patient's folder; False when there is no room for it."""
    letter = ("क" * 1024 + "\n").encode() * (kilobytes // 3) + str(kilobytes).encode()
    said = Description(DocumentCategory.CORRESPONDENCE)
    try:
        attach_file(world.db, world.actor("receptionist"), patient_id=patient_id, name="a", data=letter, described=said, key=new_id())
    except DatabaseUnavailable as refusal:
        return refusal.params["reason"] != "disk_full"
    return True


def files(world: World) -> tuple[int, int]:
    """Files in folders, and in the store; the store may hold more, and never less."""
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(PatientDocument)) or 0, len(list(store_of(world.db).every()))


def patients(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Patient)) or 0


def is_sound(database: Database) -> bool:
    with database.read() as session:
        return verify(session).broken is None and all(result.ok for result in run_checks(session))


def main(url: str, ballast: Path) -> None:
    """Fill, work on until refused, look, make room, work on."""
    load_checks()
    database = Database.open(url, passphrase="no room for more" if url.startswith("sqlcipher") else None)
    upgrade(database)
    world = build_world(database)
    if database.address.file is None:
        database.vault.add(Passphrase("no room for more"))  # a server keeps documents encrypted only
    first = register(world, "First").id
    attached(world, first, kilobytes=30)
    before = patients(database)
    fill(ballast)
    accepted, refusal = refused_at_last(world)
    say("refused", refusal.params["reason"] if refusal else None)
    say("said", sentence(refusal) if refusal else None)
    say("no room for a file", not attached(world, first, kilobytes=1500) and files(world)[0] == 1)
    say("nothing half", patients(database) == before + accepted and is_sound(database))
    ballast.unlink()
    register(world, "Last")
    say("files again", attached(world, first, kilobytes=1500) and files(world) == (2, 2))
    say("works again", patients(database) == before + accepted + 1 and is_sound(database))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
