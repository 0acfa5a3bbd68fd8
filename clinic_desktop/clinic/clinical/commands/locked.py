"""What consultations and prescriptions hold while they change: visit before prescription, each read afresh, safety checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.prescribing import warnings_for
from clinic_desktop.clinic.clinical.rules import Drug, PrescriptionWarned, WarningKind
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, NotFound

_WITH_DOCTOR = (VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)


@step
def locked_visit(tx: Tx, *, visit_id: UUID) -> Visit:
    """The visit, locked before anything that hangs on it."""
    tx.session.flush()
    wanted = select(Visit).where(Visit.id == visit_id).with_for_update(key_share=True)
    visit = tx.session.scalar(wanted.execution_options(populate_existing=True))
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
    tx.session.flush()
    wanted = select(Prescription).where(Prescription.id == prescription_id).with_for_update(key_share=True)
    prescription = tx.session.scalar(wanted.execution_options(populate_existing=True))
    if prescription is None:
        raise NotFound(entity="prescriptions", key=str(prescription_id))
    return prescription


@step
def live_items(tx: Tx, *, prescription_id: UUID) -> list[PrescriptionItem]:
    """The items that stand on a prescription now."""
    wanted = select(PrescriptionItem).where(PrescriptionItem.prescription_id == prescription_id, PrescriptionItem.removed_at.is_(None))
    return list(tx.session.scalars(wanted.order_by(PrescriptionItem.position).execution_options(populate_existing=True)))


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
