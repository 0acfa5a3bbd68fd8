"""What the booking screen reads: a week of one doctor, the fee, and whether the visit counts as a follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import DayRow, VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.clinic.staff.rules import FeeKind
from clinic_desktop.kernel.money import Money

_FEES = {AppointmentKind.FOLLOW_UP: FeeKind.FOLLOW_UP, AppointmentKind.EMERGENCY: FeeKind.EMERGENCY}
_SEEN = (VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    doctor_id: UUID
    service_id: UUID
    patient_id: UUID | None
    kind: AppointmentKind
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A week of the doctor, what the visit costs, and until when it is a follow-up of which day."""

    days: list[DayRow]
    fee: Money
    minutes: int
    seen_on: date | None
    follow_up_until: date | None


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def plan(session: Any, *, wish: Wish, clinic_id: UUID, now: datetime) -> Plan:
    """Everything that depends on doctor, service, kind and week."""
    service = staff.service(session, wish.service_id)
    days = frontdesk.days(
        session, clinic_id=clinic_id, doctor_id=wish.doctor_id, first=week_of(wish.day), now=now, minutes=service.duration_minutes
    )
    visits = [] if wish.patient_id is None else frontdesk.visits_of_patient(session, patient_id=wish.patient_id, limit=20)
    seen = _last_seen(visits, wish.doctor_id)
    until = None if seen is None else seen + timedelta(days=staff.follow_up_days(session, wish.doctor_id, seen))
    return Plan(days, _fee(session, service, wish), service.duration_minutes, seen, until)


def _last_seen(visits: Iterable[VisitRow], doctor_id: UUID) -> date | None:
    return next((one.business_date for one in visits if one.doctor_id == doctor_id and one.status in _SEEN), None)


def _fee(session: Any, service: ServiceRow, wish: Wish) -> Money:
    if not service.uses_doctor_fee:
        return service.price
    charged = staff.fee(session, wish.doctor_id, _FEES.get(wish.kind, FeeKind.OPD), wish.day)
    return service.price if charged is None else charged
