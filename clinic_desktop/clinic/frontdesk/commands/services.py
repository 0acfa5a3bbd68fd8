"""What an appointment is for, changed before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from clinic_desktop.clinic.frontdesk.commands.booking import BOOK, BookingRow, save_services
from clinic_desktop.clinic.frontdesk.commands.changing import booked_row, change_of
from clinic_desktop.clinic.frontdesk.commands.charging import (
    active_services,
    booked_lines,
    charge_again,
    fee_of,
    has_other_lines,
    minutes_of,
    priced,
    visit_draft,
)
from clinic_desktop.clinic.frontdesk.commands.flow import Case, flush_guarded
from clinic_desktop.clinic.frontdesk.commands.offering import offer_freed
from clinic_desktop.clinic.frontdesk.commands.places import hold_place
from clinic_desktop.clinic.frontdesk.events import ServicesChanged
from clinic_desktop.clinic.frontdesk.rules import ServicesBilled, VisitStatus
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.text import optional_line


@command(BOOK)
def change_services(
    tx: Tx,
    *,
    appointment_id: UUID,
    service_id: UUID,
    more_services: Sequence[UUID] = (),
    row_version: int | None = None,
    override_reason: str | None = None,
) -> BookingRow:
    """Book other services at the same time with the same doctor, while the patient has not come and nothing of it is billed."""
    change = change_of(tx, appointment_id=appointment_id, row_version=row_version)
    appointment, visit = change.case.booked(), change.case.visit
    if visit.status is not VisitStatus.SCHEDULED:
        raise IllegalTransition(machine="appointment", current=appointment.status.value, wanted="MOVED")
    draft_id = visit_draft(tx, visit=visit)
    if draft_id is None or has_other_lines(tx, draft_id=draft_id, visit=visit):
        raise ServicesBilled
    return _serve(tx, change.case, change.doctor, (service_id, *more_services), optional_line(override_reason, "override_reason"))


def _serve(tx: Tx, case: Case, doctor: Doctor, service_ids: Sequence[UUID], override_reason: str | None) -> BookingRow:
    appointment, visit = case.booked(), case.visit
    services = active_services(tx, service_ids=service_ids)
    held = hold_place(
        tx,
        clinic_id=appointment.clinic_id,
        doctor_id=doctor.id,
        patient_id=appointment.patient_id,
        start=appointment.start_time,
        minutes=minutes_of(services),
        override_reason=override_reason or appointment.override_reason,
        except_id=appointment.id,
    )
    freed = (appointment.start_time, appointment.end_time)
    lines = priced(tx, doctor_id=doctor.id, services=services, kind=appointment.type, day=held.day)
    for row in booked_lines(tx, appointment_id=appointment.id):
        tx.session.delete(row)
    appointment.service_id = visit.service_id = services[0].id
    appointment.length_minutes = None  # it was meant for what was booked before
    appointment.end_time, appointment.slot_place, appointment.fee = held.end, held.place, fee_of(lines)
    save_services(tx, appointment=appointment, lines=lines)
    flush_guarded(tx, start=held.start, room=held.room)
    invoice_id = charge_again(tx, visit=visit, doctor=doctor, lines=lines, reason="services changed")
    offer_freed(tx, clinic_id=appointment.clinic_id, doctor_id=doctor.id, start=freed[0], end=freed[1])
    tx.emit(ServicesChanged(appointment.id, visit.id, appointment.clinic_id, doctor.id))
    return booked_row(case, invoice_id)
