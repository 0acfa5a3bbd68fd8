"""What the front desk's screens read, each in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import queries as billing
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import DayCounts, VisitRow
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, VisitStatus
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import ContactRow, IdentifierRow, PatientRow
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import DoctorDayRow, ServiceRow
from clinic_desktop.kernel.money import total
from clinic_desktop.ui.card_warning import warning_of
from clinic_desktop.ui.numbers import is_of
from clinic_desktop.ui.screens.consents.reading import unsigned_here
from clinic_desktop.ui.screens.reception.columns import LATE, Owed
from clinic_desktop.ui.screens.reception.figures import UNSIGNED


@dataclass(frozen=True, slots=True)
class Today:
    """The day at a glance."""

    visits: list[VisitRow]
    counts: DayCounts
    owed: dict[UUID, Owed]
    unsigned: frozenset[UUID] = frozenset()
    """Who is here and has consents to sign; read where it is asked for."""


@dataclass(frozen=True, slots=True)
class PatientFile:
    """A patient with what a desk asks first: next appointments, last visits, what is unpaid."""

    patient: PatientRow
    contacts: tuple[ContactRow, ...]
    upcoming: list[VisitRow]
    past: list[VisitRow]
    unpaid: list[InvoiceHeadRow]
    same_name: bool
    numbers: tuple[IdentifierRow, ...] = ()
    missing_consents: Sequence[ConsentType] = ()
    merged: tuple[PatientRow, ...] = ()
    """Records that were merged into this one."""

    def expected(self, today: date, visit_id: UUID | None = None) -> VisitRow | None:
        """Today's appointment that the patient may be checked in for; the one asked for goes first."""
        due = self.due(today)
        return next((row for row in due if row.visit_id == visit_id), due[0] if due else None)

    def due(self, today: date) -> list[VisitRow]:
        """Today's appointments that the patient has not come for yet."""
        return [row for row in self.upcoming if row.business_date == today and row.status is VisitStatus.SCHEDULED]

    def here(self, today: date) -> VisitRow | None:
        """The visit for which the patient waits or is with a doctor now."""
        return next((row for row in self.past if row.business_date == today and row.status in OPEN_VISITS), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """Who sees patients today, and for what."""

    doctors: list[DoctorDayRow]
    services: list[ServiceRow]


@dataclass(frozen=True, slots=True)
class Scanned:
    """Whom a scanned code belongs to, and the visit when it was a booking."""

    patient_id: UUID
    visit_id: UUID | None
    warning: str = ""


def today_at_desk(session: Any, *, clinic_id: UUID, day: date, figure: str = "") -> Today:
    """The board and its figures, with what the one that is shown needs."""
    visits = frontdesk.day_board(session, clinic_id=clinic_id, day=day)
    counts = frontdesk.home_counts(session, clinic_id=clinic_id, day=day)
    unsigned = unsigned_here(session, clinic_id=clinic_id, day=day) if figure == UNSIGNED else frozenset()
    return Today(visits, counts, _owed(session, visits, clinic_id), unsigned)


def _owed(session: Any, visits: list[VisitRow], clinic_id: UUID) -> dict[UUID, Owed]:
    """What the patients of the day have to pay by now: bills, and what is not billed yet of visits that are over."""
    over = {one.visit_id for one in visits if one.status is VisitStatus.PENDING_PAYMENT}
    found: dict[UUID, Owed] = {}
    for bill in billing.owed_by(session, sorted({one.patient_id for one in visits}), clinic_id=clinic_id, limit=1_000):
        if bill.status is InvoiceStatus.DRAFT and bill.visit_id not in over:
            continue
        known = found.get(bill.patient_id)
        if known is None:
            found[bill.patient_id] = Owed(bill.balance, bill.business_date, bill.id)
        else:
            earlier = min(known.since, bill.business_date)
            found[bill.patient_id] = Owed(total((known.amount, bill.balance), bill.balance.currency), earlier, known.invoice_id)
    return found


def patient_file(session: Any, *, patient_id: UUID, today: date, clinic_id: UUID | None = None) -> PatientFile:
    """Everything that the patient's file shows; a merged record shows the one that was kept. What is missing is the clinic's to say."""
    patient = patients.patient(session, patients.survivor_id(session, patient_id))
    visits = frontdesk.visits_of_patient(session, patient_id=patient.id)
    upcoming = [row for row in visits if row.status is VisitStatus.SCHEDULED and row.business_date >= today]
    known = {row.visit_id for row in upcoming}
    past = [row for row in visits if row.visit_id not in known]
    unpaid = billing.unpaid_invoices(session, patient.id)
    return PatientFile(
        patient,
        patients.contacts(session, patient.id),
        sorted(upcoming, key=lambda row: row.planned_at),
        past,
        [row for row in unpaid if row.balance.minor > 0],
        patients.has_namesake(session, patient.id),
        tuple(patients.identifiers(session, patient.id)),
        [] if clinic_id is None else patients.missing_consents(session, patient_id=patient.id, clinic_id=clinic_id, today=today),
        tuple(patients.merged_records(session, patient.id)),
    )


def on_offer(session: Any, *, clinic_id: UUID, day: date) -> Offer:
    """Doctors with their hours of a day, and the services."""
    return Offer(staff.doctors_on(session, clinic_id=clinic_id, day=day), staff.services(session))


def scanned(session: Any, *, code: str, today: date) -> Scanned | None:
    """Whom a scanned card, booking or queue token belongs to."""
    if is_of(code, "appointment"):
        booking = frontdesk.appointment_by_booking_id(session, code)
        return None if booking is None else Scanned(booking.patient_id, booking.visit_id)
    if is_of(code, "queue"):
        visit = frontdesk.visit_of_token(session, code)
        return None if visit is None else Scanned(visit.patient_id, visit.visit_id)
    owner = patients.scanned_card(session, code, today=today)
    return None if owner is None else Scanned(owner.patient.id, None, warning_of(owner.fault))


def late_arrivals(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many should have been here long ago: somebody should call them, or say that they did not come."""
    return frontdesk.late_count(session, clinic_id=clinic_id, day=day, before=now - timedelta(minutes=LATE))
