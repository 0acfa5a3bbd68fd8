"""A doctor's program beside that of the hall, run by test_display: calls one patient and ends."""

from __future__ import annotations

import sys
from uuid import UUID

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


def main(url: str, visit_id: str, room: str) -> None:
    load_departments()
    db = Database.open(url)
    db.run(Actor.system("doctor"), commands.call, visit_id=UUID(visit_id), room=room)
    db.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
