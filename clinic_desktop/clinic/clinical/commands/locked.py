"""What consultations and prescriptions hold while they change: visit before prescription, each read afresh, safety checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.prescribing import warnings_for
from clinic_desktop.clinic.clinical.rules import Drug, NotADoctor, OtherDoctorsPatient, PrescriptionWarned, WarningKind
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, NotFound
from clinic_desktop.kernel.tables import id_parameter
from clinic_desktop.kernel.text import optional_line

_WITH_DOCTOR = (VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)

# Built once: every act of a doctor or a pharmacist runs these, and putting a statement together costs more than running it.
_AFRESH = {"populate_existing": True}
_VISIT_LOCKED = select(Visit).where(Visit.id == id_parameter("visit_id")).with_for_update(key_share=True).execution_options(**_AFRESH)
_PRESCRIPTION_LOCKED = (
    select(Prescription)
    .where(Prescription.id == id_parameter("prescription_id"))
    .with_for_update(key_share=True)
    .execution_options(**_AFRESH)
)
_LIVE_ITEMS = (
    select(PrescriptionItem)
    .where(PrescriptionItem.prescription_id == id_parameter("prescription_id"), PrescriptionItem.removed_at.is_(None))
    .order_by(PrescriptionItem.position)
    .execution_options(**_AFRESH)
)


@step
def locked_visit(tx: Tx, *, visit_id: UUID) -> Visit:
    """The visit, locked before anything that hangs on it."""
    visit = tx.session.scalar(_VISIT_LOCKED, {"visit_id": visit_id})
    if visit is None:
        raise NotFound(entity="visits", key=str(visit_id))
    return visit


@step
def visit_with_doctor(tx: Tx, *, visit_id: UUID) -> Visit:
    """A locked visit whose patient the doctor sees or has seen."""
    visit = locked_visit(tx, visit_id=visit_id)
    if visit.status not in _WITH_DOCTOR:
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted="PRESCRIPTION")
    return visit


@step
def locked_prescription(tx: Tx, *, prescription_id: UUID) -> Prescription:
    """A prescription, locked and read afresh; raises NotFound."""
    prescription = tx.session.scalar(_PRESCRIPTION_LOCKED, {"prescription_id": prescription_id})
    if prescription is None:
        raise NotFound(entity="prescriptions", key=str(prescription_id))
    return prescription


@step
def signing_doctor(tx: Tx, *, doctor_id: UUID, reason: str | None) -> UUID:
    """The doctor who signs now: the patient's own, or another one who says why; raises NotADoctor, OtherDoctorsPatient."""
    own, name = tx.session.execute(
        select(Doctor.user_id, User.full_name).join(User, User.id == Doctor.user_id).where(Doctor.id == doctor_id)
    ).one()
    if tx.actor.user_id is not None and own == tx.actor.user_id:
        return doctor_id
    me = tx.session.scalar(select(Doctor.id).where(Doctor.user_id == tx.actor.user_id, Doctor.is_active))
    if me is None:
        raise NotADoctor
    why = optional_line(reason, "on_behalf_reason")
    if why is None:
        raise OtherDoctorsPatient("on_behalf_reason", doctor=name)
    tx.reason = why
    return me


@step
def live_items(tx: Tx, *, prescription_id: UUID) -> list[PrescriptionItem]:
    """The items that stand on a prescription now."""
    return list(tx.session.scalars(_LIVE_ITEMS, {"prescription_id": prescription_id}))


@step
def check_safety(
    tx: Tx,
    *,
    prescription: Prescription,
    wanted: Sequence[Drug],
    day: date,
    reason: str | None,
    kinds: Collection[WarningKind] = frozenset(WarningKind),
) -> None:
    """Refuse unanswered warnings; log the ones that a reason overrides (C2)."""
    found = warnings_for(
        tx.session,
        patient_id=prescription.patient_id,
        wanted=wanted,
        day=day,
        visit_id=prescription.visit_id,
        besides=prescription.id,
    )
    warnings = [warning for warning in found if warning.kind in kinds]
    if not warnings:
        return
    if reason is None:
        raise PrescriptionWarned("override_reason", warnings=tuple(warnings))
    shown = [msgspec.to_builtins(warning) for warning in warnings]
    tx.note("prescription_override", "prescriptions", prescription.id, reason=reason, warnings=shown)
