"""What the front desk says when a doctor is to go."""

from __future__ import annotations

from clinic_desktop.clinic.frontdesk.queries.ahead import appointments_ahead, patients_here
from clinic_desktop.clinic.staff.events import DoctorDeactivated
from clinic_desktop.clinic.staff.rules import DoctorStillNeeded
from clinic_desktop.kernel.commands import reacts
from clinic_desktop.kernel.db import Tx


@reacts(DoctorDeactivated)
def keep_who_is_needed(tx: Tx, happened: DoctorDeactivated) -> None:
    """A doctor stays while patients are booked with him, wait for him or are in his room."""
    appointments = len(appointments_ahead(tx.session, doctor_id=happened.doctor_id, now=tx.now))
    visits = patients_here(tx.session, doctor_id=happened.doctor_id)
    if appointments or visits:
        raise DoctorStillNeeded(appointments=appointments, visits=visits)
