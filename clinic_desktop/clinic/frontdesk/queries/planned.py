"""Appointments of some days as the calendar shows them, and what a move would change of their fee."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import OWING_STATUSES
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.planning import LONGEST, PLANNED_MINUTES
from clinic_desktop.clinic.frontdesk.rules import FREED, AppointmentKind, AppointmentStatus, QueueState, VisitStatus, fee_kind
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor, Service
from clinic_desktop.clinic.staff.queries import fee, service
from clinic_desktop.kernel.checks import minor
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An appointment in the calendar; ``minutes`` is how long it stays wherever it is moved to."""

    id: UUID
    booking_id: str
    visit_id: UUID
    doctor_id: UUID
    doctor_name: str
    patient_id: UUID
    patient_number: str
    patient_name: str
    patient_phone: str | None
    service_name: str
    minutes: int
    kind: AppointmentKind
    status: AppointmentStatus
    visit_status: VisitStatus
    day: date
    start: datetime
    end: datetime
    place: int
    queue_number: int | None
    reason: str | None
    notes: str | None
    is_first_visit: bool
    owes: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class ElsewhereRow:
    """A place that a doctor holds in another clinic."""

    doctor_id: UUID
    start: datetime
    end: datetime
    place: int


@dataclass(frozen=True, slots=True)
class MoveFee:
    """What an appointment costs now and what it would cost at another place."""

    before: Money
    after: Money


_NEVER_CAME = (VisitStatus.CANCELLED, VisitStatus.LEFT)
_EARLIER = aliased(Visit)
# With LIMIT, and not as EXISTS: that Postgres may answer by a hash of the whole table.
_CAME_BEFORE = (
    select(_EARLIER.id)
    .where(
        _EARLIER.patient_id == Appointment.patient_id,
        _EARLIER.business_date < Appointment.business_date,
        _EARLIER.status.not_in(_NEVER_CAME),
    )
    .limit(1)
    .scalar_subquery()
)
_OWED = (
    select(Invoice.id)
    .where(Invoice.patient_id == Appointment.patient_id, Invoice.status.in_(OWING_STATUSES), minor(Invoice.balance) > 0)
    .limit(1)
    .scalar_subquery()
)

_ALIAS = aliased(Patient)
_HAS_ALIASES = select(_ALIAS.id).where(_ALIAS.merged_into_id == Appointment.patient_id).limit(1).scalar_subquery()

# Built once, in the order of PlannedRow's fields; at the end whether records were merged into the patient's, and what that was merged into.
_PLANNED: Select[*tuple[Any, ...]] = (
    select(
        Appointment.id,
        Appointment.booking_id,
        Visit.id.label("visit_id"),
        Appointment.doctor_id,
        User.full_name.label("doctor_name"),
        Appointment.patient_id,
        Patient.patient_number,
        Patient.full_name,
        Patient.phone,
        Service.name,
        PLANNED_MINUTES,
        Appointment.type,
        Appointment.status,
        Visit.status.label("visit_status"),
        Appointment.business_date,
        Appointment.start_time,
        Appointment.end_time,
        Appointment.slot_place,
        QueueEntry.queue_number,
        Appointment.reason,
        Appointment.notes,
        _CAME_BEFORE.is_(None),
        _OWED.is_not(None),
        Appointment.row_version,
        _HAS_ALIASES.is_not(None),
        Patient.merged_into_id,
    )
    .join(Visit, Visit.appointment_id == Appointment.id)
    .join(Patient, Patient.id == Appointment.patient_id)
    .join(Doctor, Doctor.id == Appointment.doctor_id)
    .join(User, User.id == Doctor.user_id)
    .join(Service, Service.id == Appointment.service_id)
    .outerjoin(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
)


def planned(session: Session, *, clinic_id: UUID, first: date, last: date, doctor_ids: Collection[UUID] | None = None) -> list[PlannedRow]:
    """The appointments of some days (both counted) by time, whatever became of them: of a clinic, or of some of its doctors."""
    # Days that stand in the statement: asked with any days, Postgres soon plans for days of which it knows nothing, in twice the time.
    begin, end = (literal(day, literal_execute=True) for day in (first, last))
    wanted = _PLANNED.where(
        *(table.clinic_id == clinic_id for table in (Appointment, Visit)),
        # The visit has the day of its appointment: said for both, either is found by an index of days.
        *(table.business_date.between(begin, end) for table in (Appointment, Visit)),
    )
    if doctor_ids is not None:
        wanted = wanted.where(Appointment.doctor_id.in_(doctor_ids))
    wanted = wanted.order_by(Appointment.start_time, Appointment.id)
    found = []
    # Of a connection: a session would take each of a thousand rows in hand once more, for objects that there are none of.
    for *values, has_aliases, into in session.connection().execute(wanted).all():
        row = PlannedRow(*values)
        found.append((row if into is None and not has_aliases else _of_all_records(session, row), into))
    return of_survivors(session, found)


def _of_all_records(session: Session, row: PlannedRow) -> PlannedRow:
    """An appointment of somebody with several records: what stands in any of them counts."""
    people = person_ids(session, row.patient_id)
    came = select(Visit.id).where(Visit.patient_id.in_(people), Visit.business_date < row.day, Visit.status.not_in(_NEVER_CAME)).limit(1)
    owed = select(Invoice.id).where(Invoice.patient_id.in_(people), Invoice.status.in_(OWING_STATUSES), minor(Invoice.balance) > 0).limit(1)
    return replace(row, is_first_visit=session.scalar(came) is None, owes=session.scalar(owed) is not None)


def elsewhere(session: Session, *, clinic_id: UUID, doctor_ids: Collection[UUID], start: datetime, end: datetime) -> list[ElsewhereRow]:
    """The places that these doctors hold in other clinics."""
    wanted = select(Appointment.doctor_id, Appointment.start_time, Appointment.end_time, Appointment.slot_place, Appointment.status).where(
        Appointment.doctor_id.in_(doctor_ids),
        Appointment.start_time < end,
        Appointment.start_time > start - LONGEST,
        Appointment.end_time > start,
        Appointment.clinic_id != clinic_id,
    )
    # Freed ones are left out here: Postgres would take the index of held places for it, and read that whole.
    found = session.execute(wanted.order_by(Appointment.start_time))
    return [ElsewhereRow(*row[:4]) for row in found if row.status not in FREED]


def fee_after_move(session: Session, *, appointment_id: UUID, doctor_id: UUID, day: date) -> MoveFee:
    """What an appointment costs, and what it would cost with that doctor on that day; raises NotFound."""
    known = session.execute(select(Appointment.fee, Appointment.type).where(Appointment.id == appointment_id)).one_or_none()
    if known is None:
        raise NotFound(entity="appointments", key=str(appointment_id))
    booked = select(AppointmentService.service_id).where(AppointmentService.appointment_id == appointment_id)
    prices = [_price(session, one, doctor_id, known.type, day) for one in session.scalars(booked)]
    return MoveFee(known.fee, total(prices, known.fee.currency))


def _price(session: Session, service_id: UUID, doctor_id: UUID, kind: AppointmentKind, day: date) -> Money:
    wanted = service(session, service_id)
    charged = fee(session, doctor_id, fee_kind(kind), day) if wanted.uses_doctor_fee else None
    return wanted.price if charged is None else charged
