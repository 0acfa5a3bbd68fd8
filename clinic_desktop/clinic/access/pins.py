"""PINs: the quick way back to a workstation where one has logged in with the password this shift.

As with passwords, the hash is computed between two short transactions.
"""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands.pins import accept_pin, count_pin, keep_pin, refuse_pin
from clinic_desktop.clinic.access.login import as_owner, desk_at, doorman_at, read_actor, verify
from clinic_desktop.clinic.access.queries import username_of
from clinic_desktop.clinic.access.rules import PinOff, PinRefused, SessionEnded, check_pin, pin_form
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.security import Actor


def switch_user(db: Database, username: str, pin: str, *, clinic_id: UUID, workstation_id: UUID | None) -> Actor:
    """Open a session by PIN, until the end of the full login that it rests on.

    Raises PinRefused with the tries that are left, or PinOff where only the password opens.
    """
    doorman, desk = doorman_at(clinic_id, workstation_id), desk_at(workstation_id)
    attempt = db.run(doorman, count_pin, username=username, desk=desk)
    if attempt is None:
        passwords.matches(None, pin)  # as long as with a PIN to check
        raise PinOff
    if not passwords.matches(attempt.pin_hash, _typed(pin)):
        db.run(doorman, refuse_pin, attempt=attempt)
        raise PinRefused(left=attempt.left) if attempt.left else PinOff
    if not db.seats.has(attempt.user_id):
        raise PinOff  # the server wants the password, which this program has not seen since it started
    db.seats.turn_to(attempt.user_id)
    owner = Actor(attempt.user_id, attempt.full_name, clinic_id=clinic_id, workstation_id=workstation_id, is_system=True)
    session_id = db.run(owner, accept_pin, attempt=attempt, desk=desk)
    return read_actor(db, session_id, clinic_id)


def _typed(pin: str) -> str:
    try:
        return pin_form(pin)
    except InvalidInput:
        return pin


def set_pin(db: Database, actor: Actor, password: str, pin: str) -> None:
    """Set one's own PIN; the password is the proof, and wrong ones count as failed logins."""
    if actor.user_id is None:
        raise SessionEnded
    check_pin(pin)
    with db.read(actor) as session:
        username = username_of(session, actor.user_id)
    doorman = doorman_at(actor.clinic_id, actor.workstation_id)
    attempt = verify(db, doorman, username, password)
    db.run(as_owner(attempt, doorman), keep_pin, user_id=actor.user_id, pin=passwords.pin(pin))
