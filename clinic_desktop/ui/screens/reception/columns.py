"""What the board tells of each visit; what is late or waits long is said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.formats import date_text, money_text, phone_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.reception.words import age, minutes_text, visit_status, visit_tone, waited
from clinic_desktop.ui.table import END, Column
from clinic_desktop.ui.theme.tokens import Tone

LONG_WAIT, LATE = 30, 30
"""Minutes after which somebody should say why it takes so long, or ask where a patient is."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a patient has to pay: from visits before today, and since when; with what today's visits cost that are over."""

    amount: Money
    since: date
    invoice_id: UUID


def minutes_late(visit: VisitRow, now: datetime) -> int:
    """For how many minutes a patient who is expected should have been here; none before the time."""
    if visit.status is not VisitStatus.SCHEDULED:
        return 0
    return max(int((now - visit.planned_at).total_seconds() // 60), 0)


def board_columns(desk: Desk, owed: Callable[[VisitRow], Owed | None]) -> list[Column]:
    """The columns in their order."""
    zone = desk.place.timezone

    def status(visit: VisitRow) -> str:
        late = minutes_late(visit, desk.now())
        return _("{n} min late").format(n=late) if late else visit_status(visit)

    def tone(visit: VisitRow) -> Tone:
        return Tone.WARN if minutes_late(visit, desk.now()) else visit_tone(visit)

    def wait(visit: VisitRow) -> int:
        minutes = waited(visit, desk.now())
        return -1 if minutes is None else minutes

    def debt(visit: VisitRow) -> str:
        found = owed(visit)
        return "" if found is None else money_text(found.amount)

    def since(visit: VisitRow) -> str:
        found = owed(visit)
        if found is None:
            return ""
        return _("Owes {amount} since {day}").format(amount=money_text(found.amount), day=date_text(found.since))

    return [
        Column(_("Time"), lambda v: time_text(v.planned_at, timezone=zone), width=92, sort_key=lambda v: v.planned_at),
        Column(_("Token"), lambda v: str(v.queue_number or ""), align=END, width=72, sort_key=lambda v: v.queue_number or 0),
        Column(_("Patient"), lambda v: v.patient_name, width=0, tooltip=lambda v: f"{v.patient_name}\n{v.patient_number}"),
        Column(_("Age, sex"), lambda v: _who(v, desk.today()), width=128, sort_key=lambda v: v.date_of_birth or date.min),
        Column(_("Doctor"), lambda v: v.doctor_name, width=150, tooltip=lambda v: f"{v.doctor_name}, {v.service_name}"),
        Column(_("Status"), status, chip=tone, width=148),
        Column(
            _("Waiting"),
            lambda v: minutes_text(waited(v, desk.now())),
            align=END,
            width=92,
            chip=lambda v: Tone.WARN if wait(v) >= LONG_WAIT else None,
            tooltip=lambda v: _("Waits long") if wait(v) >= LONG_WAIT else "",
            sort_key=wait,
        ),
        Column(
            _("Allergies"),
            lambda v: v.allergies or "",
            width=104,
            chip=lambda v: Tone.BAD if v.allergies else None,
            tooltip=lambda v: v.allergies or "",
        ),
        Column(_("Owes"), debt, align=END, width=100, tooltip=since, sort_key=lambda v: found.amount.minor if (found := owed(v)) else 0),
        Column(_("Service"), lambda v: v.service_name, width=184, tooltip=lambda v: v.service_name, hidden=True),
        Column(_("Number"), lambda v: v.patient_number, width=140, hidden=True),
        Column(_("Phone"), lambda v: phone_text(v.patient_phone), width=140, hidden=True, export=lambda v: v.patient_phone or ""),
    ]


def _who(visit: VisitRow, today: date) -> str:
    return " · ".join(part for part in (age(visit, today), wording.status(visit.gender)) if part)
