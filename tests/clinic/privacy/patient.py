"""A patient who wants to be forgotten."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import World

PHONE = "9822011111"
ASKED_BY = "Meher Contractor"


def register(world: World, **details: object) -> UUID:
    """Register her, with everything that tells who she is."""
    values = {"first_name": "Meher", "last_name": "Contractor", "gender": Gender.FEMALE, "date_of_birth": date(1980, 4, 5)}
    values |= {"phone": PHONE, "email": "meher@example.org", "address": "7 Sea View", "national_id": "4411 2233", "allergies": "Penicillin"}
    values |= {"remarks": "Sister of the mayor", "emergency_contact_name": "Jal Contractor", **details}
    return world.db.run(
        world.actor("receptionist"),
        patients.register_patient,
        key=new_id(),
        clinic_id=world.clinic_id,
        **values,  # type: ignore[arg-type]
    ).id


def asked(world: World, patient_id: UUID, kind: RequestKind = RequestKind.ERASURE) -> UUID:
    """Record what a patient asks for."""
    return world.db.run(
        world.actor("admin"),
        commands.record_request,
        key=new_id(),
        clinic_id=world.clinic_id,
        patient_id=patient_id,
        kind=kind,
        asked_by=ASKED_BY,
        identity_check=IdentityCheck.DOCUMENT,
        identity_note="Passport",
        reason="Moves abroad",
    )


def erased(world: World, patient_id: UUID) -> UUID:
    """Erase her data; the request."""
    request_id = asked(world, patient_id)
    world.db.run(world.actor("super_admin"), commands.erase_patient, request_id=request_id, note="Lawful")
    return request_id
