"""What happens at the door: set-up of an empty database, login, change of password, logout.

Like ``opening`` this is imported on the database thread; it loads every department, so that their reactions are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access import login
from clinic_desktop.clinic.access.commands import create_user
from clinic_desktop.clinic.access.commands import log_out as end_session
from clinic_desktop.clinic.access.passwords import PRODUCTION
from clinic_desktop.clinic.access.queries import DraftRow, own_drafts
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.commands import add_clinic, create_hospital
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.opening import ClinicFacts, clinics_of

load_departments()


@dataclass(frozen=True, slots=True)
class Entered:
    """Who logged in, with what they had typed and not saved."""

    actor: Actor
    drafts: tuple[DraftRow, ...]


def warm_up() -> None:
    """Importing this module did most of it: what login needs is loaded while the person types, and how the language writes dates."""
    date_text(date(2026, 1, 1), weekday=True)
    money_text(Money(0, "INR"))


def set_up(db: Database, *, form: dict[str, Any]) -> tuple[ClinicFacts, ...]:
    """Create the hospital, its first clinic and the administrator, all or nothing."""
    password = PRODUCTION.new(form["password"], username=form["username"])
    with db.write(Actor.system("set-up")) as tx:
        create_hospital(tx, name=form["hospital"], currency=form["currency"])
        add_clinic(tx, code="MAIN", name=form["clinic"], timezone=form["timezone"])
        create_user(
            tx,
            username=form["username"],
            full_name=form["full_name"],
            roles=("super_admin",),
            password=password,
            must_change_password=False,
        )
    db.recall_currency()
    return clinics_of(db)


def log_in(db: Database, *, username: str, password: str, clinic_id: UUID) -> Entered:
    """Check the password, off the UI thread: a hash takes a tenth of a second. Then read the person's drafts."""
    actor = login.log_in(db, username, password, clinic_id=clinic_id, workstation_id=None)
    with db.read() as session:
        return Entered(actor, tuple(own_drafts(session, actor)))


def log_out(db: Database, *, actor: Actor) -> None:
    """End the session of a person."""
    db.run(actor, end_session)


def change_password(db: Database, *, username: str, current: str, new: str) -> None:
    """Replace one's own password."""
    login.change_password(db, username, current, new)


def fill_with_demo(db: Database, *, progress: Any, demo: Callable[..., Any]) -> Any:
    """Fill an empty database with the demo clinic and return what it says of itself."""
    return demo(db, progress=progress.report)
