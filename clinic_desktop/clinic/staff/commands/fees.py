"""What doctors charge, by visit type and from day to day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.staff.commands.doctors import locked_doctor
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS
from clinic_desktop.clinic.staff.events import FeeSet
from clinic_desktop.clinic.staff.models import DoctorFee
from clinic_desktop.clinic.staff.rules import FeeKind, not_negative
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import whole_number


@command(DOCTORS)
def set_fee(
    tx: Tx, *, doctor_id: UUID, visit_type: FeeKind, amount: Money, valid_from: date, follow_up_days: int = 0, valid_to: date | None = None
) -> UUID:
    """Set what a doctor charges for a visit type from a day on; a return within ``follow_up_days`` counts as a follow-up."""
    locked_doctor(tx, doctor_id)
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "ends_before_start")
    same_day = select(DoctorFee).where(
        DoctorFee.doctor_id == doctor_id, DoctorFee.visit_type == visit_type, DoctorFee.valid_from == valid_from
    )
    charge, days = not_negative(amount, "amount"), whole_number(follow_up_days, "follow_up_days", 0, 365)
    fee = tx.session.scalars(same_day).one_or_none()
    if fee is None:
        fee = tx.add(DoctorFee(doctor_id=doctor_id, visit_type=visit_type, valid_from=valid_from))
    fee.amount, fee.follow_up_days, fee.valid_to = charge, days, valid_to
    tx.session.flush()
    tx.emit(FeeSet(doctor_id))
    return fee.id


@command(DOCTORS)
def end_fee(tx: Tx, *, fee_id: UUID, last_day: date) -> None:
    """Let a fee end after a day: from then on an OPD visit's fee or the default applies. What is booked keeps its fee.

    One that has not begun by then is taken out altogether: nobody was ever charged by it.
    """
    doctor_id = tx.session.scalar(select(DoctorFee.doctor_id).where(DoctorFee.id == fee_id))
    if doctor_id is None:
        raise NotFound("fee_id", entity="doctor_fees", key=str(fee_id))
    locked_doctor(tx, doctor_id)
    fee = tx.session.get_one(DoctorFee, fee_id)
    if last_day < fee.valid_from:
        tx.session.delete(fee)
    else:
        fee.valid_to = last_day
    tx.session.flush()
    tx.emit(FeeSet(fee.doctor_id))
