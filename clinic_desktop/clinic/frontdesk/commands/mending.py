"""What a merge of several sites leaves to be put right at the front desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.frontdesk.commands.consulting import complete_when_paid
from clinic_desktop.clinic.frontdesk.commands.flow import locked_case
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import FREED, VisitStatus
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import ConflictKind, Task, mends

LONGEST = timedelta(days=1)
"""No appointment is longer: so an index by time finds the few that may meet."""


@mends("appointments")
def tell_double_bookings(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A doctor, or a patient, whom two sites booked for the same time: both stay until somebody has called them."""
    touched = tx.session.scalars(select(Appointment).where(Appointment.id.in_(ids), Appointment.status.not_in(FREED))).all()
    pairs: dict[tuple[UUID, UUID], tuple[Appointment, Appointment]] = {}
    for clinic_id in {one.clinic_id for one in touched}:
        mine = [one for one in touched if one.clinic_id == clinic_id]
        for column in (Appointment.doctor_id, Appointment.patient_id):
            for one, other in _meeting(tx.session, clinic_id, mine, column):
                earlier, later = sorted((one, other), key=lambda found: found.id)
                pairs[later.id, earlier.id] = (later, earlier)
    return [_twice(*pairs[key]) for key in sorted(pairs)]


def _meeting(
    session: Session, clinic_id: UUID, mine: Sequence[Appointment], column: InstrumentedAttribute[UUID]
) -> Iterator[tuple[Appointment, Appointment]]:
    """Those of one clinic with each one elsewhere of the same doctor, or the same patient, that is at the same time."""
    keys = {getattr(one, column.key) for one in mine}
    about = (min(one.start_time for one in mine) - LONGEST, max(one.end_time for one in mine))
    elsewhere = (Appointment.clinic_id != clinic_id, Appointment.status.not_in(FREED))
    wanted = select(Appointment).where(column.in_(keys), Appointment.start_time.between(*about), *elsewhere)
    others = defaultdict(list)
    for other in session.scalars(wanted):
        others[getattr(other, column.key)].append(other)
    for one in mine:
        for other in others[getattr(one, column.key)]:
            if one.start_time < other.end_time and other.start_time < one.end_time:
                yield one, other


def _twice(later: Appointment, earlier: Appointment) -> Task:
    who = "doctor" if later.doctor_id == earlier.doctor_id else "patient"
    facts = {"number": later.booking_id, "other": earlier.booking_id, "who": who}
    return Task(ConflictKind.DOUBLE_BOOKING, "appointments", later.id, later.patient_id, facts, (earlier.id,))


@mends("invoices", "visits")
def complete_paid_visits(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A visit whose invoices several sites paid in parts is complete, though none of them saw the whole."""
    of_invoices = select(Invoice.visit_id).where(Invoice.id.in_(ids), Invoice.visit_id.is_not(None))
    waiting = or_(Visit.id.in_(of_invoices), Visit.id.in_(ids))
    wanted = select(Visit.id).where(waiting, Visit.status == VisitStatus.PENDING_PAYMENT).order_by(Visit.id)
    for visit_id in tx.session.scalars(wanted).all():
        complete_when_paid(tx, case=locked_case(tx, visit_id=visit_id))
    return ()
