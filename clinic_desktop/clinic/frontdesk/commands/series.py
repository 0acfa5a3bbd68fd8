"""Appointments that repeat: booked together, and given up or moved from one of them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.commands.booking import BOOK, BookingRow, Wish, book_place, length_of
from clinic_desktop.clinic.frontdesk.commands.changing import CANCEL, cancel, move
from clinic_desktop.clinic.frontdesk.commands.places import locked_doctor, locked_patient
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.planning import clinic_timezone
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, BookingSource, NotInSeries, VisitStatus
from clinic_desktop.clinic.frontdesk.rules.series import MOST
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.kernel.clock import local_instant, plausible
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.text import optional_line, required_line


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """The appointments that were booked together, by time."""

    series_id: UUID
    bookings: tuple[BookingRow, ...]


@command(BOOK, idempotent=True)
def book_series(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    doctor_id: UUID,
    patient_id: UUID,
    service_id: UUID,
    starts: Sequence[datetime],
    more_services: Sequence[UUID] = (),
    kind: AppointmentKind = AppointmentKind.REGULAR,
    source: BookingSource = BookingSource.PHONE,
    minutes: int | None = None,
    reason: str | None = None,
) -> SeriesRow:
    """Book a place at each of these instants, all or none; a refusal names the one that cannot be had."""
    if not 1 <= len(set(starts)) <= MOST:
        raise InvalidInput("starts", "out_of_range", low=1, high=MOST)
    series_id = new_id()
    services, why = (service_id, *more_services), optional_line(reason, "reason")
    wish = Wish(clinic_id, doctor_id, patient_id, services, kind, source, why, series_id=series_id, minutes=length_of(minutes))
    return SeriesRow(series_id, tuple(book_place(tx, wish=wish, start=start) for start in sorted(set(starts))))


@command(CANCEL)
def cancel_following(tx: Tx, *, appointment_id: UUID, reason: str) -> int:
    """Cancel an appointment and those of its series that follow it; says how many were cancelled."""
    why = required_line(reason, "reason")
    ids = [one.id for one in _following(tx, appointment_id)]
    for one in ids:
        cancel(tx, appointment_id=one, reason=why)
    return len(ids)


@command(BOOK)
def move_following(tx: Tx, *, appointment_id: UUID, start: datetime, doctor_id: UUID | None = None) -> list[BookingRow]:
    """Move an appointment, and those of its series that follow it by as many days to the same time; all or none, by time."""
    rows = _following(tx, appointment_id)
    timezone = clinic_timezone(tx.session, rows[0].clinic_id)
    there = plausible(start, "start").astimezone(ZoneInfo(timezone))
    days = (there.date() - rows[0].business_date).days
    locked_doctor(tx, doctor_id=doctor_id or rows[0].doctor_id)
    locked_patient(tx, patient_id=survivor_id(tx.session, rows[0].patient_id))
    # Onto later days the last one goes first, so that none is in the way of the one before it.
    moved = []
    for one in reversed(rows) if start >= rows[0].start_time else rows:
        wanted = local_instant(one.business_date + timedelta(days=days), there.time(), timezone)
        moved.append(move(tx, appointment_id=one.id, start=wanted, doctor_id=doctor_id))
    return sorted(moved, key=lambda row: row.start)


def _following(tx: Tx, appointment_id: UUID) -> list[Appointment]:
    """An appointment of a series and those behind it that are still to come, by time."""
    first = tx.session.get(Appointment, appointment_id)
    if first is None:
        raise NotFound(entity="appointments", key=str(appointment_id))
    if first.series_id is None:
        raise NotInSeries
    wanted = (
        select(Appointment)
        .join(Visit, Visit.appointment_id == Appointment.id)
        .where(
            Appointment.series_id == first.series_id,
            Appointment.start_time >= first.start_time,
            Visit.status == VisitStatus.SCHEDULED,
        )
        .order_by(Appointment.start_time)
    )
    found = list(tx.session.scalars(wanted))
    if not found:
        raise NotInSeries
    return found
