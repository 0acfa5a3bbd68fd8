"""Kinds and pure rules of doctors, services and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.states import StateMachine

SHORTEST_SLOT, LONGEST_SLOT = 5, 240
LONGEST_SERVICE = 480


class FeeKind(StrEnum):
    """The visit types that a doctor's fee may differ by."""

    OPD = "OPD"
    FOLLOW_UP = "FOLLOW_UP"
    EMERGENCY = "EMERGENCY"
    HOME_VISIT = "HOME_VISIT"
    TELECONSULT = "TELECONSULT"


class LeaveStatus(StrEnum):
    """Where a leave stands."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    """Approved, and taken back before it began."""


LEAVE = StateMachine(
    "leave",
    {LeaveStatus.REQUESTED: {LeaveStatus.APPROVED, LeaveStatus.REJECTED}, LeaveStatus.APPROVED: {LeaveStatus.WITHDRAWN}},
)
NO_LEAVE = (LeaveStatus.REJECTED, LeaveStatus.WITHDRAWN)
"""The doctor is there."""


class PricingModel(StrEnum):
    """What the price of a service is for."""

    PER_SESSION = "PER_SESSION"
    PER_TOOTH = "PER_TOOTH"
    PER_TOOTH_PACKAGE = "PER_TOOTH_PACKAGE"
    PER_FILM = "PER_FILM"
    PER_TREATMENT_PACKAGE = "PER_TREATMENT_PACKAGE"


class ToothChartUse(StrEnum):
    """Whether a service asks for teeth."""

    REQUIRED = "REQUIRED"
    OPTIONAL = "OPTIONAL"
    NOT_NEEDED = "NOT_NEEDED"


class ServiceCategory(StrEnum):
    """The shelf that a service stands on in lists and reports."""

    CONSULTATION = "CONSULTATION"
    PROCEDURE = "PROCEDURE"
    IMAGING = "IMAGING"
    LAB = "LAB"
    DENTAL = "DENTAL"
    OPTICAL = "OPTICAL"
    OTHER = "OTHER"


class ScheduleOverlap(ClinicError):
    """The doctor or the room is already scheduled then: params ``what`` (doctor, room), ``weekday``, ``start``, ``end``."""

    code = "schedule_overlap"


class SpecialtyInUse(ClinicError):
    """Doctors who see patients have this specialty: param ``count``."""

    code = "specialty_in_use"


class DoctorStillNeeded(ClinicError):
    """Patients are booked with the doctor or wait for him: params ``appointments`` and ``visits``."""

    code = "doctor_still_needed"


class CodeInUse(ClinicError):
    """A code that bookings and bills name does not change: param ``value``."""

    code = "code_in_use"


class LeaveOverlap(ClinicError):
    """The doctor already has leave in these days: params ``first_day`` and ``last_day``."""

    code = "leave_overlap"


@dataclass(frozen=True, slots=True)
class Hours:
    """A weekly span of working time: weekday 0 is Monday; ``valid_to`` None means for good."""

    weekday: int
    start: time
    end: time
    valid_from: date
    valid_to: date | None
    doctor_id: UUID
    clinic_id: UUID
    room: str | None


def spans_meet(start: time, end: time, other_start: time, other_end: time) -> bool:
    """Whether two half-open spans of a day share a moment."""
    return start < other_end and other_start < end


def days_meet(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Whether two closed spans of days share a day; None is open-ended."""
    return (other_last is None or first <= other_last) and (last is None or other_first <= last)


def same_room(one: Hours, other: Hours) -> bool:
    """Whether two spans use one room of one clinic; room names differ in case only are the same room."""
    if one.room is None or other.room is None or one.clinic_id != other.clinic_id:
        return False
    return one.room.casefold() == other.room.casefold()


def check_overlap(new: Hours, existing: Iterable[Hours], *, field: str = "start") -> None:
    """Refuse hours in which the doctor, or the room, is already taken."""
    for other in existing:
        if new.weekday != other.weekday or not spans_meet(new.start, new.end, other.start, other.end):
            continue
        if not days_meet(new.valid_from, new.valid_to, other.valid_from, other.valid_to):
            continue
        if new.doctor_id == other.doctor_id or same_room(new, other):
            what = "doctor" if new.doctor_id == other.doctor_id else "room"
            raise ScheduleOverlap(field, what=what, weekday=other.weekday, start=other.start, end=other.end)


def check_span(start: time, end: time, *, field: str = "end") -> None:
    """Refuse a span of a day that does not end after it starts."""
    if start >= end:
        raise InvalidInput(field, "ends_before_start", start=start, end=end)


def check_slot_fits(start: time, end: time, slot_minutes: int) -> None:
    """Refuse hours in which not even one slot fits."""
    length = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
    if length < slot_minutes:
        raise InvalidInput("slot_minutes", "longer_than_hours", minutes=length)


@dataclass(frozen=True, slots=True)
class FeeSpan:
    """A fee of one visit type with its validity; ``last_day`` None: until a newer one."""

    kind: FeeKind
    first_day: date
    last_day: date | None
    amount: Money


def fee_in_force(fees: Iterable[FeeSpan], kind: FeeKind, on: date) -> Money | None:
    """The newest fee of a visit type that has begun on a day, unless it has ended, else that of an OPD visit."""
    known = [fee for fee in fees if fee.first_day <= on]
    for wanted in (kind, FeeKind.OPD):
        newest = max((fee for fee in known if fee.kind is wanted), key=lambda fee: fee.first_day, default=None)
        if newest is not None and (newest.last_day is None or newest.last_day >= on):
            return newest.amount
    return None


def not_negative(amount: Money, field: str) -> Money:
    """Refuse a price below zero."""
    if amount.minor < 0:
        raise InvalidInput(field, "negative_amount")
    return amount
