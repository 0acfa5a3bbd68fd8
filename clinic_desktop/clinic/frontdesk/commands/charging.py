"""What a visit is for and what it costs: its services, each with its price, as lines of the visit's draft invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.commands import cancel_visit_draft, open_visit_invoice
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rules import InvoiceStatus, LineKind, NewLine
from clinic_desktop.clinic.frontdesk.commands.places import active_service
from clinic_desktop.clinic.frontdesk.models import AppointmentService, Visit
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, fee_kind
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.staff.queries import ServiceRow, fee
from clinic_desktop.clinic.staff.rules import LONGEST_SERVICE, ServiceCategory
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.kernel.tables import id_parameter

_BOOKED = (
    select(AppointmentService).where(AppointmentService.appointment_id == id_parameter("appointment_id")).order_by(AppointmentService.id)
)


@dataclass(frozen=True, slots=True)
class Priced:
    """A service at what it costs with this doctor on this day."""

    service: ServiceRow
    price: Money


@step
def active_services(tx: Tx, *, service_ids: Sequence[UUID]) -> list[ServiceRow]:
    """Services that are on offer, in the order in which they are done; one after the other they take no longer than a day's shift."""
    if len(set(service_ids)) != len(service_ids):
        raise InvalidInput("more_services", "given_twice")
    found = [active_service(tx, service_id=one) for one in service_ids]
    if minutes_of(found) > LONGEST_SERVICE:
        raise InvalidInput("more_services", "too_long_together", minutes=LONGEST_SERVICE)
    return found


def minutes_of(services: Sequence[ServiceRow]) -> int:
    """How long services take one after the other."""
    return sum(one.duration_minutes for one in services)


def fee_of(lines: Sequence[Priced]) -> Money:
    """What an appointment costs: each of its services once."""
    return total((line.price for line in lines), lines[0].price.currency)


@step
def price_of(tx: Tx, *, doctor_id: UUID, wanted: ServiceRow, kind: AppointmentKind, day: date) -> Money:
    """What the visit costs: the doctor's fee of that kind where the service says so, else the service's price."""
    if not wanted.uses_doctor_fee:
        return wanted.price
    charged = fee(tx.session, doctor_id, fee_kind(kind), day)
    return wanted.price if charged is None else charged


@step
def priced(tx: Tx, *, doctor_id: UUID, services: Sequence[ServiceRow], kind: AppointmentKind, day: date) -> list[Priced]:
    """Each service at its price."""
    return [Priced(one, price_of(tx, doctor_id=doctor_id, wanted=one, kind=kind, day=day)) for one in services]


@step
def booked_lines(tx: Tx, *, appointment_id: UUID) -> list[AppointmentService]:
    """The services of an appointment, the first one first."""
    return list(tx.session.scalars(_BOOKED, {"appointment_id": appointment_id}))


@step
def services_of(tx: Tx, *, visit: Visit) -> list[ServiceRow]:
    """What a visit is for: a walk-in has one service, an appointment all that were booked."""
    if visit.appointment_id is None:
        return [active_service(tx, service_id=visit.service_id)]
    lines = booked_lines(tx, appointment_id=visit.appointment_id)
    return [active_service(tx, service_id=line.service_id) for line in lines]


@step
def charge(tx: Tx, *, visit: Visit, doctor: Doctor, lines: Sequence[Priced]) -> UUID:
    """Open the visit's draft invoice with a line for each service, divided between doctor and centre."""
    made = [_line(visit, doctor, one) for one in lines]
    return open_visit_invoice(tx, clinic_id=visit.clinic_id, patient_id=visit.patient_id, visit_id=visit.id, lines=made)


def _line(visit: Visit, doctor: Doctor, one: Priced) -> NewLine:
    wanted = one.service
    share = wanted.doctor_share_basis_points
    return NewLine(
        kind=LineKind.CONSULTATION if wanted.category is ServiceCategory.CONSULTATION else LineKind.SERVICE,
        source_type="visits",
        source_id=visit.id,
        description=wanted.name,
        quantity=1,
        unit_price=one.price,
        discount=None,
        tax_configuration_id=wanted.tax_configuration_id,
        doctor_id=doctor.id,
        doctor_share_basis_points=doctor.share_basis_points if share is None else share,
    )


@step
def charge_again(tx: Tx, *, visit: Visit, doctor: Doctor, lines: Sequence[Priced], reason: str) -> UUID | None:
    """Replace the visit's draft when its doctor or price changed; one that was issued, or holds more, is the cashier's to correct."""
    draft_id = visit_draft(tx, visit=visit)
    if draft_id is None or has_other_lines(tx, draft_id=draft_id, visit=visit):
        tx.note("visit_charge_not_moved", "visits", visit.id, doctor_id=str(doctor.id))
        return draft_id
    cancel_visit_draft(tx, visit_id=visit.id, reason=reason)
    return charge(tx, visit=visit, doctor=doctor, lines=lines)


@step
def visit_draft(tx: Tx, *, visit: Visit) -> UUID | None:
    """The visit's draft invoice, while it has one."""
    return tx.session.scalar(select(Invoice.id).where(Invoice.visit_id == visit.id, Invoice.status == InvoiceStatus.DRAFT))


@step
def has_other_lines(tx: Tx, *, draft_id: UUID, visit: Visit) -> bool:
    """Whether a draft charges for more than the booked services."""
    others = select(InvoiceItem.id).where(
        InvoiceItem.invoice_id == draft_id, InvoiceItem.removed_at.is_(None), InvoiceItem.source_id.is_distinct_from(visit.id)
    )
    return tx.session.scalar(others.limit(1)) is not None
