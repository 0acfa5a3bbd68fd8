"""Prescriptions: drafted and edited with a version each time, active once signed, then only dispensed or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from clinic_desktop.clinic.clinical.commands.locked import check_safety, live_items, locked_prescription, visit_with_doctor
from clinic_desktop.clinic.clinical.events import PrescriptionWritten
from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem, PrescriptionVersion
from clinic_desktop.clinic.clinical.prescribing import drug_of, medicines
from clinic_desktop.clinic.clinical.rules import (
    Drug,
    Frequency,
    PrescriptionSealed,
    PrescriptionStatus,
    Route,
    prescribed_quantity,
)
from clinic_desktop.clinic.clinical.rules.dosing import MAX_DAYS, MAX_VALID_DAYS, checked_dose
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.clinic.organisation.rules import number_kind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.text import optional_line, optional_text, required_line, whole_number

PRESCRIBE = permission("clinical.prescribe", N_("Write and cancel prescriptions"), "doctor", "dentist", "optician")
PRESCRIPTION_NUMBER = number_kind("prescription", "RX", title=N_("Prescriptions"))
VALID_DAYS = setting(
    "clinical.prescription_valid_days", 30, Scope.CLINIC, N_("Days for which a prescription may be dispensed"), low=1, high=365
)

_WITH_DOCTOR = (VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class NewItem:
    """One line as the doctor writes it; no quantity means: compute it from dose, frequency and days."""

    medicine_id: UUID
    dose: Decimal
    unit: str
    route: Route
    frequency: Frequency
    duration_days: int
    quantity: int | None = None
    instructions: str | None = None
    substitution_allowed: bool = True


@dataclass(frozen=True, slots=True)
class PrescriptionSaved:
    """A prescription as it now stands; ``version`` goes into the next edit."""

    prescription_id: UUID
    number: str
    version: int
    status: PrescriptionStatus


@command(PRESCRIBE, idempotent=True)
def write_prescription(
    tx: Tx,
    *,
    key: UUID,
    visit_id: UUID,
    items: tuple[NewItem, ...],
    diagnosis: str | None = None,
    notes: str | None = None,
    follow_up_date: date | None = None,
    override_reason: str | None = None,
) -> PrescriptionSaved:
    """Draft a prescription for a visit. Allergies and shared ingredients raise PrescriptionWarned unless a reason overrides them."""
    visit = visit_with_doctor(tx, visit_id=visit_id)
    today = clinic_today(tx.session, visit.clinic_id, tx.now)
    prescription = _new_draft(tx, visit, today)
    _describe(prescription, diagnosis, notes, follow_up_date)
    prescription.override_reason = optional_line(override_reason, "override_reason", limit=500)
    tx.add(prescription)
    _write_items(tx, prescription, items, today, reason=None)
    return _saved(prescription)


def _new_draft(tx: Tx, visit: Visit, today: date) -> Prescription:
    valid_days = min(setting_value(tx.session, VALID_DAYS, clinic_id=visit.clinic_id), MAX_VALID_DAYS)
    return Prescription(
        number=take_number(tx, PRESCRIPTION_NUMBER, clinic_id=visit.clinic_id),
        clinic_id=visit.clinic_id,
        patient_id=visit.patient_id,
        doctor_id=visit.doctor_id,
        visit_id=visit.id,
        business_date=today,
        valid_until=today + timedelta(days=valid_days),
        status=PrescriptionStatus.DRAFT,
        status_reason=None,
        version=1,
        activated_at=None,
    )


@command(PRESCRIBE)
def edit_prescription(
    tx: Tx,
    *,
    prescription_id: UUID,
    version: int,
    items: tuple[NewItem, ...],
    diagnosis: str | None = None,
    notes: str | None = None,
    follow_up_date: date | None = None,
    override_reason: str | None = None,
    reason: str | None = None,
) -> PrescriptionSaved:
    """Replace a draft's content; every edit keeps a full snapshot. ``version`` is the one last read."""
    prescription = locked_prescription(tx, prescription_id=prescription_id)
    if prescription.status is not PrescriptionStatus.DRAFT:
        raise PrescriptionSealed(status=prescription.status.value)
    if prescription.version != version:
        raise StaleRecord(entity="prescriptions", key=str(prescription_id))
    prescription.version = version + 1
    _describe(prescription, diagnosis, notes, follow_up_date)
    for old in live_items(tx, prescription_id=prescription_id):
        old.removed_at = tx.now
    tx.session.flush()
    prescription.override_reason = optional_line(override_reason, "override_reason", limit=500)
    today = clinic_today(tx.session, prescription.clinic_id, tx.now)
    _write_items(tx, prescription, items, today, reason=optional_line(reason, "reason"))
    return _saved(prescription)


def _describe(prescription: Prescription, diagnosis: str | None, notes: str | None, follow_up_date: date | None) -> None:
    prescription.diagnosis = optional_text(diagnosis, "diagnosis")
    prescription.notes = optional_text(notes, "notes")
    prescription.follow_up_date = follow_up_date


def _write_items(tx: Tx, prescription: Prescription, items: Sequence[NewItem], today: date, *, reason: str | None) -> None:
    if not items:
        raise InvalidInput("items", "required")
    known = _prescribable(tx, {item.medicine_id for item in items})
    wanted = [known[item.medicine_id][0] for item in items]
    check_safety(tx, prescription=prescription, wanted=wanted, day=today, reason=prescription.override_reason)
    rows = [_item_row(prescription.id, position, item, known[item.medicine_id][1]) for position, item in enumerate(items, 1)]
    for row in rows:
        tx.add(row)
    tx.add(_version(tx, prescription, rows, reason))
    tx.emit(PrescriptionWritten(prescription.id, prescription.visit_id))


def _prescribable(tx: Tx, medicine_ids: set[UUID]) -> dict[UUID, tuple[Drug, str]]:
    """Each medicine as the safety rules know it, and its stock unit; it must be in use."""
    found = medicines(tx.session, medicine_ids)
    for medicine_id in sorted(medicine_ids):
        if medicine_id not in found:
            raise NotFound(entity="medicines", key=str(medicine_id))
        if not found[medicine_id][1].is_active:
            raise InvalidInput("medicine", "inactive", medicine_id=medicine_id)
    return {medicine_id: (drug_of(medicine, item), item.unit) for medicine_id, (medicine, item) in found.items()}


def _item_row(prescription_id: UUID, position: int, item: NewItem, base_unit: str) -> PrescriptionItem:
    dose = checked_dose(item.dose)
    days = whole_number(item.duration_days, "duration_days", 1, MAX_DAYS)
    unit = required_line(item.unit, "unit", limit=20)
    return PrescriptionItem(
        prescription_id=prescription_id,
        position=position,
        medicine_id=item.medicine_id,
        dose=dose.normalize(),
        unit=unit,
        route=item.route,
        frequency=item.frequency,
        duration_days=days,
        quantity=prescribed_quantity(given=item.quantity, dose=dose, unit=unit, base_unit=base_unit, frequency=item.frequency, days=days),
        quantity_dispensed=0,
        instructions=optional_line(item.instructions, "instructions", limit=500),
        substitution_allowed=item.substitution_allowed,
        removed_at=None,
    )


def _version(tx: Tx, prescription: Prescription, rows: Sequence[PrescriptionItem], reason: str | None) -> PrescriptionVersion:
    content: dict[str, Any] = {
        name: getattr(prescription, name) for name in ("diagnosis", "notes", "follow_up_date", "valid_until", "override_reason")
    }
    names = ("medicine_id", "unit", "route", "frequency", "duration_days", "quantity", "instructions", "substitution_allowed")
    content["items"] = [{**{name: getattr(row, name) for name in names}, "dose": f"{row.dose:f}"} for row in rows]
    return PrescriptionVersion(
        prescription_id=prescription.id,
        version=prescription.version,
        snapshot=msgspec.json.encode(content, order="deterministic").decode(),
        reason=reason,
        made_by=tx.actor.user_id,
        made_at=tx.now,
    )


def _saved(prescription: Prescription) -> PrescriptionSaved:
    return PrescriptionSaved(prescription.id, prescription.number, prescription.version, prescription.status)
