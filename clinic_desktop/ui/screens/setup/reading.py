"""What a new clinic has already of what it needs before the first patient comes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.backups.commands import FOLDER, SECOND_FOLDER
from clinic_desktop.clinic.organisation.queries import setting_value, workstations
from clinic_desktop.clinic.staff.queries import doctors, schedules, services
from clinic_desktop.clinic.stock.queries import medicines
from clinic_desktop.kernel.db import ClinicSession


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of each there are; ``backup_elsewhere``: a folder was chosen that is not beside the data."""

    services: int
    users: int
    doctors: int
    schedules: int
    medicines: int
    workstations: int
    backup_elsewhere: bool


def progress(session: ClinicSession, *, clinic_id: UUID, workstation_id: UUID | None) -> Progress:
    """Count what there is; of medicines only whether there is one, for there may be thousands."""
    chosen = [setting_value(session, one, clinic_id=clinic_id, workstation_id=workstation_id) for one in (FOLDER, SECOND_FOLDER)]
    return Progress(
        services=len(services(session)),
        users=len(users(session, with_disabled=False)),
        doctors=len(doctors(session, clinic_id)),
        schedules=len(schedules(session, clinic_id=clinic_id)),
        medicines=len(medicines(session, limit=1)),
        workstations=len(workstations(session, clinic_id=clinic_id)),
        backup_elsewhere=any(text.strip() for text in chosen),
    )
