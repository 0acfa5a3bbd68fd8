"""The waiting list: who wants an earlier place, and what becomes of the offers."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from clinic_desktop.clinic.frontdesk.commands.booking import BOOK, BookingRow, Wish, book_place
from clinic_desktop.clinic.frontdesk.commands.offering import offer_freed
from clinic_desktop.clinic.frontdesk.commands.places import active_service, locked_doctor, locked_patient
from clinic_desktop.clinic.frontdesk.events import WaitingListChanged
from clinic_desktop.clinic.frontdesk.rules import OPEN_WAITING, DayPart, WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.staff.queries import service
from clinic_desktop.kernel.clock import plausible
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_text


@command(BOOK, idempotent=True)
def add_waiting(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    patient_id: UUID,
    service_id: UUID,
    first_day: date,
    last_day: date,
    doctor_id: UUID | None = None,
    day_part: DayPart = DayPart.ANY,
    is_urgent: bool = False,
    note: str | None = None,
) -> UUID:
    """Put a patient on the waiting list for a place between two days, with one doctor or whoever has one first."""
    _check_days(first_day, last_day, clinic_today(tx.session, clinic_id, tx.now))
    if doctor_id is not None:
        locked_doctor(tx, doctor_id=doctor_id)
    patient = locked_patient(tx, patient_id=patient_id)
    entry = WaitingEntry(
        clinic_id=clinic_id,
        patient_id=patient.id,
        doctor_id=doctor_id,
        service_id=active_service(tx, service_id=service_id).id,
        first_day=first_day,
        last_day=last_day,
        day_part=day_part,
        is_urgent=is_urgent,
        note=optional_text(note, "note", limit=500),
        status=WaitingStatus.WAITING,
        created_by=tx.actor.user_id,
    )
    tx.add(entry)
    tx.session.flush()
    tx.emit(WaitingListChanged(entry.id, clinic_id))
    return entry.id


def _check_days(first: date, last: date, today: date) -> None:
    if plausible(last, "last_day") < plausible(first, "first_day"):
        raise InvalidInput("last_day", "ends_before_start")
    if last < today:
        raise InvalidInput("last_day", "in_the_past")


@command(BOOK, idempotent=True)
def accept_offer(tx: Tx, *, key: UUID, entry_id: UUID) -> BookingRow:
    """The patient takes the place that was offered: it is booked, where nobody was faster."""
    known = tx.session.execute(select(WaitingEntry.offered_doctor_id, WaitingEntry.patient_id).where(WaitingEntry.id == entry_id))
    found = known.one_or_none()
    if found is not None and found.offered_doctor_id is not None:
        # Doctor, then patient, then the entry: the order in which every booking locks.
        locked_doctor(tx, doctor_id=found.offered_doctor_id)
        locked_patient(tx, patient_id=survivor_id(tx.session, found.patient_id))
    entry = _locked(tx, entry_id)
    if entry.status is not WaitingStatus.OFFERED or entry.offered_doctor_id is None or entry.offered_start is None:
        raise IllegalTransition(machine="waiting_list", current=entry.status.value, wanted=WaitingStatus.BOOKED.value)
    patient_id = survivor_id(tx.session, entry.patient_id)
    wish = Wish(entry.clinic_id, entry.offered_doctor_id, patient_id, (entry.service_id,), notes=entry.note)
    booked = book_place(tx, wish=wish, start=entry.offered_start)
    entry.status, entry.appointment_id = WaitingStatus.BOOKED, booked.appointment_id
    tx.emit(WaitingListChanged(entry.id, entry.clinic_id))
    return booked


@command(BOOK)
def decline_offer(tx: Tx, *, entry_id: UUID) -> None:
    """The patient lets the place pass and waits on; the next one is offered it."""
    entry = _locked(tx, entry_id)
    if entry.status is not WaitingStatus.OFFERED:
        raise IllegalTransition(machine="waiting_list", current=entry.status.value, wanted=WaitingStatus.WAITING.value)
    _pass_on(tx, entry, WaitingStatus.WAITING)


@command(BOOK)
def withdraw_waiting(tx: Tx, *, entry_id: UUID) -> None:
    """The patient waits no longer; what was offered is offered to the next one."""
    entry = _locked(tx, entry_id)
    if entry.status not in OPEN_WAITING:
        raise IllegalTransition(machine="waiting_list", current=entry.status.value, wanted=WaitingStatus.WITHDRAWN.value)
    _pass_on(tx, entry, WaitingStatus.WITHDRAWN)


@command(BOOK)
def sweep_waiting_list(tx: Tx, *, clinic_id: UUID) -> int:
    """Let offers that nobody answered pass to the next one, and entries whose days are over expire; says how many changed."""
    today = clinic_today(tx.session, clinic_id, tx.now)
    is_over = WaitingEntry.last_day < today
    is_late = (WaitingEntry.status == WaitingStatus.OFFERED) & (WaitingEntry.offered_until <= tx.now)
    wanted = select(WaitingEntry).where(WaitingEntry.clinic_id == clinic_id, WaitingEntry.status.in_(OPEN_WAITING), or_(is_over, is_late))
    found = tx.session.scalars(wanted.order_by(WaitingEntry.id).with_for_update(skip_locked=True)).all()
    for entry in found:
        _pass_on(tx, entry, WaitingStatus.EXPIRED if entry.last_day < today else WaitingStatus.WAITING)
    return len(found)


def _pass_on(tx: Tx, entry: WaitingEntry, status: WaitingStatus) -> None:
    was_offered, entry.status = entry.status is WaitingStatus.OFFERED, status
    tx.session.flush()
    tx.emit(WaitingListChanged(entry.id, entry.clinic_id))
    if was_offered and entry.offered_doctor_id is not None and entry.offered_start is not None:
        minutes = service(tx.session, entry.service_id).duration_minutes
        end = entry.offered_start + timedelta(minutes=minutes)
        offer_freed(tx, clinic_id=entry.clinic_id, doctor_id=entry.offered_doctor_id, start=entry.offered_start, end=end)


def _locked(tx: Tx, entry_id: UUID) -> WaitingEntry:
    entry = tx.session.get(WaitingEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound(entity="waiting_list", key=str(entry_id))
    return entry
