"""Calling patients to ask whether they will come."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.booking import BOOK
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.events import PatientNotReached
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition


@command(BOOK)
def note_unreached(tx: Tx, *, appointment_id: UUID) -> int:
    """Somebody called and nobody answered; says how often that happened by now."""
    case = locked_case(tx, appointment_id=appointment_id)
    appointment = case.booked()
    if appointment.status is not AppointmentStatus.PENDING:
        raise IllegalTransition(machine="appointment", current=appointment.status.value, wanted=AppointmentStatus.CONFIRMED.value)
    appointment.contact_attempts, appointment.contacted_at = appointment.contact_attempts + 1, tx.now
    tx.emit(PatientNotReached(appointment_id, case.visit.id, appointment.clinic_id, appointment.contact_attempts))
    return appointment.contact_attempts
