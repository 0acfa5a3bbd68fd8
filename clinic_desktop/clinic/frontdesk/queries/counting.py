"""What waits for a hand at the front desk, counted: each by an index, and without what only the list itself needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, AppointmentStatus, VisitStatus, WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.patients.queries.person import survivor_ids

COMING = (VisitStatus.SCHEDULED, *OPEN_VISITS)
"""Who is expected or here: for whom something can still be made ready."""


def offers_count(session: Session, *, clinic_id: UUID) -> int:
    """How many patients were offered a place and have not answered."""
    offered = (WaitingEntry.clinic_id == clinic_id, WaitingEntry.status == WaitingStatus.OFFERED)
    return session.scalar(select(func.count()).select_from(WaitingEntry).where(*offered)) or 0


def to_confirm_count(session: Session, *, clinic_id: UUID, day: date) -> int:
    """How many appointments of a day wait for the patient's word."""
    of_day = select(Appointment.status, func.count()).where(Appointment.clinic_id == clinic_id, Appointment.business_date == day)
    # The status is not in the condition: Postgres would take the index of held places for it, and read that whole.
    return sum(number for status, number in session.execute(of_day.group_by(Appointment.status)) if status is AppointmentStatus.PENDING)


def patients_of_day(session: Session, *, clinic_id: UUID, day: date, statuses: Collection[VisitStatus] = COMING) -> set[UUID]:
    """Whose visits of a day are in these states; of a merged record its survivor."""
    wanted = select(Visit.patient_id).where(Visit.clinic_id == clinic_id, Visit.business_date == day, Visit.status.in_(statuses))
    found = set(session.scalars(wanted))
    leads = survivor_ids(session, *found)
    return {leads[one] for one in found}
