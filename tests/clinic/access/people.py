"""What the tests of people share: cheap hashes, passwords for roles, logins, and a second computer on the same database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from clinic_desktop.clinic.access import commands, passwords
from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import World
from tests.history import entity_history

SECRET = "tamarind-boat-7"
OTHER = "quiet-harbour-91"


def give_password(world: World, role: str, password: str = SECRET, *, must_change: bool = False) -> None:
    """Give the user of a role a password."""
    hashed = passwords.new(password, username=role)
    world.db.run(world.system(), commands.set_password, user_id=world.users[role], password=hashed, must_change_password=must_change)


def come_in(
    world: World, role: str = "receptionist", *, at: str | None = "front desk", db: Database | None = None, password: str = SECRET
) -> Actor:
    """Log in with the password; ``at=None`` is a computer that is no registered workstation."""
    place = None if at is None else world.workstations[at]
    return log_in(db or world.db, role, password, clinic_id=world.clinic_id, workstation_id=place)


@contextmanager
def second_computer(world: World) -> Iterator[Database]:
    """Another program on the same database."""
    other = Database.open(world.db.address.url.render_as_string(hide_password=False), clock=world.db.clock)
    try:
        yield other
    finally:
        other.close()


def notes_of(world: World, user_id: UUID) -> list[str]:
    """What the audit noted about a user, oldest first."""
    with world.db.read() as session:
        return [entry.changes["event"] for entry in entity_history(session, "users", user_id) if entry.operation == "N"]
