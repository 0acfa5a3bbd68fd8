"""What the booking screen reads: a week of one doctor, the fee, and whether the visit counts as a follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import DayRow, VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus, fee_kind
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.money import Money, total

_SEEN = (VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    doctor_id: UUID
    service_id: UUID
    patient_id: UUID | None
    kind: AppointmentKind
    day: date
    more_services: tuple[UUID, ...] = ()
    minutes: int | None = None
    """How long it is to take; None: as long as the services."""
    moving_id: UUID | None = None
    """The appointment that is to be moved: it keeps its length, and its own place is free for it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A week of the doctor, what the visit costs, and until when it is a follow-up of which day."""

    days: list[DayRow]
    fee: Money
    minutes: int
    usual_minutes: int
    seen_on: date | None
    follow_up_until: date | None


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def plan(session: Any, *, wish: Wish, clinic_id: UUID, now: datetime) -> Plan:
    """Everything that depends on doctor, service, kind and week."""
    services = [staff.service(session, one) for one in (wish.service_id, *wish.more_services)]
    usual = sum(one.duration_minutes for one in services)
    if wish.moving_id is not None:
        usual = frontdesk.planned_minutes(session, wish.moving_id)
    minutes = usual if wish.moving_id is not None else wish.minutes or usual
    first, doctor_id = week_of(wish.day), wish.doctor_id
    days = frontdesk.days(
        session, clinic_id=clinic_id, doctor_id=doctor_id, first=first, now=now, minutes=minutes, except_id=wish.moving_id
    )
    visits = [] if wish.patient_id is None else frontdesk.visits_of_patient(session, patient_id=wish.patient_id, limit=20)
    visit = last_seen(visits, wish.doctor_id)
    seen = None if visit is None else visit.business_date
    until = None if seen is None else seen + timedelta(days=staff.follow_up_days(session, wish.doctor_id, seen))
    prices = [_fee(session, one, wish) for one in services]
    return Plan(days, total(prices, prices[0].currency), minutes, usual, seen, until)


def last_seen(visits: Iterable[VisitRow], doctor_id: UUID | None = None) -> VisitRow | None:
    """The last visit at which a doctor, or that one, saw the patient; of visits with the latest day first."""
    return next((one for one in visits if doctor_id in (None, one.doctor_id) and one.status in _SEEN), None)


def _fee(session: Any, service: ServiceRow, wish: Wish) -> Money:
    if not service.uses_doctor_fee:
        return service.price
    charged = staff.fee(session, wish.doctor_id, fee_kind(wish.kind), wish.day)
    return service.price if charged is None else charged
