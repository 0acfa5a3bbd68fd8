"""Shares of doctor and centre, and what doctors were settled (M9)."""

from __future__ import annotations

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.checks.invoices import INVOICE_NAME
from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, DoctorSettlement, Invoice, InvoiceItem, Payment, Refund
from clinic_desktop.clinic.billing.rules import FULL
from clinic_desktop.clinic.billing.tallies.shares import doctor_shares
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.archived import removed_days
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
    """A settlement is what the doctor's shares earned in its days, and no day is settled twice or left out."""
    same = (DoctorSettlement.doctor_id, DoctorSettlement.clinic_id)
    before = func.lag(DoctorSettlement.period_to).over(partition_by=same, order_by=DoctorSettlement.period_to)
    statement = (
        select(DoctorSettlement, User.full_name, before.label("before"))
        .join(Doctor, Doctor.id == DoctorSettlement.doctor_id)
        .join(User, User.id == Doctor.user_id)
    )
    failures, rows = [], 0
    archived = removed_days(session, Payment.__tablename__, Refund.__tablename__, CreditNote.__tablename__)
    for one, name, last_day in session.execute(statement):
        rows += 1
        if any(clinic_id == one.clinic_id and one.period_from <= day <= one.period_to for clinic_id, day in archived):
            continue
        found = doctor_shares(session, clinic_id=one.clinic_id, doctor_id=one.doctor_id, first=one.period_from, last=one.period_to)
        earned = sum(share.earned.minor for share in found)
        if earned != one.earned.minor or one.paid != one.earned + one.adjustment:
            failures.append(f"{name} until {one.period_to}: settled {one.earned}, the shares earned {earned} minor units")
        if last_day is not None and (one.period_from - last_day).days != 1:
            failures.append(f"{name}: settled from {one.period_from} after a settlement until {last_day}")
    return Finding(rows, tuple(failures))
