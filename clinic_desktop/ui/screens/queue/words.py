"""How the queue board words waiting patients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import Priority, VisitType
from clinic_desktop.clinic.patients.rules import age_text
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.reception.words import minutes_text, waited
from clinic_desktop.ui.table import END, Column
from clinic_desktop.ui.theme.tokens import Tone

PRIORITY_TONES = {
    Priority.EMERGENCY: Tone.BAD,
    Priority.ELDERLY: Tone.WARN,
    Priority.APPOINTMENT: Tone.INFO,
    Priority.NORMAL: Tone.NEUTRAL,
}


def _age(visit: VisitRow, today: date) -> str:
    return age_text(visit.date_of_birth, today) if visit.date_of_birth is not None else ""


def _doctor(visit: VisitRow) -> str:
    if visit.service_room is None:
        return visit.doctor_name
    return _("{room}, then {doctor}").format(room=visit.service_room, doctor=visit.doctor_name)


def columns(desk: Desk, same_name: Callable[[], frozenset[UUID]]) -> list[Column]:
    """The columns of the waiting list."""
    zone = desk.place.timezone

    def appointment(visit: VisitRow) -> str:
        return time_text(visit.planned_at, timezone=zone) if visit.visit_type is VisitType.SCHEDULED else ""

    def warning(visit: VisitRow) -> str:
        return _("Same name") if visit.visit_id in same_name() else ""

    return [
        Column(_("No."), lambda v: str(v.queue_number or ""), align=END, width=64, sort_key=lambda v: v.queue_number or 0),
        Column(_("Patient"), lambda v: v.patient_name, width=0, tooltip=lambda v: f"{v.patient_name}\n{v.patient_number}"),
        Column(_("Warning"), warning, chip=lambda v: Tone.WARN if warning(v) else None, width=144),
        Column(_("Age"), lambda v: _age(v, desk.today()), align=END, width=72, sort_key=lambda v: v.date_of_birth or desk.today()),
        Column(_("Priority"), lambda v: wording.status(v.priority), chip=lambda v: PRIORITY_TONES.get(v.priority), width=160),
        Column(_("Appointment"), appointment, align=END, width=110),
        Column(_("Waited"), lambda v: minutes_text(waited(v, desk.now())), align=END, width=88, sort_key=lambda v: v.check_in_time),
        Column(
            _("Expected"),
            lambda v: minutes_text(v.estimated_wait_minutes),
            align=END,
            width=96,
            tooltip=lambda _visit: _("How long the wait will still be, by this doctor's usual pace"),
            sort_key=lambda v: v.estimated_wait_minutes or 0,
        ),
        Column(_("Doctor"), _doctor, width=176, tooltip=_doctor),
    ]
