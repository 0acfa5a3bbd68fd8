"""What must be true of clinical records: signed ones never change, and prescriptions are what their versions say (C1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.commands.prescriptions import PRESCRIPTION_NUMBER
from clinic_desktop.clinic.clinical.models import (
    Consultation,
    ConsultationAddendum,
    ConsultationDiagnosis,
    Prescription,
    PrescriptionItem,
    PrescriptionVersion,
)
from clinic_desktop.clinic.clinical.rules import ConsultationStatus, PrescriptionStatus
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.checks import numbers_whole
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at
from clinic_desktop.kernel.replay import Values, journal_lies

_PAGE = 2_000
_WORDS = ("complaint", "findings", "diagnosis", "treatment", "notes", "follow_up_date")


@check("N1 prescription numbers")
def prescription_numbers(session: Session) -> Finding:
    """Prescription numbers are whole."""
    found = session.execute(select(Prescription.number, Prescription.clinic_id).execution_options(yield_per=_PAGE))
    return numbers_whole(session, PRESCRIPTION_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("C1 signed consultations")
def signed_consultations(session: Session) -> Finding:
    """A consultation is what the journal says, and nothing of it changed after it was signed."""
    fields = ("visit_id", "patient_id", "doctor_id", "business_date", *_WORDS, "status", "signed_at", "signed_by")

    def is_signed(values: Values) -> bool:
        return bool(values.get("status") == ConsultationStatus.SIGNED)

    def name(values: Values) -> str:
        number = session.scalar(select(Patient.patient_number).where(Patient.id == UUID(values["patient_id"])))
        return f"consultation of {number} on {values.get('business_date')}"

    told = journal_lies(session, Consultation, fields, name, sealed=is_signed)
    return Finding(looked_at(session, Consultation), tuple(told))


@check("C1 signed diagnoses")
def signed_diagnoses(session: Session) -> Finding:
    """Diagnoses are what the journal says, and none came, went or changed after the consultation was signed."""
    late = (
        select(Patient.patient_number, ConsultationDiagnosis.text)
        .join(Consultation, Consultation.patient_id == Patient.id)
        .join(ConsultationDiagnosis, ConsultationDiagnosis.consultation_id == Consultation.id)
        .where(
            or_(
                ConsultationDiagnosis.created_at > Consultation.signed_at,
                ConsultationDiagnosis.updated_at > Consultation.signed_at,
            )
        )
    )
    diagnoses = journal_lies(
        session, ConsultationDiagnosis, ("consultation_id", "code", "text", "certainty"), lambda v: f"diagnosis {v.get('text')!r}"
    )
    return finding(
        looked_at(session, ConsultationDiagnosis),
        diagnoses,
        lies(session, late, "{patient_number}: diagnosis '{text}' changed after the consultation was signed"),
    )


@check("C1 signatures and visits")
def signatures(session: Session) -> Finding:
    """A signed consultation has its time, and its visit is over; only signed ones are amended."""
    named = (Patient.patient_number, Consultation.business_date, Consultation.status)
    found = select(*named, Visit.status.label("visit")).join(Consultation, Consultation.patient_id == Patient.id)
    joined = found.join(Visit, Visit.id == Consultation.visit_id)
    over = Visit.status.in_((VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED))
    is_signed = Consultation.status == ConsultationStatus.SIGNED
    wrong = or_(and_(is_signed, or_(Consultation.signed_at.is_(None), ~over)), and_(~is_signed, Consultation.signed_at.is_not(None)))
    amended = joined.join(ConsultationAddendum, ConsultationAddendum.consultation_id == Consultation.id).where(~is_signed)
    return finding(
        looked_at(session, Consultation),
        lies(session, joined.where(wrong), "consultation of {patient_number} on {business_date} is {status}, its visit {visit}"),
        lies(session, amended, "consultation of {patient_number} on {business_date} is {status} and has an addendum"),
    )


@check("C1 prescription versions")
def prescription_versions(session: Session) -> Finding:
    """Versions count up from 1, and the last one is the prescription as it stands."""
    counts = (
        select(
            PrescriptionVersion.prescription_id,
            func.count().label("kept"),
            func.max(PrescriptionVersion.version).label("last"),
        )
        .group_by(PrescriptionVersion.prescription_id)
        .subquery()
    )
    found = (
        select(Prescription.number, Prescription.version, func.coalesce(counts.c.kept, 0).label("kept"))
        .outerjoin(counts, counts.c.prescription_id == Prescription.id)
        .where(or_(counts.c.kept.is_(None), counts.c.kept != Prescription.version, counts.c.last != Prescription.version))
    )
    wording = "{number} is at version {version}, {kept} versions are kept"
    return finding(looked_at(session, Prescription), lies(session, found, wording), _changed_since(session))


_ITEM_WORDS = ("unit", "route", "frequency", "duration_days", "quantity", "instructions", "substitution_allowed")


def _changed_since(session: Session) -> Iterator[str]:
    """Prescriptions that are not what their last version says."""
    items: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    live = select(PrescriptionItem).where(PrescriptionItem.removed_at.is_(None))
    ordered = live.order_by(PrescriptionItem.prescription_id, PrescriptionItem.position)
    for item in session.scalars(ordered.execution_options(yield_per=_PAGE)):
        words = {name: getattr(item, name) for name in _ITEM_WORDS}
        items[item.prescription_id].append({**words, "medicine_id": item.medicine_id, "dose": f"{item.dose:f}"})
        session.expunge(item)
    head = (Prescription.number, Prescription.diagnosis, Prescription.notes, Prescription.follow_up_date, Prescription.valid_until)
    same = and_(PrescriptionVersion.prescription_id == Prescription.id, PrescriptionVersion.version == Prescription.version)
    columns = (Prescription.id, *head, Prescription.override_reason, PrescriptionVersion.snapshot)
    for row in session.execute(select(*columns).join(PrescriptionVersion, same).execution_options(yield_per=_PAGE)):
        names = ("diagnosis", "notes", "follow_up_date", "valid_until", "override_reason")
        now = {**{name: getattr(row, name) for name in names}, "items": items.get(row.id, [])}
        then = msgspec.json.decode(row.snapshot)
        if msgspec.to_builtins(now) != then:
            yield f"{row.number} is not what its last version says"


def _within(item: type[PrescriptionItem]) -> ColumnElement[int]:
    """Units handed out of a line, no more than it has: what sites apart gave beyond makes up for no other line."""
    return case((item.quantity_dispensed > item.quantity, item.quantity), else_=item.quantity_dispensed)


@check("C1 prescription status")
def prescription_status(session: Session) -> Finding:
    """The status of a prescription follows from what was handed out of its items."""
    item = PrescriptionItem
    sums = (
        select(item.prescription_id, func.sum(item.quantity).label("wanted"), func.sum(_within(item)).label("given"))
        .where(item.removed_at.is_(None))
        .group_by(item.prescription_id)
        .subquery()
    )
    status = PrescriptionStatus
    right = case(
        (Prescription.status.in_((status.DRAFT, status.ACTIVE)), sums.c.given == 0),
        (Prescription.status == status.PARTIALLY_DISPENSED, and_(sums.c.given > 0, sums.c.given < sums.c.wanted)),
        (Prescription.status == status.DISPENSED, sums.c.given == sums.c.wanted),
        else_=sums.c.given <= sums.c.wanted,
    )
    found = (
        select(Prescription.number, Prescription.status, sums.c.given, sums.c.wanted)
        .outerjoin(sums, sums.c.prescription_id == Prescription.id)
        .where(or_(sums.c.wanted.is_(None), ~right))
    )
    wording = "{number} is {status}, {given} of {wanted} units were handed out"
    return Finding(looked_at(session, Prescription), tuple(lies(session, found, wording)))


@check("C1 prescription ledger")
def prescription_ledger(session: Session) -> Finding:
    """Prescriptions and their items are what the journal recorded."""
    fields = ("number", "patient_id", "doctor_id", "visit_id", "diagnosis", "valid_until", "status", "version", "override_reason")
    lines = ("prescription_id", "position", "medicine_id", "frequency", "duration_days", "quantity", "quantity_dispensed", "removed_at")

    def item_name(values: Values) -> str:
        number = session.scalar(select(Prescription.number).where(Prescription.id == UUID(values["prescription_id"])))
        return f"{number} line {values.get('position')}"

    told = chain(
        journal_lies(session, Prescription, fields, lambda v: str(v.get("number"))),
        journal_lies(session, PrescriptionItem, lines, item_name),
    )
    return Finding(looked_at(session, PrescriptionItem), tuple(told))
