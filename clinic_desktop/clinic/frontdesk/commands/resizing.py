"""Giving an appointment more time, or less."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.booking import BOOK, BookingRow
from clinic_desktop.clinic.frontdesk.commands.changing import Change, booked_row, change_of
from clinic_desktop.clinic.frontdesk.commands.charging import visit_draft
from clinic_desktop.clinic.frontdesk.commands.flow import flush_guarded
from clinic_desktop.clinic.frontdesk.commands.offering import offer_freed
from clinic_desktop.clinic.frontdesk.commands.places import hold_place
from clinic_desktop.clinic.frontdesk.events import AppointmentResized
from clinic_desktop.clinic.frontdesk.planning import LONGEST
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, VisitStatus
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from clinic_desktop.kernel.text import optional_line

RESIZABLE = (VisitStatus.SCHEDULED, *OPEN_VISITS)
"""Also while the patient waits or is in the room: that it takes longer is often known only then."""


@command(BOOK)
def resize_appointment(
    tx: Tx, *, appointment_id: UUID, end: datetime, row_version: int | None = None, override_reason: str | None = None
) -> BookingRow:
    """Let an appointment end earlier or later; more time is held by the rules of booking, and the fee stays."""
    excuse = optional_line(override_reason, "override_reason")
    change = change_of(tx, appointment_id=appointment_id, row_version=row_version)
    appointment, visit = change.case.booked(), change.case.visit
    if visit.status not in RESIZABLE:
        raise IllegalTransition(machine="appointment", current=appointment.status.value, wanted="RESIZED")
    if end <= appointment.start_time:
        raise InvalidInput("end", "ends_before_start")
    if end - appointment.start_time > LONGEST:
        raise InvalidInput("end", "longer_than_a_day")
    if end <= appointment.end_time:
        freed, appointment.end_time = appointment.end_time, end
        tx.session.flush()
        offer_freed(tx, clinic_id=appointment.clinic_id, doctor_id=appointment.doctor_id, start=end, end=freed)
    else:
        lengthen(tx, change=change, end=end, excuse=excuse)
    appointment.length_minutes = _minutes(appointment.start_time, appointment.end_time)
    flush_guarded(tx, start=appointment.start_time, room=appointment.room)
    tx.emit(AppointmentResized(appointment_id, visit.id, appointment.clinic_id, appointment.doctor_id, appointment.end_time))
    return booked_row(change.case, visit_draft(tx, visit=visit))


@step
def lengthen(tx: Tx, *, change: Change, end: datetime, excuse: str | None) -> None:
    """Hold the longer stretch from the same start, under the doctor's lock."""
    appointment = change.case.booked()
    held = hold_place(
        tx,
        clinic_id=appointment.clinic_id,
        doctor_id=appointment.doctor_id,
        patient_id=appointment.patient_id,
        start=appointment.start_time,
        minutes=_minutes(appointment.start_time, end),
        override_reason=excuse,
        except_id=appointment.id,
        upcoming=end,
    )
    appointment.end_time, appointment.slot_place = held.end, held.place
    appointment.override_reason = held.override_reason or appointment.override_reason


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)
