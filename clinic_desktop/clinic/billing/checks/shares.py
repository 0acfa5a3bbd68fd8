"""Shares of doctor and centre, and what doctors were settled (M9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.checks.invoices import INVOICE_NAME
from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, DoctorSettlement, Invoice, InvoiceItem, Payment, Refund
from clinic_desktop.clinic.billing.rules import FULL
from clinic_desktop.clinic.billing.tallies.settling import counted_before, listed, of_doctor
from clinic_desktop.clinic.billing.tallies.shares import Period, money_elsewhere, shares_of
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.archived import removed_days, removed_rows
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor


@check("M9 shares")
def shares(session: Session) -> Finding:
    """Doctor and centre share add up to the net line; the doctor's is the agreed part, rounded half-up."""
    line = InvoiceItem
    agreed = (2 * minor(line.net) * line.doctor_share_basis_points + FULL) // (2 * FULL)
    owed = case((line.doctor_id.is_(None), 0), else_=agreed)
    doctor, center = minor(line.doctor_share), minor(line.center_share)
    found = select(INVOICE_NAME, line.description, line.net, line.doctor_share, line.center_share).join(
        Invoice, Invoice.id == line.invoice_id
    )
    credit = CreditNoteItem
    split = minor(credit.doctor_share) + minor(credit.center_share) != minor(credit.net)
    credited = select(line.description, credit.net).join(line, line.id == credit.invoice_item_id).where(split)
    return finding(
        looked_at(session, line),
        lies(
            session,
            found.where(or_(doctor + center != minor(line.net), doctor != owed)),
            "{invoice}, {description}: doctor {doctor_share} and centre {center_share} are not the agreed parts of {net}",
        ),
        lies(session, credited, "credit of {description}: its shares do not make {net}"),
    )


@check("M9 doctor settlements")
def doctor_settlements(session: Session) -> Finding:
    """A settlement is what the doctor's shares earned in its days and by the money elsewhere that it names; nothing is settled twice."""
    pairs = session.execute(select(DoctorSettlement.clinic_id, DoctorSettlement.doctor_id).distinct()).all()
    archived = _Archived(
        removed_days(session, Payment.__tablename__, Refund.__tablename__, CreditNote.__tablename__),
        removed_rows(session, Payment.__tablename__) | removed_rows(session, Refund.__tablename__),
    )
    failures = [failure for clinic_id, doctor_id in pairs for failure in _wrong(session, clinic_id, doctor_id, archived)]
    return Finding(looked_at(session, DoctorSettlement), tuple(failures))


@dataclass(frozen=True, slots=True)
class _Archived:
    days: set[tuple[UUID, date]]
    rows: set[UUID]

    def took_of(self, one: DoctorSettlement) -> bool:
        """Whether something that a settlement counts is not here any more."""
        own = any(clinic_id == one.clinic_id and one.period_from <= day <= one.period_to for clinic_id, day in self.days)
        return own or not self.rows.isdisjoint(listed(one))


def _wrong(session: Session, clinic_id: UUID, doctor_id: UUID, archived: _Archived) -> Iterator[str]:
    """What is wrong with the settlements of one doctor in one clinic."""
    name = session.scalar(select(User.full_name).join(Doctor, Doctor.user_id == User.id).where(Doctor.id == doctor_id))
    elsewhere = money_elsewhere(session, clinic_id, doctor_id)
    settlements = of_doctor(session, clinic_id, doctor_id)
    for at, one in enumerate(settlements):
        before, now = counted_before(session, settlements, at, elsewhere), set(listed(one))
        if at and (one.period_from - settlements[at - 1].period_to).days != 1:
            yield f"{name}: settled from {one.period_from} after a settlement until {settlements[at - 1].period_to}"
        if archived.took_of(one):
            continue
        if now & before or not now <= {each.id for each in elsewhere}:
            yield f"{name} until {one.period_to}: counts money elsewhere that was settled before, or is not there"
        found = shares_of(session, Period(clinic_id, doctor_id, one.period_from, one.period_to), elsewhere, before, now)
        earned = sum(share.earned.minor for share in found)
        if earned != one.earned.minor or one.paid != one.earned + one.adjustment:
            yield f"{name} until {one.period_to}: settled {one.earned}, the shares earned {earned} minor units"
