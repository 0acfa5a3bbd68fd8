"""Who owns a number that several records have."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx


@step
def give_one_owner(tx: Tx, *, phone: str, heir_id: UUID | None = None) -> None:
    """Let one record own a number and the others share it: who owns it does on; else the heir, else the first of them."""
    in_use = select(Patient).where(Patient.phone == phone, Patient.status != PatientStatus.MERGED)
    people = list(tx.session.scalars(in_use.order_by(Patient.id).with_for_update()))
    if not people:
        return
    owners = [one for one in people if one.phone_owner_id is None] or [one for one in people if one.id == heir_id] or people
    owner = owners[0]
    owner.phone_owner_id = None
    tx.session.flush()
    for one in people:
        if one is not owner:
            one.phone_owner_id = owner.id
    tx.session.flush()
