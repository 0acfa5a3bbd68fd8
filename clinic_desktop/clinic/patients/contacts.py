"""Proving a patient's telephone number or address: a code goes there, and the patient reads it out."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.access import codes, passwords
from clinic_desktop.clinic.access.rules import OtpPurpose, new_otp
from clinic_desktop.clinic.patients.commands.contacts import request_contact_code
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


def request_code(db: Database, actor: Actor, patient_id: UUID, purpose: OtpPurpose) -> None:
    """Send the code. Raises NoAddress or TooManyCodes."""
    db.run(actor, request_contact_code, patient_id=patient_id, purpose=purpose, code=passwords.code(new_otp()))


def verify_code(db: Database, actor: Actor, patient_id: UUID, purpose: OtpPurpose, code: str) -> None:
    """Type what the patient read out. Raises CodeRefused."""
    actor.require(request_contact_code.permission, request_contact_code.name)
    codes.verify_code(db, actor, purpose, code, patient_id=patient_id)
