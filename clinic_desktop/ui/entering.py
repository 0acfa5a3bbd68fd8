"""What happens at the door: logging in, the keys that follow a login, change of password, logout.

Like ``opening`` this is imported on the database thread; it loads every department, so that their reactions are there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access import login, pins
from clinic_desktop.clinic.access.commands import USERS
from clinic_desktop.clinic.access.commands import log_out as end_session
from clinic_desktop.clinic.access.commands import open_kiosk as narrow_to_kiosk
from clinic_desktop.clinic.access.locking import LOCK_MINUTES
from clinic_desktop.clinic.access.queries import DraftRow, own_drafts, pin_people
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.queries import setting_value, workstations
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, can_keep_keys
from clinic_desktop.kernel.errors import SessionEnded
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.keys import DEVICE, USER, DeviceKey, UserPassword, WrongPassphrase
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vault import VaultLocked, server_vault

load_departments()


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in, with what they had typed and not saved, and when their desk locks itself."""

    actor: Actor
    drafts: tuple[DraftRow, ...]
    lock_minutes: int


def warm_up() -> None:
    """Importing this module did most of it: what login needs is loaded while the person types, and how the language writes dates."""
    date_text(date(2026, 1, 1), weekday=True)
    money_text(Money(0, "INR"))


def log_in(db: Database, *, username: str, password: str, clinic_id: UUID | None, workstation_id: UUID | None = None) -> Entered:
    """Check the password, off the UI thread: a hash takes a tenth of a second. Then read the person's drafts."""
    here = _known(db, clinic_id, workstation_id)
    return entered(db, login.log_in(db, username, password, clinic_id=clinic_id, workstation_id=here))


def _known(db: Database, clinic_id: UUID | None, workstation_id: UUID | None) -> UUID | None:
    """This computer's workstation, if this database knows it and it stands in that clinic: the demo has others."""
    if clinic_id is None or workstation_id is None:
        return None
    with db.read() as session:
        known = {one.id for one in workstations(session, clinic_id=clinic_id)}
    return workstation_id if workstation_id in known else None


def entered(db: Database, actor: Actor) -> Entered:
    """Whoever has just come in, with what they had left."""
    with db.read() as session:
        minutes = setting_value(session, LOCK_MINUTES, clinic_id=actor.clinic_id, workstation_id=actor.workstation_id)
        return Entered(actor, tuple(own_drafts(session, actor)), minutes)


def open_kiosk(db: Database, *, actor: Actor) -> Actor:
    """Hand this computer over to patients; who it acts as from now on."""
    session_id = db.run(actor, narrow_to_kiosk)
    return login.read_actor(db, session_id, actor.clinic_id)


def resume_kiosk(db: Database, *, session_id: UUID, clinic_id: UUID) -> Actor | None:
    """The kiosk whose session was not ended since; None where it was, or where the server wants its opener's password again."""
    try:
        actor = login.read_actor(db, session_id, clinic_id)
    except SessionEnded:
        return None
    if actor.user_id is None or "kiosk" not in actor.roles or not db.seats.has(actor.user_id):
        return None
    db.seats.turn_to(actor.user_id)
    return actor


def people_by_pin(db: Database, *, workstation_id: UUID | None) -> list[tuple[str, str]]:
    """Username and name of everybody whom a PIN opens at this desk now."""
    with db.read() as session:
        return [(one.username, one.full_name) for one in pin_people(session, login.desk_at(workstation_id), now=db.clock())]


def switch_user(db: Database, *, username: str, pin: str, clinic_id: UUID, workstation_id: UUID | None) -> Entered:
    """Let somebody back in by PIN."""
    return entered(db, pins.switch_user(db, username, pin, clinic_id=clinic_id, workstation_id=workstation_id))


def keep_keys(db: Database, actor: Actor, *, username: str, password: str) -> None:
    """Have this person's password open the data, and where the keyring is safe this computer too. Nothing to do for a plain database."""
    vault, secret = db.vault, UserPassword(username, password)
    if vault.place is None:
        return
    if vault.exists and vault.has(USER, secret.username):
        try:
            vault.unlock(secret)
        except WrongPassphrase:  # the password was changed where its slot could not be
            _add_unless_locked(db, secret)
    elif vault.exists or db.address.file is not None:
        _add_unless_locked(db, secret)
    else:
        _found_vault(db, actor, secret)
    if db.address.file is not None and not vault.has(DEVICE) and can_keep_keys():
        with suppress(DeviceKeyUnavailable):  # the keyring is locked: this computer asks for a password at the next start
            vault.add(DeviceKey())


def _add_unless_locked(db: Database, secret: UserPassword) -> None:
    # A server's vault that nobody has unlocked here yet: someone whose slot opens it must log in first.
    if db.data_key is not None:
        db.vault.add(secret)


def _found_vault(db: Database, actor: Actor, secret: UserPassword) -> None:
    """Make a server's vault, which its set-up makes; otherwise an administrator, by the own login: the server lets nobody else."""
    if not actor.may(USERS):  # a cashier would be the only one whose password opens the clinic's documents
        return
    with suppress(VaultLocked):  # another administrator was faster
        server_vault(db.seats.engine_of(actor), db.clock).add(secret)
        db.vault.unlock(secret)


def opens_by_itself(db: Database) -> bool | None:
    """Whether this computer opens the encrypted data without a question; None where there is no encrypted file."""
    return None if db.vault.place is None or db.address.file is None else db.vault.has(DEVICE)


def log_out(db: Database, *, actor: Actor) -> None:
    """End the session of a person, and with it their own connection to a server."""
    db.run(actor, end_session)
    if actor.user_id is not None:
        db.seats.leave(actor.user_id)


def change_password(db: Database, *, username: str, current: str, new: str) -> None:
    """Replace one's own password."""
    login.change_password(db, username, current, new)


def fill_with_demo(db: Database, *, progress: Any, demo: Callable[..., Any]) -> Any:
    """Fill an empty database with the demo clinic and return what it says of itself."""
    return demo(db, progress=progress.report)
