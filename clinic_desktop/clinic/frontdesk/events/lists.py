"""What happened to the waiting list, and to doctors who run late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("waiting_list")
@dataclass(frozen=True, slots=True)
class WaitingListChanged:
    """Somebody waits for a place, or does so no longer."""

    entry_id: UUID
    clinic_id: UUID


@tells_of("waiting_list")
@dataclass(frozen=True, slots=True)
class PlaceOffered:
    """A place came free for somebody who waits for one: the patient is to be told before it is offered to the next."""

    entry_id: UUID
    clinic_id: UUID
    patient_id: UUID
    doctor_id: UUID
    start: datetime
    until: datetime


@tells_of("doctor_delays")
@dataclass(frozen=True, slots=True)
class DoctorRunsLate:
    """A doctor begins or goes on so many minutes later than planned; 0: no longer."""

    doctor_id: UUID
    clinic_id: UUID
    minutes: int
    until: datetime
