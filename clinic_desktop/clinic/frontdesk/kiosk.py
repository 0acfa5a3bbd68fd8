"""What a clinic lets its kiosks do."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.planning import clinic_timezone, doctor_day
from clinic_desktop.clinic.staff.queries import services
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

EARLY_MINUTES = setting(
    "kiosk.early_minutes", 120, Scope.CLINIC, N_("Minutes before an appointment from which a kiosk checks the patient in"), high=720
)
LATE_MINUTES = setting(
    "kiosk.late_minutes", 30, Scope.CLINIC, N_("Minutes after an appointment's start until which a kiosk checks the patient in"), high=720
)
WALK_INS = setting("kiosk.walk_ins", False, Scope.CLINIC, N_("A kiosk gives numbers to patients without appointment"))


def walk_in_service(session: Session) -> UUID | None:
    """What somebody without appointment comes for: the first of the clinic's consultations."""
    found = services(session, category=ServiceCategory.CONSULTATION)
    return found[0].id if found else None


def still_sees_today(session: Session, doctor_id: UUID, *, clinic_id: UUID, day: date, now: datetime) -> bool:
    """Whether a doctor has hours left on a day: nobody takes a number of a doctor who is on leave, or has gone home."""
    timezone = clinic_timezone(session, clinic_id)
    plan = doctor_day(session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, timezone=timezone)
    return any(slot.end > now for slot in plan.slots)
