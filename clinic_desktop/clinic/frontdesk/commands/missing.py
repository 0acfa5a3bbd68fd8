"""Patients who did not come: recorded at the day's end or after a while, and taken back where one came after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.commands.arrival import CHECK_IN, ArrivalRow, arrived, number_of
from clinic_desktop.clinic.frontdesk.commands.changing import CANCEL, change_of, give_up
from clinic_desktop.clinic.frontdesk.commands.charging import charge, priced, services_of
from clinic_desktop.clinic.frontdesk.commands.flow import flush_guarded, locked_case, refuse_second_ticket, set_status
from clinic_desktop.clinic.frontdesk.events import PatientMissed
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus, WrongDay
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

NO_SHOW_AFTER = setting(
    "appointments.no_show_after",
    120,
    Scope.CLINIC,
    N_("Minutes after which a missing patient counts as a no-show"),
    low=5,
    high=1440,
)
_AWAITED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
_LONGEST_AGO = timedelta(days=30)
"""Older ones that nobody closed are a person's to look at."""


@command(CANCEL)
def sweep_no_shows(tx: Tx, *, clinic_id: UUID, before: datetime | None = None) -> int:
    """Record as no-shows whoever was booked before an instant and never came; says how many.

    Without an instant: those who are later than the clinic's setting allows. A second sweep finds nothing more.
    """
    latest = before or tx.now - timedelta(minutes=setting_value(tx.session, NO_SHOW_AFTER, clinic_id=clinic_id))
    since = clinic_today(tx.session, clinic_id, tx.now) - _LONGEST_AGO
    wanted = select(Appointment.id).where(
        Appointment.clinic_id == clinic_id,
        Appointment.business_date.between(since, clinic_today(tx.session, clinic_id, tx.now)),
        Appointment.start_time < min(latest, tx.now),
        Appointment.status.in_(_AWAITED),
    )
    found = 0
    for appointment_id in tx.session.scalars(wanted.order_by(Appointment.start_time, Appointment.id)).all():
        case = locked_case(tx, appointment_id=appointment_id)
        if case.visit.status is not VisitStatus.SCHEDULED:
            continue  # came in the meantime, at another desk
        give_up(tx, case=case, appointment=AppointmentStatus.NO_SHOW, reason="no-show")
        visit = case.visit
        tx.emit(PatientMissed(appointment_id, visit.id, visit.clinic_id, case.booked().doctor_id, visit.patient_id))
        found += 1
    return found


@command(CHECK_IN)
def came_after_all(tx: Tx, *, appointment_id: UUID) -> ArrivalRow:
    """A patient who was taken for missing is here: checked in late, where the place was not given away in the meantime."""
    change = change_of(tx, appointment_id=appointment_id)
    case, doctor = change.case, change.doctor
    appointment, visit = case.booked(), case.visit
    today = clinic_today(tx.session, visit.clinic_id, tx.now)
    if appointment.status is not AppointmentStatus.NO_SHOW:
        raise IllegalTransition(machine="appointment", current=appointment.status.value, wanted=AppointmentStatus.CHECKED_IN.value)
    if visit.business_date != today:
        raise WrongDay(day=visit.business_date)
    set_status(tx, case=case, wanted=VisitStatus.WAITING, reason="came after all")
    visit.check_in_time, appointment.cancelled_by, appointment.cancellation_reason = tx.now, None, None
    flush_guarded(tx, start=appointment.start_time, room=appointment.room)
    refuse_second_ticket(tx, clinic_id=visit.clinic_id, day=today, doctor_id=doctor.id, patient_id=visit.patient_id, visit_id=visit.id)
    entry = number_of(tx, case=case, priority=None)
    flush_guarded(tx)
    lines = priced(tx, doctor_id=doctor.id, services=services_of(tx, visit=visit), kind=appointment.type, day=today)
    return arrived(tx, visit=visit, entry=entry, invoice_id=charge(tx, visit=visit, doctor=doctor, lines=lines))
