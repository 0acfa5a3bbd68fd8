"""Documents of the front desk: the queue token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.rules import Priority
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.documents import data
from clinic_desktop.documents.appointment_slip import appointment_slip_pdf
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, printed_before
from clinic_desktop.documents.queue_token import queue_token_pdf
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.wording import status


def appointment_slip(session: Session, *, language: Language, now: datetime, visit_id: UUID, on_a6: bool = False) -> Composed:
    """When and where a patient is expected; raises NotFound for a visit without appointment."""
    visit = frontdesk.visit(session, visit_id)
    if visit.appointment_id is None or visit.booking_id is None:
        raise NotFound(entity="appointments", key=visit.patient_number)
    clinic = organisation.clinic(session, visit.clinic_id)
    slip = data.AppointmentSlip(
        letterhead=letterhead(session, clinic),
        booking_id=visit.booking_id,
        day=visit.business_date,
        start=visit.planned_at,
        timezone=clinic.timezone,
        doctor=visit.doctor_name,
        room=staff.doctor(session, visit.doctor_id).room or "",
        patient_name=visit.patient_name,
        patient_number=visit.patient_number,
        printed_at=now,
    )
    # An appointment may be moved between two slips: none is a copy of another.
    pdf = appointment_slip_pdf(slip, language, on_a6=on_a6)
    return Composed(DocumentKind.APPOINTMENT_SLIP, "appointments", visit.appointment_id, visit.booking_id, pdf, is_reprint=False)


def queue_token(session: Session, *, language: Language, now: datetime, visit_id: UUID) -> Composed:
    """A patient's place in the queue, with how many are before and the estimated wait."""
    visit = frontdesk.visit(session, visit_id)
    if visit.queue_number is None:
        raise NotFound(entity="appointment_queue", key=visit.patient_number)
    clinic = organisation.clinic(session, visit.clinic_id)
    doctor = staff.doctor(session, visit.doctor_id)
    queue = frontdesk.waiting(session, clinic_id=visit.clinic_id, doctor_id=visit.doctor_id, day=visit.business_date, now=now)
    place = next((index for index, row in enumerate(queue) if row.visit_id == visit_id), None)
    again = printed_before(session, DocumentKind.QUEUE_TOKEN, "visits", visit_id)
    pdf = queue_token_pdf(
        data.QueueToken(
            letterhead=letterhead(session, clinic),
            queue_number=str(visit.queue_number),
            day=visit.business_date,
            doctor=visit.doctor_name,
            room=visit.room or doctor.room or "",
            visit_code=visit.booking_id or frontdesk.token_code(clinic, visit.business_date, visit.queue_number),
            printed_at=now,
            timezone=clinic.timezone,
            patient_name=visit.patient_name,
            patient_number=visit.patient_number,
            department=doctor.department or doctor.specialty,
            appointment_at=visit.planned_at if visit.appointment_id else None,
            waiting_minutes=None if place is None else queue[place].estimated_wait_minutes,
            ahead=place,
            priority=status(visit.priority, language) if visit.priority in (Priority.EMERGENCY, Priority.ELDERLY) else "",
            is_reprint=again,
        ),
        language,
    )
    return Composed(DocumentKind.QUEUE_TOKEN, "visits", visit_id, str(visit.queue_number), pdf, again)
