"""Statuses of appointments, visits and queue entries, and which may follow which."""

from __future__ import annotations

from enum import StrEnum

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.states import StateMachine


class AppointmentStatus(StrEnum):
    """Where an appointment stands."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    CHECKED_IN = "CHECKED_IN"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


class AppointmentKind(StrEnum):
    """Why the appointment was made; it also chooses the doctor's fee."""

    REGULAR = "REGULAR"
    WALK_IN = "WALK_IN"
    EMERGENCY = "EMERGENCY"
    FOLLOW_UP = "FOLLOW_UP"


class BookingSource(StrEnum):
    """How the booking reached the clinic."""

    PHONE = "PHONE"
    WALK_IN = "WALK_IN"
    ONLINE = "ONLINE"
    SYSTEM = "SYSTEM"


class VisitType(StrEnum):
    """With an appointment or without."""

    SCHEDULED = "SCHEDULED"
    WALK_IN = "WALK_IN"


class VisitStatus(StrEnum):
    """Where a visit stands."""

    SCHEDULED = "SCHEDULED"
    WAITING = "WAITING"
    CALLED = "CALLED"
    IN_PROGRESS = "IN_PROGRESS"
    PENDING_PAYMENT = "PENDING_PAYMENT"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    LEFT = "LEFT"


class QueueState(StrEnum):
    """A queue number: reserved at booking, open while the patient is here, closed, or void (never given again)."""

    RESERVED = "RESERVED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    VOID = "VOID"


class LogSubject(StrEnum):
    """Which of the two a status log entry is about."""

    APPOINTMENT = "APPOINTMENT"
    VISIT = "VISIT"


class Priority(StrEnum):
    """Who is called first, in this order."""

    EMERGENCY = "EMERGENCY"
    ELDERLY = "ELDERLY"
    APPOINTMENT = "APPOINTMENT"
    NORMAL = "NORMAL"


_A = AppointmentStatus
APPOINTMENT_STATES: StateMachine[AppointmentStatus] = StateMachine(
    "appointment",
    {
        _A.PENDING: {_A.CONFIRMED, _A.CHECKED_IN, _A.CANCELLED, _A.NO_SHOW},
        _A.CONFIRMED: {_A.CHECKED_IN, _A.CANCELLED, _A.NO_SHOW},
        _A.CHECKED_IN: {_A.IN_PROGRESS, _A.CANCELLED, _A.PENDING, _A.CONFIRMED},
        _A.IN_PROGRESS: {_A.COMPLETED},
        _A.NO_SHOW: {_A.CHECKED_IN},
    },
)
"""Whoever was taken for missing and came after all is checked in late; what was cancelled stays so."""

_V = VisitStatus
VISIT_STATES: StateMachine[VisitStatus] = StateMachine(
    "visit",
    {
        _V.SCHEDULED: {_V.WAITING, _V.CANCELLED},
        _V.WAITING: {_V.CALLED, _V.CANCELLED, _V.LEFT, _V.SCHEDULED},
        _V.CALLED: {_V.WAITING, _V.IN_PROGRESS, _V.LEFT},
        _V.IN_PROGRESS: {_V.PENDING_PAYMENT},
        _V.PENDING_PAYMENT: {_V.COMPLETED},
        _V.CANCELLED: {_V.WAITING},
    },
)
"""A cancelled visit is taken up again only with its appointment, and that only after a no-show."""

FREED = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)
"""Appointments that no longer hold their place."""

OPEN_VISITS = (VisitStatus.WAITING, VisitStatus.CALLED, VisitStatus.IN_PROGRESS)
"""Visits that stand in a queue or in a room."""

STANDS_IN_QUEUE = (VisitStatus.WAITING, VisitStatus.CALLED)
"""Visits that stand in the queue of a doctor, or of a room without one."""

_APPOINTMENT_OF_VISIT = {
    _V.WAITING: _A.CHECKED_IN,
    _V.CALLED: _A.CHECKED_IN,
    _V.IN_PROGRESS: _A.IN_PROGRESS,
    _V.PENDING_PAYMENT: _A.IN_PROGRESS,
    _V.COMPLETED: _A.COMPLETED,
    _V.CANCELLED: _A.CANCELLED,
    _V.LEFT: _A.CANCELLED,
}

_QUEUE_OF_VISIT = {
    _V.SCHEDULED: QueueState.RESERVED,
    _V.WAITING: QueueState.OPEN,
    _V.CALLED: QueueState.OPEN,
    _V.IN_PROGRESS: QueueState.OPEN,
    _V.PENDING_PAYMENT: QueueState.CLOSED,
    _V.COMPLETED: QueueState.CLOSED,
    _V.CANCELLED: QueueState.VOID,
    _V.LEFT: QueueState.CLOSED,
}


def appointment_status_of(visit: VisitStatus, current: AppointmentStatus) -> AppointmentStatus:
    """The status an appointment takes when its visit takes one: they move together."""
    if visit is VisitStatus.SCHEDULED and current is AppointmentStatus.CHECKED_IN:  # an arrival taken back
        return AppointmentStatus.PENDING
    return _APPOINTMENT_OF_VISIT.get(visit, current)


def states_agree(appointment: AppointmentStatus, visit: VisitStatus) -> bool:
    """Whether an appointment and its visit tell the same story (``clinic check`` asks for every pair)."""
    if visit is VisitStatus.SCHEDULED:
        return appointment in (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
    if visit is VisitStatus.CANCELLED:
        return appointment in FREED
    return appointment is _APPOINTMENT_OF_VISIT[visit]


def queue_state_of(visit: VisitStatus) -> QueueState:
    """The state a queue number takes when its visit takes a status."""
    return _QUEUE_OF_VISIT[visit]


class SlotTaken(ClinicError):
    """The doctor has no free place at that time: param ``start``."""

    code = "slot_taken"


class PatientBusy(ClinicError):
    """The patient has another appointment at that time: param ``start``."""

    code = "patient_busy"


class RoomTaken(ClinicError):
    """Another doctor sees a patient in that room then: params ``room`` and ``start``."""

    code = "room_taken"


class ServicesBilled(ClinicError):
    """What the visit is for was billed already: the cashier corrects it."""

    code = "services_billed"


class NotInSeries(ClinicError):
    """The appointment was not booked as one of a series."""

    code = "not_in_series"


class NotBookable(ClinicError):
    """The time cannot be booked without an override: ``reason`` is past, outside_hours, leave or holiday."""

    code = "not_bookable"


class DoctorInactive(ClinicError):
    """The doctor does not see patients at present."""

    code = "doctor_inactive"


class PatientInactive(ClinicError):
    """The patient record is merged, archived or of a deceased person: param ``status``."""

    code = "patient_inactive"


class AlreadyQueued(ClinicError):
    """The patient already waits for this doctor today: param ``queue_number``."""

    code = "already_queued"


class WrongDay(ClinicError):
    """The visit is planned for another day: param ``day``."""

    code = "wrong_day"


class QueueEmpty(ClinicError):
    """Nobody is waiting."""

    code = "queue_empty"


class AlreadyRated(ClinicError):
    """The visit was rated before: once is enough, and it cannot be changed."""

    code = "already_rated"


class NotYetSeen(ClinicError):
    """A visit that has not ended cannot be rated."""

    code = "not_yet_seen"


class TooEarly(ClinicError):
    """A patient cannot have missed what has not begun: param ``start``."""

    code = "too_early"
