"""Leave of doctors: asked for, approved or rejected, and taken back."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.queries import clinic_today, clinics
from clinic_desktop.clinic.staff.commands.doctors import locked_doctor
from clinic_desktop.clinic.staff.commands.permissions import DECIDE_LEAVE, REQUEST_LEAVE
from clinic_desktop.clinic.staff.events import LeaveDecided, LeaveRequested, LeaveTakenBack
from clinic_desktop.clinic.staff.models import DoctorLeave
from clinic_desktop.clinic.staff.rules import LEAVE, NO_LEAVE, LeaveOverlap, LeaveStatus, check_span, spans_meet
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_text


@command(REQUEST_LEAVE)
def request_leave(
    tx: Tx,
    *,
    doctor_id: UUID,
    first_day: date,
    last_day: date,
    start: time | None = None,
    end: time | None = None,
    reason: str | None = None,
) -> UUID:
    """Ask for leave of whole days or, with times, of a part of one day."""
    _check_leave(first_day, last_day, start, end)
    locked_doctor(tx, doctor_id)
    _refuse_second_leave(tx, doctor_id, first_day, last_day, start, end)
    leave = DoctorLeave(
        doctor_id=doctor_id,
        first_day=first_day,
        last_day=last_day,
        start_time=start,
        end_time=end,
        reason=optional_text(reason, "reason", limit=500),
        status=LeaveStatus.REQUESTED,
        requested_by_id=tx.actor.user_id,
        decided_by_id=None,
        decided_at=None,
        decision_note=None,
    )
    tx.add(leave)
    tx.session.flush()
    tx.emit(LeaveRequested(leave.id, doctor_id))
    return leave.id


def _check_leave(first_day: date, last_day: date, start: time | None, end: time | None) -> None:
    if last_day < first_day:
        raise InvalidInput("last_day", "ends_before_start")
    if (start is None) != (end is None):
        raise InvalidInput("end", "required")
    if start is not None and end is not None:
        if first_day != last_day:
            raise InvalidInput("last_day", "part_of_one_day")
        check_span(start, end)


def _refuse_second_leave(tx: Tx, doctor_id: UUID, first: date, last: date, start: time | None, end: time | None) -> None:
    others = select(DoctorLeave).where(
        DoctorLeave.doctor_id == doctor_id,
        DoctorLeave.status.not_in(NO_LEAVE),
        DoctorLeave.first_day <= last,
        DoctorLeave.last_day >= first,
    )
    for other in tx.session.scalars(others):
        if spans_meet(start or time.min, end or time.max, other.start_time or time.min, other.end_time or time.max):
            raise LeaveOverlap("first_day", first_day=other.first_day, last_day=other.last_day)


@command(DECIDE_LEAVE)
def approve_leave(tx: Tx, *, leave_id: UUID, note: str | None = None) -> None:
    """Approve a requested leave: its hours are no longer offered."""
    _decide(tx, leave_id, LeaveStatus.APPROVED, note)


@command(DECIDE_LEAVE)
def reject_leave(tx: Tx, *, leave_id: UUID, note: str | None = None) -> None:
    """Reject a requested leave."""
    _decide(tx, leave_id, LeaveStatus.REJECTED, note)


@command(DECIDE_LEAVE)
def take_back_leave(tx: Tx, *, leave_id: UUID, note: str | None = None) -> None:
    """Let a doctor work after all: of a leave that has begun the days that were taken stay, and it ends the day before."""
    leave = _locked(tx, leave_id)
    today = clinic_today(tx.session, clinics(tx.session)[0].id, tx.now)
    LEAVE.check(leave.status, LeaveStatus.WITHDRAWN)
    if leave.last_day < today:
        raise InvalidInput("leave", "in_the_past")
    freed = (max(leave.first_day, today), leave.last_day)
    if leave.first_day < today:
        leave.last_day = today - timedelta(days=1)
    else:
        leave.status = LeaveStatus.WITHDRAWN
    leave.decided_by_id, leave.decided_at = tx.actor.user_id, tx.now
    leave.decision_note = optional_text(note, "note", limit=500)
    tx.session.flush()
    tx.emit(LeaveTakenBack(leave.id, leave.doctor_id, *freed, leave.start_time, leave.end_time))


def _locked(tx: Tx, leave_id: UUID) -> DoctorLeave:
    leave = tx.session.get(DoctorLeave, leave_id, with_for_update=True)
    if leave is None:
        raise NotFound(entity="doctor_leaves", key=str(leave_id))
    return leave


def _decide(tx: Tx, leave_id: UUID, wanted: LeaveStatus, note: str | None) -> None:
    leave = _locked(tx, leave_id)
    leave.status = LEAVE.check(leave.status, wanted)
    leave.decided_by_id, leave.decided_at = tx.actor.user_id, tx.now
    leave.decision_note = optional_text(note, "note", limit=500)
    tx.emit(LeaveDecided(leave.id, leave.doctor_id, is_approved=wanted is LeaveStatus.APPROVED))
