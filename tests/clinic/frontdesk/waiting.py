"""Short words for the waiting list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at

MONTH = TODAY + timedelta(days=30)


def wait(desk: Desk, patient: int, service: str = "CONS", **more: Any) -> UUID:
    wish = {"patient_id": desk.patients[patient], "service_id": desk.world.services[service], "first_day": TODAY, "last_day": MONTH}
    return desk.run("receptionist", commands.add_waiting, key=new_id(), clinic_id=desk.clinic_id, **{**wish, **more})


def entry(desk: Desk, entry_id: UUID) -> tuple[WaitingStatus, datetime | None]:
    with desk.db.read() as session:
        found = session.get_one(WaitingEntry, entry_id)
        return found.status, found.offered_start


def free_a_place(desk: Desk, patient: int = 9, start: datetime | None = None, **more: Any) -> None:
    row = desk.book(patient, start or at(10), **more)
    desk.run("receptionist", commands.cancel, appointment_id=row.appointment_id, reason="away")
