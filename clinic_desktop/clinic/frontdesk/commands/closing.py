"""What the front desk says when a clinic is to close."""

from __future__ import annotations

from sqlalchemy import func, select

from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.organisation.events import ClinicClosing
from clinic_desktop.clinic.organisation.rules import ClinicStillNeeded
from clinic_desktop.kernel.commands import reacts
from clinic_desktop.kernel.db import Tx

_AHEAD = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
_HERE = (VisitStatus.WAITING, VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT)


@reacts(ClinicClosing)
def keep_open_while_needed(tx: Tx, happened: ClinicClosing) -> None:
    """A clinic stays open while patients are booked there or have come."""
    booked = select(func.count()).select_from(Appointment).where(Appointment.clinic_id == happened.clinic_id)
    appointments = tx.session.scalar(booked.where(Appointment.start_time >= tx.now, Appointment.status.in_(_AHEAD))) or 0
    come = select(func.count()).select_from(Visit).where(Visit.clinic_id == happened.clinic_id, Visit.status.in_(_HERE))
    visits = tx.session.scalar(come) or 0
    if appointments or visits:
        raise ClinicStillNeeded(appointments=appointments, visits=visits)
