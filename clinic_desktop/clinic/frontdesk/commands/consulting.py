"""From the doctor's door to the paid visit."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.events import InvoiceCancelled, InvoicePaid
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES
from clinic_desktop.clinic.frontdesk.commands.flow import Case, locked_case, set_status
from clinic_desktop.clinic.frontdesk.events import ConsultationStarted, VisitCompleted, VisitReadyToPay
from clinic_desktop.clinic.frontdesk.models import AppointmentService
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.queries import is_elsewhere
from clinic_desktop.kernel.commands import command, reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

CONSULT = permission("visits.consult", N_("Start consultations"), "doctor", "dentist", "optician")


@command(CONSULT)
def start_consultation(tx: Tx, *, visit_id: UUID) -> None:
    """The called patient is in the room."""
    case = locked_case(tx, visit_id=visit_id)
    set_status(tx, case=case, wanted=VisitStatus.IN_PROGRESS)
    case.visit.start_time = tx.now
    tx.emit(ConsultationStarted(visit_id, case.visit.clinic_id, case.visit.doctor_id))


@step
def finish_consultation(tx: Tx, *, visit_id: UUID) -> None:
    """The doctor is done: the visit waits for payment, or is complete when nothing is owed."""
    end_consultation(tx, case=locked_case(tx, visit_id=visit_id))


@step
def end_consultation(tx: Tx, *, case: Case, reason: str | None = None) -> None:
    """The patient leaves the room, signed or (where a day is closed) not: the notes stay a draft, the fee is owed."""
    visit_id = case.visit.id
    set_status(tx, case=case, wanted=VisitStatus.PENDING_PAYMENT, reason=reason)
    case.visit.end_time = tx.now
    if case.appointment is not None:
        for line in tx.session.scalars(select(AppointmentService).where(AppointmentService.appointment_id == case.appointment.id)):
            line.completed_at = tx.now
    tx.emit(VisitReadyToPay(visit_id, case.visit.clinic_id))
    complete_when_paid(tx, case=case)


@step
def complete_when_paid(tx: Tx, *, case: Case) -> None:
    """Complete a visit that waits for payment once none of its invoices is open."""
    visit = case.visit
    tx.session.flush()
    open_invoice = select(Invoice.id).where(Invoice.visit_id == visit.id, Invoice.status.in_(OPEN_STATUSES)).limit(1)
    if visit.status is not VisitStatus.PENDING_PAYMENT or tx.session.scalar(open_invoice) is not None:
        return
    set_status(tx, case=case, wanted=VisitStatus.COMPLETED)
    if case.appointment is not None:
        case.appointment.completed_by = tx.actor.user_id
    tx.emit(VisitCompleted(visit.id, visit.clinic_id))


@reacts(InvoicePaid)
def complete_paid_visit(tx: Tx, event: InvoicePaid) -> None:
    """A visit is complete when its last invoice is paid; one of another site once central has heard of the money (``mending``)."""
    if event.visit_id is not None:
        _complete_here(tx, event.visit_id)


@reacts(InvoiceCancelled)
def complete_waived_visit(tx: Tx, event: InvoiceCancelled) -> None:
    """A visit whose last open invoice was cancelled is complete too."""
    if event.visit_id is not None:
        _complete_here(tx, event.visit_id)


def _complete_here(tx: Tx, visit_id: UUID) -> None:
    case = locked_case(tx, visit_id=visit_id)
    clinic_id = case.visit.clinic_id
    if clinic_id == tx.actor.clinic_id or not is_elsewhere(tx.session, clinic_id):
        complete_when_paid(tx, case=case)
