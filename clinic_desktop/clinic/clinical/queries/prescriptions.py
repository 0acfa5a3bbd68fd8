"""Prescriptions, their versions, templates, and the warnings that a prescriber sees while writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.clinical.hiding import READ_PRESCRIPTIONS
from clinic_desktop.clinic.clinical.models import (
    Prescription,
    PrescriptionItem,
    PrescriptionTemplate,
    PrescriptionTemplateItem,
    PrescriptionVersion,
)
from clinic_desktop.clinic.clinical.prescribing import drugs, warnings_for
from clinic_desktop.clinic.clinical.restricted import check_visit_open
from clinic_desktop.clinic.clinical.rules import DISPENSABLE, Frequency, PrescriptionStatus, PrescriptionWarning, Route
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class PrescriptionItemRow:
    """One line of a prescription with its medicine's words and what is still owed."""

    id: UUID
    position: int
    medicine_id: UUID
    item_id: UUID
    medicine: str
    generic_name: str | None
    strength: str | None
    form: str | None
    dose: Decimal
    unit: str
    route: Route
    frequency: Frequency
    duration_days: int
    quantity: int
    quantity_dispensed: int
    stock_unit: str
    instructions: str | None
    substitution_allowed: bool

    @property
    def owed(self) -> int:
        """Units that were not handed out yet; none where two sites gave more than was prescribed."""
        return max(self.quantity - self.quantity_dispensed, 0)


@dataclass(frozen=True, slots=True)
class PrescriptionRow:
    """A prescription as screens and the printed sheet show it."""

    id: UUID
    number: str
    clinic_id: UUID
    clinic_name: str
    patient_id: UUID
    patient_name: str
    patient_number: str
    doctor_id: UUID
    doctor_name: str
    visit_id: UUID
    business_date: date
    valid_until: date
    diagnosis: str | None
    notes: str | None
    follow_up_date: date | None
    status: PrescriptionStatus
    version: int
    override_reason: str | None
    activated_at: datetime | None
    items: tuple[PrescriptionItemRow, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One edit of a prescription; ``content`` is the whole prescription as it was left."""

    version: int
    made_at: datetime
    made_by: UUID | None
    reason: str | None
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TemplateItemRow:
    """One prepared line."""

    medicine_id: UUID
    medicine: str
    strength: str | None
    form: str | None
    stock_unit: str
    dose: Decimal
    unit: str
    route: Route
    frequency: Frequency
    duration_days: int
    quantity: int | None
    instructions: str | None
    substitution_allowed: bool


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A prepared prescription."""

    id: UUID
    name: str
    diagnosis: str | None
    doctor_id: UUID | None
    items: tuple[TemplateItemRow, ...]


def prescriptions_for(actor: Actor, rows: list[PrescriptionRow]) -> list[PrescriptionRow]:
    """Prescriptions without what they are for, for those who neither treat nor dispense."""
    return rows if actor.may(READ_PRESCRIPTIONS) else [replace(row, diagnosis=None, notes=None, override_reason=None) for row in rows]


def prescription(session: Session, prescription_id: UUID) -> PrescriptionRow:
    """One prescription with its items; raises NotFound."""
    rows = prescriptions(session, select(Prescription.id).where(Prescription.id == prescription_id))
    if not rows:
        raise NotFound(entity="prescriptions", key=str(prescription_id))
    return rows[0]


def visit_prescriptions(session: Session, *, visit_id: UUID, actor: Actor, now: datetime) -> list[PrescriptionRow]:
    """The prescriptions of a visit in the order they were written; raises RecordRestricted."""
    check_visit_open(session, visit_id, actor=actor, now=now)
    return prescriptions_for(actor, prescriptions(session, select(Prescription.id).where(Prescription.visit_id == visit_id)))


def running_prescriptions(session: Session, *, patient_id: UUID, day: date) -> list[PrescriptionRow]:
    """A patient's prescriptions that may still be dispensed on a day."""
    people = person_ids(session, patient_id)
    running = (Prescription.patient_id.in_(people), Prescription.status.in_(DISPENSABLE), Prescription.valid_until >= day)
    return prescriptions(session, select(Prescription.id).where(*running))


def prescriptions(session: Session, ids: Select[UUID]) -> list[PrescriptionRow]:
    """The prescriptions that a select of ids names, with their items, in two statements; each of whoever the patient is now."""
    heads = (
        select(Prescription, Clinic.name, Patient.full_name, Patient.patient_number, User.full_name, Patient.merged_into_id)
        .join(Clinic, Clinic.id == Prescription.clinic_id)
        .join(Patient, Patient.id == Prescription.patient_id)
        .join(Doctor, Doctor.id == Prescription.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(Prescription.id.in_(ids))
        .order_by(Prescription.business_date, Prescription.id)
    )
    found = session.execute(heads).all()
    items = _items(session, [head.id for head, *_ in found])
    return of_survivors(
        session,
        [
            (_row(head, clinic, name, number, doctor, tuple(items.get(head.id, ()))), into)
            for head, clinic, name, number, doctor, into in found
        ],
    )


def _items(session: Session, ids: list[UUID]) -> dict[UUID, list[PrescriptionItemRow]]:
    wanted = (
        select(PrescriptionItem, Medicine, InventoryItem)
        .join(Medicine, Medicine.id == PrescriptionItem.medicine_id)
        .join(InventoryItem, InventoryItem.id == Medicine.item_id)
        .where(PrescriptionItem.prescription_id.in_(ids), PrescriptionItem.removed_at.is_(None))
        .order_by(PrescriptionItem.prescription_id, PrescriptionItem.position)
    )
    rows: dict[UUID, list[PrescriptionItemRow]] = {}
    for line, medicine, item in session.execute(wanted):
        rows.setdefault(line.prescription_id, []).append(_item_row(line, medicine, item))
    return rows


def _item_row(line: PrescriptionItem, medicine: Medicine, item: InventoryItem) -> PrescriptionItemRow:
    return PrescriptionItemRow(
        id=line.id,
        position=line.position,
        medicine_id=medicine.id,
        item_id=item.id,
        medicine=item.name,
        generic_name=medicine.generic_name,
        strength=medicine.strength,
        form=medicine.form,
        dose=line.dose,
        unit=line.unit,
        route=line.route,
        frequency=line.frequency,
        duration_days=line.duration_days,
        quantity=line.quantity,
        quantity_dispensed=line.quantity_dispensed,
        stock_unit=item.unit,
        instructions=line.instructions,
        substitution_allowed=line.substitution_allowed,
    )


def _row(
    head: Prescription, clinic: str, patient: str, number: str, doctor: str, items: tuple[PrescriptionItemRow, ...]
) -> PrescriptionRow:
    return PrescriptionRow(
        id=head.id,
        number=head.number,
        clinic_id=head.clinic_id,
        clinic_name=clinic,
        patient_id=head.patient_id,
        patient_name=patient,
        patient_number=number,
        doctor_id=head.doctor_id,
        doctor_name=doctor,
        visit_id=head.visit_id,
        business_date=head.business_date,
        valid_until=head.valid_until,
        diagnosis=head.diagnosis,
        notes=head.notes,
        follow_up_date=head.follow_up_date,
        status=head.status,
        version=head.version,
        override_reason=head.override_reason,
        activated_at=head.activated_at,
        items=items,
    )


def prescription_warnings(
    session: Session,
    *,
    patient_id: UUID,
    medicine_ids: Iterable[UUID],
    day: date,
    visit_id: UUID | None = None,
    besides: UUID | None = None,
) -> tuple[PrescriptionWarning, ...]:
    """What ``write_prescription`` will warn about, to show while one types; ``besides`` is the prescription being edited."""
    wanted = drugs(session, list(medicine_ids))
    return warnings_for(session, patient_id=patient_id, wanted=wanted, day=day, visit_id=visit_id, besides=besides)


def versions(session: Session, *, prescription_id: UUID) -> list[VersionRow]:
    """Every edit of a prescription, first to last."""
    wanted = select(PrescriptionVersion).where(PrescriptionVersion.prescription_id == prescription_id)
    rows = session.scalars(wanted.order_by(PrescriptionVersion.version))
    return [VersionRow(row.version, row.made_at, row.made_by, row.reason, msgspec.json.decode(row.snapshot)) for row in rows]


def templates(session: Session, *, doctor_id: UUID | None = None) -> list[TemplateRow]:
    """Shared templates and, with a doctor, that doctor's own, by name."""
    own = or_(PrescriptionTemplate.doctor_id.is_(None), PrescriptionTemplate.doctor_id == doctor_id)
    wanted = (
        select(PrescriptionTemplate, PrescriptionTemplateItem, Medicine, InventoryItem)
        .join(PrescriptionTemplateItem, PrescriptionTemplateItem.template_id == PrescriptionTemplate.id)
        .join(Medicine, Medicine.id == PrescriptionTemplateItem.medicine_id)
        .join(InventoryItem, InventoryItem.id == Medicine.item_id)
        .where(PrescriptionTemplate.is_active, own)
        .order_by(PrescriptionTemplate.name, PrescriptionTemplate.id, PrescriptionTemplateItem.position)
    )
    lines: dict[PrescriptionTemplate, list[TemplateItemRow]] = {}
    for template, line, medicine, item in session.execute(wanted):
        lines.setdefault(template, []).append(_template_item(line, medicine, item))
    return [TemplateRow(head.id, head.name, head.diagnosis, head.doctor_id, tuple(items)) for head, items in lines.items()]


def _template_item(line: PrescriptionTemplateItem, medicine: Medicine, item: InventoryItem) -> TemplateItemRow:
    return TemplateItemRow(
        medicine_id=line.medicine_id,
        medicine=item.name,
        strength=medicine.strength,
        form=medicine.form,
        stock_unit=item.unit,
        dose=line.dose,
        unit=line.unit,
        route=line.route,
        frequency=line.frequency,
        duration_days=line.duration_days,
        quantity=line.quantity,
        instructions=line.instructions,
        substitution_allowed=line.substitution_allowed,
    )
