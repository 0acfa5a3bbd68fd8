"""Offering a place that came free to whoever waits for one.

An offer takes nothing: until somebody confirms it the place can be booked at any desk, and the first to confirm has it. A place
that were kept back would stand empty whenever nobody answers the telephone, and the doctor's lock keeps it from being sold twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.events import PlaceOffered
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.planning import DoctorDay, clinic_timezone, doctor_day, taken_places
from clinic_desktop.clinic.frontdesk.rules import OPEN_WAITING, Place, Taken, Waiting, WaitingStatus, free_place, in_offer_order
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.staff.events import TimeSlotAdded
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.tables import id_parameter

OFFER_MINUTES = setting(
    "appointments.offer_minutes", 120, Scope.CLINIC, N_("Minutes for which a free place stays offered to one patient"), low=5, high=2880
)
_WAITING: Select[*tuple[Any, ...]] = (
    select(
        *(WaitingEntry.id, WaitingEntry.doctor_id, Service.duration_minutes, WaitingEntry.first_day, WaitingEntry.last_day),
        *(WaitingEntry.day_part, WaitingEntry.is_urgent, WaitingEntry.offered_doctor_id, WaitingEntry.offered_start),
    )
    .join(Service, Service.id == WaitingEntry.service_id)
    .where(WaitingEntry.clinic_id == id_parameter("clinic_id"), WaitingEntry.status == WaitingStatus.WAITING)
)
# Two desks that free places at once offer them to different people: whoever is being offered one is passed over.
_CHOSEN = (
    select(WaitingEntry)
    .where(WaitingEntry.id == id_parameter("entry_id"), WaitingEntry.status == WaitingStatus.WAITING)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_PEOPLE = bindparam("people", type_=Uuid(), expanding=True)
_OF_PATIENT = select(WaitingEntry).where(WaitingEntry.patient_id.in_(_PEOPLE), WaitingEntry.status.in_(OPEN_WAITING))


@reacts(TimeSlotAdded)
def offer_added_slot(tx: Tx, happened: TimeSlotAdded) -> None:
    """A slot that was added is a free place."""
    offer_freed(tx, clinic_id=happened.clinic_id, doctor_id=happened.doctor_id, start=happened.start, end=happened.end)


@step
def offer_freed(tx: Tx, *, clinic_id: UUID, doctor_id: UUID, start: datetime, end: datetime) -> None:
    """Offer what is free between two instants of a doctor's day, each place to the one who comes first for it."""
    if end <= tx.now:
        return
    timezone = clinic_timezone(tx.session, clinic_id)
    entries = _entries(tx, clinic_id, business_date(start, timezone))
    if not entries:
        return
    plan = doctor_day(tx.session, clinic_id=clinic_id, doctor_id=doctor_id, day=business_date(start, timezone), timezone=timezone)
    until = start
    for place in _places(tx, plan, doctor_id, start, end):
        if place.start < until:
            continue  # the patient who was offered the one before needs this one too
        for wished in in_offer_order(entries, place):
            entry = tx.session.scalar(_CHOSEN, {"entry_id": wished.id})
            if entry is not None:
                _offer(tx, entry, place)
                entries.remove(wished)
                until = place.start + timedelta(minutes=wished.minutes)
                break


def _entries(tx: Tx, clinic_id: UUID, day: date) -> list[Waiting]:
    wanted = _WAITING.where(WaitingEntry.first_day <= day, WaitingEntry.last_day >= day)
    return [Waiting(*row) for row in tx.session.execute(wanted, {"clinic_id": clinic_id})]


def _places(tx: Tx, plan: DoctorDay, doctor_id: UUID, start: datetime, end: datetime) -> Iterator[Place]:
    """The free starts between two instants that nobody is offered yet, each with the minutes that are free from there."""
    if not plan.slots:
        return
    taken = taken_places(tx.session, doctor_id=doctor_id, start=start, end=max(slot.end for slot in plan.slots))
    offered = select(WaitingEntry.offered_start).where(
        WaitingEntry.offered_doctor_id == doctor_id, WaitingEntry.status == WaitingStatus.OFFERED
    )
    on_offer = set(tx.session.scalars(offered))
    for slot in plan.slots:
        if start <= slot.start < end and slot.start > tx.now and slot.start not in on_offer:
            minutes = _free_minutes(plan, taken, slot.start)
            if minutes:
                yield Place(doctor_id, slot.start, minutes, plan.timezone)


def _free_minutes(plan: DoctorDay, taken: Sequence[Taken], start: datetime) -> int:
    end, capacity = start, 0
    for slot in plan.slots:
        if slot.start != end:
            if slot.start > end:
                break
            continue
        capacity = min(capacity, slot.capacity) if capacity else slot.capacity
        if free_place(taken, start, slot.end, capacity) is None:
            break
        end = slot.end
    return int((end - start).total_seconds() // 60)


def _offer(tx: Tx, entry: WaitingEntry, place: Place) -> None:
    minutes = setting_value(tx.session, OFFER_MINUTES, clinic_id=entry.clinic_id)
    entry.status = WaitingStatus.OFFERED
    entry.offered_doctor_id, entry.offered_start = place.doctor_id, place.start
    entry.offered_until = min(tx.now + timedelta(minutes=minutes), place.start)
    tx.session.flush()
    tx.emit(PlaceOffered(entry.id, entry.clinic_id, entry.patient_id, place.doctor_id, place.start, entry.offered_until))


def is_place_free(session: Session, entry: WaitingEntry) -> bool:
    """Whether the place that an entry was offered can still be booked: nothing is kept back for it."""
    doctor_id, start = entry.offered_doctor_id, entry.offered_start
    if doctor_id is None or start is None:
        return False
    timezone = clinic_timezone(session, entry.clinic_id)
    plan = doctor_day(session, clinic_id=entry.clinic_id, doctor_id=doctor_id, day=business_date(start, timezone), timezone=timezone)
    if not plan.slots:
        return False
    taken = taken_places(session, doctor_id=doctor_id, start=start, end=max(slot.end for slot in plan.slots))
    return _free_minutes(plan, taken, start) >= session.get_one(Service, entry.service_id).duration_minutes


@step
def close_wishes(tx: Tx, *, appointment: Appointment) -> None:
    """Whoever got a place that was waited for waits no longer, however it was booked."""
    for entry in tx.session.scalars(_OF_PATIENT, {"people": person_ids(tx.session, appointment.patient_id)}).all():
        is_it = entry.doctor_id in (None, appointment.doctor_id) and entry.service_id == appointment.service_id
        if is_it and entry.clinic_id == appointment.clinic_id and entry.first_day <= appointment.business_date <= entry.last_day:
            entry.status, entry.appointment_id = WaitingStatus.BOOKED, appointment.id
