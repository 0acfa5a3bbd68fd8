"""One-time codes of six digits: sent to prove an address or a number, or made by a second person for one act of the first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands.codes import accept_code, count_code, keep_approval, request_own_code
from clinic_desktop.clinic.access.commands.logins import accept_identity, count_attempt, refuse_login
from clinic_desktop.clinic.access.login import as_owner, doorman_at
from clinic_desktop.clinic.access.queries import actor_of
from clinic_desktop.clinic.access.rules import (
    AccountDisabled,
    Act,
    CodeRefused,
    LoginLocked,
    OtpPurpose,
    PasswordChangeRequired,
    grouped,
    new_otp,
    otp_form,
)
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class ApprovalCode:
    """A code to tell the person who asked: shown once, kept nowhere readable."""

    text: str = field(repr=False)


def request_code(db: Database, actor: Actor, purpose: OtpPurpose) -> None:
    """Send the actor a code that proves their own address or number. Raises NoAddress or TooManyCodes."""
    db.run(actor, request_own_code, purpose=purpose, code=passwords.code(new_otp()))


def verify_code(db: Database, actor: Actor, purpose: OtpPurpose, code: str, *, patient_id: UUID | None = None) -> None:
    """Show a code that was sent: to the actor, or to the patient who reads it out. Raises CodeRefused."""
    doorman = doorman_at(actor.clinic_id, actor.workstation_id)
    whose = {"patient_id": patient_id} if patient_id is not None else {"user_id": actor.user_id}
    attempt = db.run(doorman, count_code, purpose=purpose, **whose)
    if attempt is None or not passwords.matches(attempt.code_hash, otp_form(code)):
        raise CodeRefused("code")
    by = Actor(actor.user_id, actor.name, clinic_id=actor.clinic_id, workstation_id=actor.workstation_id, is_system=True)
    db.run(by, accept_code, attempt=attempt)


def approve_act(db: Database, actor: Actor, act: Act) -> ApprovalCode:
    """As a second person at one's own computer: make the code that approves one act of somebody else's."""
    code = passwords.code(new_otp())
    db.run(actor, keep_approval, act=act, code=code)
    return ApprovalCode(grouped(code.plain))


def confirm_approval(db: Database, username: str, code: str, act: Act, *, asking: Actor) -> Actor:
    """The second person whose code for this act was typed; the act uses the approval up.

    Wrong codes count as failed logins of the second person. Raises CodeRefused, LoginLocked, AccountDisabled.
    """
    doorman = doorman_at(asking.clinic_id, asking.workstation_id)
    attempt = db.run(doorman, count_attempt, username=username)
    if attempt.locked_seconds:
        raise LoginLocked(seconds=attempt.locked_seconds)
    open_code = db.run(doorman, count_code, purpose=OtpPurpose.APPROVE, user_id=attempt.entity_id, act=str(act))
    if not passwords.matches(None if open_code is None else open_code.code_hash, otp_form(code)) or open_code is None:
        db.run(doorman, refuse_login, attempt=attempt)
        raise CodeRefused("code")
    owner = as_owner(attempt, doorman)
    db.run(owner, accept_code, attempt=open_code)
    accepted = db.run(owner, accept_identity, user_id=attempt.entity_id, asked_by=asking.user_id)
    if accepted.is_disabled:
        raise AccountDisabled
    if accepted.must_change_password:
        raise PasswordChangeRequired
    with db.read() as session:
        person = actor_of(session, attempt.entity_id, clinic_id=asking.clinic_id, workstation_id=asking.workstation_id)
    return replace(person, approval_id=open_code.code_id)
