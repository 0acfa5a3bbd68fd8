"""A doctor who runs late today."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.commands.places import locked_doctor
from clinic_desktop.clinic.frontdesk.events import DoctorRunsLate
from clinic_desktop.clinic.frontdesk.waiting_models import DoctorDelay
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import whole_number

DELAY = permission("queue.delay", N_("Say that a doctor runs late"), "receptionist", "nurse", "doctor", "dentist", "optician")


@command(DELAY)
def set_delay(tx: Tx, *, clinic_id: UUID, doctor_id: UUID, minutes: int) -> None:
    """Say that a doctor begins, or goes on, only in so many minutes; 0 says that he is no longer late. Tomorrow it is forgotten."""
    whole_number(minutes, "minutes", 0, 600)
    locked_doctor(tx, doctor_id=doctor_id)
    today = clinic_today(tx.session, clinic_id, tx.now)
    of_today = (DoctorDelay.clinic_id == clinic_id, DoctorDelay.business_date == today, DoctorDelay.doctor_id == doctor_id)
    delay = tx.session.scalars(select(DoctorDelay).where(*of_today)).one_or_none()
    until = tx.now + timedelta(minutes=minutes)
    if delay is None:
        delay = tx.add(DoctorDelay(clinic_id=clinic_id, business_date=today, doctor_id=doctor_id, minutes=minutes, late_until=until))
    delay.minutes, delay.late_until, delay.said_by = minutes, until, tx.actor.user_id
    tx.session.flush()
    tx.emit(DoctorRunsLate(doctor_id, clinic_id, minutes, until))
