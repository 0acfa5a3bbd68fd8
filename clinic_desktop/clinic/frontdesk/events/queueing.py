"""What happened in the queue and in the rooms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("appointment_queue", "visits")
@dataclass(frozen=True, slots=True)
class PatientCheckedIn:
    """The patient is here and waits."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int


@tells_of("appointment_queue", "appointments", "visits")
@dataclass(frozen=True, slots=True)
class ArrivalTakenBack:
    """The patient is not here after all, and expected again."""

    visit_id: UUID
    appointment_id: UUID
    clinic_id: UUID


@tells_of("visits")
@dataclass(frozen=True, slots=True)
class VisitCancelled:
    """A visit without appointment was taken back."""

    visit_id: UUID
    clinic_id: UUID


@tells_of("appointment_queue", "visits")
@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A patient is asked into a room."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int
    room: str


@tells_of("appointment_queue")
@dataclass(frozen=True, slots=True)
class TicketRecalled:
    """The call was repeated."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int
    room: str


@tells_of("appointment_queue", "visits")
@dataclass(frozen=True, slots=True)
class TicketSkipped:
    """The patient did not answer and waits again."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int


@tells_of("appointment_queue", "visits")
@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """The patient waits for another doctor now."""

    visit_id: UUID
    clinic_id: UUID
    from_doctor_id: UUID
    doctor_id: UUID


@tells_of("appointment_queue", "visits")
@dataclass(frozen=True, slots=True)
class TicketSent:
    """The patient stands in the queue of a room without a doctor, or (None) in the doctor's again."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int
    room: str | None


@tells_of("appointment_queue")
@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """A person gave a waiting patient another priority."""

    visit_id: UUID
    clinic_id: UUID
    priority: str


@tells_of("visits")
@dataclass(frozen=True, slots=True)
class ConsultationStarted:
    """The patient is with the doctor."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID


@tells_of("visits")
@dataclass(frozen=True, slots=True)
class VisitReadyToPay:
    """The doctor is done; the cashier is next."""

    visit_id: UUID
    clinic_id: UUID


@tells_of("visits")
@dataclass(frozen=True, slots=True)
class VisitCompleted:
    """Seen and paid."""

    visit_id: UUID
    clinic_id: UUID


@tells_of("visits")
@dataclass(frozen=True, slots=True)
class PatientLeft:
    """The patient went away unseen."""

    visit_id: UUID
    clinic_id: UUID


@tells_of("appointment_queue")
@dataclass(frozen=True, slots=True)
class TicketHeld:
    """A waiting patient is not called for the moment."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int


@tells_of("appointment_queue")
@dataclass(frozen=True, slots=True)
class TicketResumed:
    """The patient is back."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    queue_number: int


@tells_of("visits", "appointment_queue")
@dataclass(frozen=True, slots=True)
class QueueClosed:
    """Whoever still stood in the queue of a day does so no more."""

    clinic_id: UUID
    left: int
    ended: int


@tells_of("reviews", "doctor_ratings")
@dataclass(frozen=True, slots=True)
class VisitRated:
    """A patient has said how a visit was."""

    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    rating: int
