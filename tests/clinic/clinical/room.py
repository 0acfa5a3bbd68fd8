"""A consulting room in the world of the tests: patients come in through the real front desk."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.rules import Frequency, Route
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.ids import new_id
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World

_names = itertools.count(1)


def line(medicine_id: UUID, **details: Any) -> commands.NewItem:
    """One tablet twice a day for five days, unless told otherwise."""
    values: dict[str, Any] = {
        "dose": Decimal(1),
        "unit": "tablet",
        "route": Route.ORAL,
        "frequency": Frequency.BD,
        "duration_days": 5,
        **details,
    }
    return commands.NewItem(medicine_id, **values)


@dataclass(slots=True)
class Room:
    """The doctor's room with a shelf of medicines to prescribe from."""

    world: World
    shelf: Shelf
    patient_of: dict[UUID, UUID] = field(default_factory=dict)

    def patient(self, *, allergies: str | None = None) -> UUID:
        """A new patient."""
        actor = self.world.actor("receptionist")
        name = f"Asha{next(_names)}"
        row = self.world.db.run(
            actor,
            patients.register_patient,
            key=new_id(),
            clinic_id=self.world.clinic_id,
            first_name=name,
            last_name="Rao",
            gender=Gender.FEMALE,
            date_of_birth=date(1990, 5, 17),
            allergies=allergies,
        )
        return row.id

    def visit(self, patient_id: UUID | None = None, *, allergies: str | None = None) -> UUID:
        """A visit whose patient sits in the room."""
        world = self.world
        who = patient_id or self.patient(allergies=allergies)
        arrived = world.db.run(
            world.actor("receptionist"),
            frontdesk.walk_in,
            key=new_id(),
            clinic_id=world.clinic_id,
            doctor_id=world.doctor_id,
            patient_id=who,
            service_id=world.services["CONS"],
        )
        doctor = world.actor("doctor")
        world.db.run(doctor, frontdesk.call, visit_id=arrived.visit_id, room="1")
        world.db.run(doctor, frontdesk.start_consultation, visit_id=arrived.visit_id)
        self.patient_of[arrived.visit_id] = who
        return arrived.visit_id

    def prescribe(self, visit_id: UUID, *items: commands.NewItem, override_reason: str | None = None) -> commands.PrescriptionSaved:
        """The doctor drafts a prescription."""
        doctor = self.world.actor("doctor")
        return self.world.db.run(
            doctor, commands.write_prescription, key=new_id(), visit_id=visit_id, items=items, override_reason=override_reason
        )

    def sign(self, visit_id: UUID) -> commands.Signed:
        """The doctor writes a complaint and signs."""
        db, doctor = self.world.db, self.world.actor("doctor")
        db.run(doctor, commands.save_consultation, visit_id=visit_id, complaint="Fever for two days")
        return db.run(doctor, commands.sign_consultation, visit_id=visit_id)

    def active(self, *items: commands.NewItem, allergies: str | None = None, override_reason: str | None = None) -> UUID:
        """A signed prescription that waits at the pharmacy."""
        visit_id = self.visit(allergies=allergies)
        saved = self.prescribe(visit_id, *items, override_reason=override_reason)
        self.sign(visit_id)
        return saved.prescription_id
