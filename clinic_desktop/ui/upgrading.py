"""Bringing a database up to date; apart from ``entering``, because Alembic is heavy and a start seldom needs it."""

from __future__ import annotations

from clinic_desktop.clinic.access.commands import sync_permissions
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor


def bring_up_to_date(db: Database) -> None:
    """Create the tables or migrate them, and declare the permissions of this version."""
    load_departments()
    upgrade(db)
    db.run(Actor.system("start"), sync_permissions)
