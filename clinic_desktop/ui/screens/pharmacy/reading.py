"""What the pharmacy counter reads, each in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.queries import PrescriptionRow, prescription, prescription_warnings
from clinic_desktop.clinic.clinical.rules import DISPENSABLE, PrescriptionWarning
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import CardRefused
from clinic_desktop.clinic.pharmacy import queries
from clinic_desktop.clinic.pharmacy.queries import DispensingRow, PlanLine, WorkRow
from clinic_desktop.clinic.stock import queries as stock
from clinic_desktop.clinic.stock.queries import BatchRow, LocationRow
from clinic_desktop.clinic.stock.rules import BatchStatus, usable_status
from clinic_desktop.ui.finding import asked_on, with_warning
from clinic_desktop.ui.numbers import is_of
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.widgets import beside


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits for medicines, and the places that they can come from."""

    places: list[LocationRow]
    place_id: UUID | None
    work: list[WorkRow]


@dataclass(frozen=True, slots=True)
class Counter:
    """One prescription as it lies on the counter."""

    prescription: PrescriptionRow
    patient: PatientRow
    same_name: bool
    plan: tuple[PlanLine, ...]
    warnings: tuple[PrescriptionWarning, ...]
    handed_out: tuple[DispensingRow, ...]

    def may_dispense(self, today: date) -> bool:
        """Whether something may still be handed out for it."""
        return self.prescription.status in DISPENSABLE and self.prescription.valid_until >= today and bool(self.plan)


def waiting(session: Any, *, clinic_id: UUID, day: date, place_id: UUID | None) -> Waiting:
    """The worklist of a place; of the usual one, or else the first, when none is named or it is gone."""
    places = stock.locations(session, clinic_id=clinic_id)
    known = [place.id for place in places]
    wanted = (place_id, queries.usual_location(session, clinic_id=clinic_id), *known)
    chosen = next((one for one in wanted if one in known), None)
    return Waiting(places, chosen, queries.worklist(session, clinic_id, day, location_id=chosen))


def counter(session: Any, *, prescription_id: UUID, place_id: UUID, now: datetime, day: date) -> Counter:
    """A prescription with its patient, what would be picked for it, and what to think about first."""
    row = prescription(session, prescription_id)
    patient = patients.survivor(session, row.patient_id)
    plan = queries.pick_plan(session, prescription_id, place_id, now=now)
    owed = {line.prescription_item_id for line in plan}
    warnings = prescription_warnings(
        session,
        patient_id=row.patient_id,
        medicine_ids=[item.medicine_id for item in row.items if item.id in owed],
        day=day,
        visit_id=row.visit_id,
        besides=row.id,
    )
    return Counter(
        row,
        patient,
        patients.has_namesake(session, patient.id),
        tuple(plan),
        warnings,
        tuple(queries.dispensings(session, prescription_id=prescription_id)),
    )


def usable_batches(session: Any, *, item_id: UUID, place_id: UUID, day: date) -> list[BatchRow]:
    """The batches of an item at a place that may be handed out, first expiring first."""
    held = stock.batches(session, item_id=item_id, location_id=place_id)
    return [batch for batch in held if usable_status(batch.status, batch.expiry, day) is BatchStatus.OK]


def find_prescriptions(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Prescriptions by their number, typed or scanned, or what may be handed out to a patient: of every clinic, and it says of which."""
    fault = None
    if is_of(text, "prescription"):
        found = queries.numbered(session, text, clinic_id=clinic_id, limit=limit)
    else:
        theirs = of_patient(session, text=text, clinic_id=clinic_id, today=asked_on(session), limit=limit)
        found, fault = theirs.prescriptions, theirs.fault
    return [with_warning(_hit(row, clinic_id), fault) for row in found]


def _hit(row: PrescriptionRow, clinic_id: UUID) -> Hit:
    return Hit(f"{row.number}   {row.patient_name}", _detail(row, clinic_id), row.id, {"prescription_id": row.id})


@dataclass(frozen=True, slots=True)
class Theirs:
    """What may be handed out to those whom a name, a number or a card means; the clinic's own first."""

    prescriptions: list[PrescriptionRow]
    fault: CardRefused | None


def of_patient(session: Any, *, text: str, clinic_id: UUID, today: date, limit: int = 20) -> Theirs:
    """What waits for whoever is meant."""
    meant = patients.meant_by(session, text, today=today, limit=limit)
    return Theirs(queries.of_patients(session, meant.patient_ids, clinic_id=clinic_id, limit=limit), meant.fault)


def _detail(row: PrescriptionRow, clinic_id: UUID) -> str:
    return beside(wording.status(row.status), None if row.clinic_id == clinic_id else row.clinic_name)
