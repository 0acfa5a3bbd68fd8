"""A clinic on a small disk, in a process of its own: ``python -m tests.faults.full_child URL BALLAST`` tells how it went, a line a fact."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import func, select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.migrations import upgrade
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
    register(world, "First")
    before = patients(database)
    fill(ballast)
    accepted, refusal = refused_at_last(world)
    say("refused", refusal.params["reason"] if refusal else None)
    say("said", sentence(refusal) if refusal else None)
    say("nothing half", patients(database) == before + accepted and is_sound(database))
    ballast.unlink()
    register(world, "Last")
    say("works again", patients(database) == before + accepted + 1 and is_sound(database))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
