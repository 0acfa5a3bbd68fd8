"""What only the clock brings about at the front desk: who never came, and offers that nobody answered.

Every desk that may do so looks now and then, and so does the service beside a clinic's server, whoever is logged in. Whichever comes
first does it: each row is looked at again under its lock, so that two at once do nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands import sweep_no_shows, sweep_waiting_list
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class Swept:
    """How many never came, and how many entries of the waiting list changed."""

    missed: int
    waiting: int


def sweep_day(db: Database, clinic_id: UUID) -> Swept:
    """Record no-shows that are late enough, and bring the waiting list up to date."""
    actor = Actor.system("front desk", clinic_id=clinic_id)
    missed = db.run(actor, sweep_no_shows, clinic_id=clinic_id)
    return Swept(missed, db.run(actor, sweep_waiting_list, clinic_id=clinic_id))


def sweep_clinics(db: Database) -> dict[UUID, Swept]:
    """Sweep every clinic that this site works for."""
    with db.read() as session:
        found = [one.id for one in clinics(session, here=True)]
    return {clinic_id: sweep_day(db, clinic_id) for clinic_id in found}
