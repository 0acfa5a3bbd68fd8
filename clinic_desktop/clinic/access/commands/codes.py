"""One-time codes: six digits that prove an address or a number, or that a second person gives to the first for one act."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from clinic_desktop.clinic.access.commands.logins import program_only
from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT, USERS
from clinic_desktop.clinic.access.events import CodeRequested, ContactVerified, UserChanged
from clinic_desktop.clinic.access.models import OtpVerification, User
from clinic_desktop.clinic.access.passwords import HashedCode
from clinic_desktop.clinic.access.rules import (
    COUNTED_WITHIN,
    MOST_OTP_CODES,
    MOST_OTP_TRIES,
    OTP_LIFE,
    Act,
    ApprovalRefused,
    CodeRefused,
    NoAddress,
    OtpPurpose,
    TooManyCodes,
)
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.reactions import react
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """A counted attempt: which code to check against."""

    code_id: UUID
    code_hash: str

    def __repr__(self) -> str:
        return f"CodeAttempt({self.code_id})"


@command(OWN_ACCOUNT)
def request_own_code(tx: Tx, *, purpose: OtpPurpose, code: HashedCode) -> UUID:
    """Send the actor a code that proves their own address or number."""
    user = tx.session.get(User, tx.actor.user_id, with_for_update={"key_share": True}) if tx.actor.user_id else None
    if user is None:
        raise NotFound(entity="users", key=str(tx.actor.user_id))
    contact = user.email if purpose is OtpPurpose.VERIFY_EMAIL else user.phone
    return send_code(tx, purpose=purpose, code=code, contact=contact, user_id=user.id)


@step
def send_code(
    tx: Tx, *, purpose: OtpPurpose, code: HashedCode, contact: str | None, user_id: UUID | None = None, patient_id: UUID | None = None
) -> UUID:
    """Send a code to a user or a patient; an earlier one of that purpose is void. Raises NoAddress or TooManyCodes."""
    if contact is None:
        raise NoAddress(purpose=purpose.value)
    row = _keep(tx, purpose, code, user_id=user_id, patient_id=patient_id)
    row.sent_to = contact
    tx.session.flush()
    tx.note("code_requested", "users" if user_id else "patients", user_id or patient_id or row.id, purpose=purpose.value)
    # To the reactions only: the screens that hear events have no use for a code.
    react(tx, CodeRequested(row.id, purpose.value, contact, code.plain, row.expires_at))
    return row.id


def _keep(
    tx: Tx, purpose: OtpPurpose, code: HashedCode, *, user_id: UUID | None, patient_id: UUID | None = None, act: str | None = None
) -> OtpVerification:
    mine = (_owner(user_id, patient_id), OtpVerification.purpose == purpose)
    lately = select(func.count(), func.min(OtpVerification.created_at)).where(*mine, OtpVerification.created_at > tx.now - COUNTED_WITHIN)
    made, first = tx.session.execute(lately).one()
    if act is None and made >= MOST_OTP_CODES:
        raise TooManyCodes(minutes=max(1, math.ceil((first + COUNTED_WITHIN - tx.now).total_seconds() / 60)))
    same = OtpVerification.act.is_(None) if act is None else OtpVerification.act == act
    open_ones = select(OtpVerification).where(*mine, same, OtpVerification.used_at.is_(None), OtpVerification.expires_at > tx.now)
    for row in tx.session.scalars(open_ones.order_by(OtpVerification.id).with_for_update()):
        row.expires_at = tx.now
    return tx.add(
        OtpVerification(
            user_id=user_id,
            patient_id=patient_id,
            purpose=purpose,
            code_hash=code.encoded,
            attempts=0,
            expires_at=tx.now + OTP_LIFE,
            is_verified=False,
            sent_to=None,
            act=act,
            used_at=None,
        )
    )


def _owner(user_id: UUID | None, patient_id: UUID | None) -> ColumnElement[bool]:
    return OtpVerification.user_id == user_id if user_id is not None else OtpVerification.patient_id == patient_id


@command(USERS)
def count_code(
    tx: Tx, *, purpose: OtpPurpose, user_id: UUID | None = None, patient_id: UUID | None = None, act: str | None = None
) -> CodeAttempt | None:
    """Count an attempt at the open code of somebody's; None when there is none to try, or it was tried too often."""
    program_only(tx)
    wanted = select(OtpVerification).where(
        _owner(user_id, patient_id),
        OtpVerification.purpose == purpose,
        OtpVerification.act.is_(None) if act is None else OtpVerification.act == act,
        OtpVerification.used_at.is_(None),
        OtpVerification.is_verified.is_(False),
        OtpVerification.expires_at > tx.now,
        OtpVerification.attempts < MOST_OTP_TRIES,
    )
    row = tx.session.scalars(wanted.order_by(OtpVerification.created_at.desc()).limit(1).with_for_update()).one_or_none()
    if row is None:
        return None
    row.attempts += 1
    return CodeAttempt(row.id, row.code_hash)


@command(USERS)
def accept_code(tx: Tx, *, attempt: CodeAttempt) -> None:
    """Mark what the right code proves: the address or number that it was sent to, if that is still the person's."""
    program_only(tx)
    row = tx.session.get(OtpVerification, attempt.code_id, with_for_update=True, populate_existing=True)
    if row is None or row.used_at is not None or row.is_verified or row.expires_at <= tx.now:
        raise CodeRefused("code")
    row.is_verified = True
    if row.purpose is OtpPurpose.APPROVE:
        return
    row.used_at = tx.now
    if row.patient_id is not None:
        tx.note("contact_verified", "patients", row.patient_id, purpose=row.purpose.value)
        tx.emit(ContactVerified(row.patient_id, row.purpose.value, row.sent_to or ""))
    elif row.user_id is not None:
        _verify_own(tx, row.user_id, row)


def _verify_own(tx: Tx, user_id: UUID, row: OtpVerification) -> None:
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    user.email_verified = user.email_verified or (row.purpose is OtpPurpose.VERIFY_EMAIL and user.email == row.sent_to)
    user.phone_verified = user.phone_verified or (row.purpose is OtpPurpose.VERIFY_PHONE and user.phone == row.sent_to)
    tx.note("contact_verified", "users", user_id, purpose=row.purpose.value)
    tx.emit(UserChanged(user_id))


@command(OWN_ACCOUNT, needs_password=True)
def keep_approval(tx: Tx, *, act: Act, code: HashedCode) -> UUID:
    """Keep the code with which the actor, as a second person, approves one act of somebody else."""
    if tx.actor.user_id is None:
        raise NotFound(entity="users", key="")
    row = _keep(tx, OtpPurpose.APPROVE, code, user_id=tx.actor.user_id, act=str(act))
    tx.session.flush()
    tx.note("approval_made", "users", tx.actor.user_id, act=act.kind, record=str(act.record_id), amount=act.amount.minor)
    return row.id


@step
def use_approval(tx: Tx, approver: Actor, act: Act) -> None:
    """Use up the approval that came by a code: it was made for this act, by this person, and for nothing after it."""
    if approver.approval_id is None:
        return
    row = tx.session.get(OtpVerification, approver.approval_id, with_for_update=True, populate_existing=True)
    is_open = row is not None and row.is_verified and row.used_at is None and row.expires_at > tx.now
    if row is None or not is_open or row.act != str(act) or row.user_id != approver.user_id:
        raise ApprovalRefused("approver")
    row.used_at = tx.now
